"""A slug that somebody on the site has and keeps: no order of requests helps, a person has to."""

from collections.abc import Iterator

from cfsync.model.live import Live
from cfsync.model.plan import Conflict, Edit
from cfsync.model.values import ABSENT, Maybe, at, put
from cfsync.planner.context import Context
from cfsync.planner.draft import Draft
from cfsync.planner.node import Node


def decide_clashes(context: Context, draft: Draft) -> None:
    """Again until nothing changes: a rename that cannot be done frees no slug for another."""
    going = {live.item.id for removal in draft.removals for live in removal.going}
    again = True
    while again:
        again = False
        for node, wanted in _wanting(context):
            holder = _keeper(node, wanted, going, context)
            if holder is not None:
                draft.conflicts.append((node.sort, _clash(node, wanted, holder, context)))
                _give_up(node, context)
                again = True


def _wanting(context: Context) -> Iterator[tuple[Node, str]]:
    for node in context.forest.busy():
        kind = context.contract.kind(node.kind)
        if not kind.key_unique or not node.selected:
            continue
        if node.fate == "create":
            yield node, str(node.desired.fields.get(kind.key, ""))
        elif (edit := _rename(node, kind.key)) is not None:
            yield node, str(edit.after)


def _rename(node: Node, key: str) -> Edit | None:
    updates = node.merged.updates if node.merged is not None else []
    return next((edit for edit in updates if edit.path == (key,)), None)


def _keeper(node: Node, wanted: str, going: set[str], context: Context) -> Live | None:
    if node.parent is not None and node.parent.live is None:
        return None
    key = context.contract.kind(node.kind).key
    above = node.parent.live if node.parent is not None else None
    for live in context.forest.live.named(above).get(wanted, ()):
        other = context.declared(live)
        if live is node.live or live.item.id in going:
            continue
        if other is None or not other.selected or _rename(other, key) is None:
            return live
    return None


def _clash(node: Node, wanted: str, holder: Live, context: Context) -> Conflict:
    key = (context.contract.kind(node.kind).key,)
    now: Maybe = ABSENT if node.live is None else at(node.live.item.fields, key)
    settled: Maybe = ABSENT if node.base is None else at(node.base.stored, key)
    return Conflict(
        "taken",
        node.kind,
        node.address,
        node.home,
        edits=(Edit(key, now, wanted, settled),),
        others=(context.forest.live.address(holder),),
        mark=node.desired.mark,
    )


def _give_up(top: Node, context: Context) -> None:
    """Neither it nor what would stand below it is made; a rename is left out."""
    key = context.contract.kind(top.kind).key
    if top.merged is not None and top.live is not None:
        top.merged.updates = [edit for edit in top.merged.updates if edit.path != (key,)]
        if top.base is not None:
            put(top.merged.sent, (key,), at(top.base.sent, (key,)))
        return
    stack = [top]
    while stack:
        node = stack.pop()
        if node.live is None:
            node.fate = "absent"
        stack.extend(node.children)
