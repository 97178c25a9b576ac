"""Fields and parents: the three-way verdicts on what is declared and on the site."""

from collections.abc import Iterator
from dataclasses import replace

from cfsync.model.base import Base
from cfsync.model.live import Live
from cfsync.model.plan import Conflict, Edit, Kept
from cfsync.planner.context import Context
from cfsync.planner.draft import Draft
from cfsync.planner.merge import Merged, three_way
from cfsync.planner.node import Node


def decide_fields(context: Context, draft: Draft) -> None:
    for node in context.forest.busy():
        if node.differs and node.live is not None and node.selected and node.stands:
            node.merged = context.merge(node)
            _report(node, node.merged, draft)


def _report(node: Node, merged: Merged, draft: Draft) -> None:
    draft.ignored += merged.ignored
    id_, mark = node.home, node.desired.mark
    for stays, decided in ((merged.kept, False), (merged.yielded, True)):
        if stays:
            shown = tuple(sorted(stays, key=lambda edit: edit.path))
            entry = Kept("fields", node.kind, node.address, id_, shown, mark, decided)
            draft.kept.append((node.sort, entry))
    for edits, reason in ((merged.conflicts, "both-changed"), (merged.no_base, "no-base")):
        if edits:
            conflict = Conflict(
                reason,  # type: ignore[arg-type]  # mypy widens the literals of the tuple
                node.kind,
                node.address,
                id_,
                edits=tuple(edits),
                mark=mark,
            )
            draft.conflicts.append((node.sort, conflict))


def decide_parents(context: Context, draft: Draft) -> None:
    """Whether each stands below the parent that is declared, and who changed it if not."""
    moving = []
    for node in context.forest.busy():
        live = node.live
        if live is None or not node.selected or not node.stands:
            continue
        declared = node.parent.home if node.parent is not None else None
        now = live.item.above
        if now == declared:
            continue
        _decide_parent(node, declared, now, context, draft)
        if node.moves:
            moving.append(node)
    for node in moving:
        if goes_in_a_circle(node, context):
            node.moves = False
            _stays_away(node, context)
            draft.conflicts.append((node.sort, _parent_conflict(node, context)))


def _decide_parent(
    node: Node, declared: str | None, now: str | None, context: Context, draft: Draft
) -> None:
    settled = now if node.base is None else settled_parent(node, node.base, context)
    verdict = three_way(config=declared != settled, site=now != settled, alike=False)
    above = node.parent
    if above is not None and not above.stands:
        verdict = "keep"
    if node.fate == "replace" and verdict == "keep":
        verdict = "both"  # the site moved what the configuration wants made anew
    verdict = context.policy(node).decide(verdict)
    if verdict == "update" and (above is None or above.stands):
        node.moves = True
        return
    _stays_away(node, context)
    node.row_parent = declared if verdict == "yield" else None
    conflict = _parent_conflict(node, context)
    if verdict == "both":
        draft.conflicts.append((node.sort, conflict))
    else:
        kept = Kept("parent", node.kind, node.address, node.home, conflict.edits, conflict.mark)
        draft.kept.append((node.sort, replace(kept, decided=verdict == "yield")))


def _stays_away(node: Node, context: Context) -> None:
    """It is left where the site put it, and so it is not replaced either."""
    node.away = True
    if node.fate == "replace" and node.merged is not None:
        node.fate = "present"
        node.merged.updates = [
            edit for edit in node.merged.updates if edit.path[0] not in context.immutable[node.kind]
        ]


def settled_parent(node: Node, row: Base, context: Context) -> str | None:
    """Where it was settled; a row whose parent was replaced since counts as being in place."""
    rows, live = context.forest.base.rows, context.forest.live.by_id
    if row.parent is not None and row.parent not in rows and row.parent not in live:
        return node.parent.home if node.parent is not None else None
    return row.parent


def _parent_conflict(node: Node, context: Context) -> Conflict:
    field = context.contract.kind(node.kind).field_of("parent") or ""
    now = node.live.item.parent if node.live is not None else None
    above = node.parent
    wanted = above.home if above is not None and above.kind == node.kind else None
    settled = node.base.parent if node.base is not None else None
    above_now = context.forest.live.parent(node.live) if node.live is not None else None
    edit = Edit((field,), now, wanted, settled)
    return Conflict(
        "both-changed",
        node.kind,
        node.address,
        node.home,
        "parent",
        (edit,),
        others=() if above_now is None else (context.forest.live.address(above_now),),
        mark=node.desired.mark,
    )


def stands_below(node: Node | Live, context: Context) -> Iterator[Node | Live]:
    """Everything that stands above a resource once the plan is done, the nearest first."""
    at: Node | Live | None = node
    while at is not None:
        if isinstance(at, Node) and (at.moves or at.live is None):
            at = at.parent
        else:
            at = _above(at.live if isinstance(at, Node) else at, context)
        if at is not None:
            yield at


def _above(live: Live | None, context: Context) -> Node | Live | None:
    above = context.forest.live.parent(live) if live is not None else None
    return above if above is None else context.declared(above) or above


def goes_in_a_circle(node: Node, context: Context) -> bool:
    seen: set[int] = set()
    for above in stands_below(node, context):
        if above is node:
            return True
        if id(above) in seen:
            return False
        seen.add(id(above))
    return False
