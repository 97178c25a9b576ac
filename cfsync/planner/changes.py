"""What is shown: one change for each resource that apply does something to."""

from collections.abc import Iterable

from cfsync.model.base import leaves
from cfsync.model.plan import Action, Change, Edit
from cfsync.model.values import ABSENT, IdOf, Maybe, at
from cfsync.planner.context import Context
from cfsync.planner.draft import Draft
from cfsync.planner.node import Node, SortKey


def changes(context: Context, draft: Draft) -> dict[SortKey, Change]:
    """By sort key; a key has one change, but what is deleted may bear the name of what is made."""
    found: dict[SortKey, Change] = {}
    for node in context.forest.busy():
        if node.selected and not node.is_settled and (change := _change(node, context)) is not None:
            found[node.sort] = change
    for removal in draft.removals:
        found[deleted_key(removal.sort)] = Change(
            "delete",
            removal.top.item.kind,
            removal.address,
            removal.top.item.id,
            descendants=len(removal.going) - 1,
        )
    for gone in draft.forgotten:
        key = (*deleted_key(((gone.row.address, 1),)), (gone.row.id, 0))
        found[key] = Change(
            "forget",
            gone.row.kind,
            gone.row.address,
            gone.row.id,
            descendants=len(gone.rows) - 1,
        )
    return found


def deleted_key(sort: SortKey) -> SortKey:
    """Apart from the key of a declared resource with the same address."""
    return (*sort, ("", 0))


def _change(node: Node, context: Context) -> Change | None:
    action = _action(node)
    if action is None:
        return None
    edits = _created(node, context) if action == "create" else tuple(all_edits(node, context))
    return Change(
        action,
        node.kind,
        node.address,
        None if node.live is None else node.live.item.id,
        edits,
        moved_from=_moved_from(node, edits, context),
        reordered=_is_reordered(node),
        renumbered=node.renumbered,
        mark=node.desired.mark,
    )


def _action(node: Node) -> Action | None:
    match node.fate:
        case "create":
            return "create"
        case "replace":
            return "replace"
        case "present":
            if node.merged is not None and node.merged.updates:
                return "update"
            if node.moves or _is_reordered(node):
                return "move"
            return "adopt" if node.base is None else None
        case _:
            return None


def _is_reordered(node: Node) -> bool:
    return node.out_of_place and not node.moves and node.fate == "present"


def _created(node: Node, context: Context) -> tuple[Edit, ...]:
    fields = context.resolved(node.desired.fields)
    return tuple(Edit(path, ABSENT, at(fields, path), ABSENT) for path in sorted(leaves(fields)))


def all_edits(node: Node, context: Context) -> Iterable[Edit]:
    """Fields, parent and position of something that is there, sorted by path."""
    edits = list(node.merged.updates) if node.merged is not None else []
    if node.moves and (edit := parent_edit(node, context)) is not None:
        edits.append(edit)
    if node.position is not None and node.live is not None and node.fate == "present":
        field = context.contract.kind(node.kind).field_of("position")
        settled = node.base.position if node.base is not None else ABSENT
        edits.append(Edit((field or "",), node.live.item.position, node.position, settled))
    return sorted(edits, key=lambda edit: edit.path)


def parent_edit(node: Node, context: Context) -> Edit | None:
    """From where it stands to below its declared parent."""
    field = context.contract.kind(node.kind).field_of("parent")
    if field is None or node.live is None or node.parent is None:
        return None
    item = node.live.item
    settled: Maybe = ABSENT
    if node.base is not None:
        settled = None if node.base.parent == item.scope else node.base.parent
    return Edit((field,), item.parent, parent_value(node.parent, node), settled)


def parent_value(parent: Node, node: Node) -> IdOf | None:
    """What the parent field says: an element above; a page is the scope, not a parent."""
    return IdOf(parent.address) if parent.kind == node.kind else None


def _moved_from(node: Node, edits: Iterable[Edit], context: Context) -> str | None:
    key = context.contract.kind(node.kind).key
    if node.live is None or not (node.moves or any(edit.path == (key,) for edit in edits)):
        return None
    if node.base is not None and node.base.address != node.address:
        return node.base.address
    return context.forest.live.address(node.live)  # it was the site that moved or renamed it
