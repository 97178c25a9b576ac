"""What becomes of each declared resource: the existence table, row by row, parents first.

`stored` of a row is empty where a person accepted that the site deleted the resource: the question
is not asked again until the configuration changes.
"""

from dataclasses import replace

from msgspec import structs

from cfsync.model.base import Base, PutBase
from cfsync.model.plan import Conflict, Kept
from cfsync.model.values import ABSENT
from cfsync.planner.context import Context
from cfsync.planner.draft import Draft
from cfsync.planner.merge import in_sync
from cfsync.planner.node import Node, is_at_rest
from cfsync.planner.same import same


def decide_fates(context: Context, draft: Draft) -> None:
    _select(context)
    plain = context.forest.may_rest  # then nothing is ignored or left out
    for node in context.forest.busy():
        live, row = node.live, node.base
        node.differs = (
            live is None
            or row is None
            or (not plain and bool(context.ignored(node)))
            or not in_sync(node.desired.fields, row, live.item.fields)
        )
        if plain and not node.differs and is_at_rest(node):
            node.quiet = True
        elif not node.selected:
            node.fate = "present" if node.live is not None else "absent"
        elif node.desired.delete:
            node.fate = "delete"
        elif node.live is None:
            _decide_missing(node, context, draft)
        elif node.differs and _needs_replacement(node, context):
            _decide_replacement(node, draft)
    context.forest.look_again()


def _select(context: Context) -> None:
    options = context.options
    if not (options.targets or options.excludes):
        return
    nodes = list(context.forest.nodes())
    for node in nodes:
        node.selected = options.selects(node.address)
    for node in nodes:
        above = node.parent
        while node.selected and above is not None and above.live is None and not above.selected:
            above.selected = not any(p.matches_below(above.address) for p in options.excludes)
            above = above.parent


def _decide_missing(node: Node, context: Context, draft: Draft) -> None:
    """Declared, and not on the site."""
    above = node.parent
    if above is not None and not above.stands:
        node.fate = "absent"
    elif node.base is None or node.overwrites or (above is not None and above.fate == "create"):
        node.fate = "create"  # also below what is made again: it went with its parent
    else:
        node.fate = "gone"
        _decide_gone(node, node.base, context, draft)


def _decide_gone(node: Node, row: Base, context: Context, draft: Draft) -> None:
    """`+ + -`: the site deleted what is still declared."""
    accepted = not row.stored
    changed, more = _changed_below(node, context)
    if accepted and not changed and not more:
        return
    kept = Kept("deleted", node.kind, node.address, row.id, mark=node.desired.mark)
    if not changed and (accepted or (node.kind == "element" and not more)):
        draft.kept.append((node.sort, kept))
        return
    match context.options.on_conflict:
        case "take-config":
            node.fate = "create"
        case "keep-live":
            draft.kept.append((node.sort, replace(kept, decided=True)))
            _accept_gone(node, context, draft)
        case "fail":
            conflict = Conflict(
                "deleted-live", node.kind, node.address, row.id, "deleted", mark=node.desired.mark
            )
            draft.conflicts.append((node.sort, conflict))


def _accept_gone(top: Node, context: Context, draft: Draft) -> None:
    stack = [top]
    while stack:
        node = stack.pop()
        stack.extend(node.children)
        if node.base is not None and node.live is None:
            sent = context.resolved(node.desired.fields)
            row = structs.replace(node.base, address=node.address, sent=sent, stored={})
            draft.settlements.append(PutBase(row))


def _changed_below(top: Node, context: Context) -> tuple[bool, bool]:
    """Whether the configuration changed what was settled there, and whether it now holds more."""
    changed = more = False
    stack = [top]
    while stack:
        node = stack.pop()
        if node.desired.delete:
            continue
        row = node.base
        if row is None:
            more = True
            continue
        if node.live is None:
            changed = changed or not same(context.resolved(node.desired.fields), row.sent)
        below = context.forest.base.below(row.id) if row.stored else []
        changed = changed or any(one.id not in context.forest.claimed for one in below)
        stack.extend(node.children)
    return changed, more


def _needs_replacement(node: Node, context: Context) -> bool:
    """Whether a field that never changes has to: only a new resource can have it."""
    live = node.live
    if live is None:
        return False
    fields, now = node.desired.fields, live.item.fields
    for name in context.immutable[node.kind]:
        if name in fields and fields[name] != now.get(name, ABSENT):
            merged = context.merge(node)
            return any(edit.path[0] in context.immutable[node.kind] for edit in merged.updates)
    return False


def _decide_replacement(node: Node, draft: Draft) -> None:
    node.fate = "replace"
    if node.desired.protect or (node.base is not None and node.base.protect):
        draft.protected.append(node.address)
        node.selected = False
        node.fate = "present"
