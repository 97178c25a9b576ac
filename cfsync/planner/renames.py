"""Renames that nobody declared: suggested, never assumed."""

from collections import deque
from collections.abc import Hashable

from cfsync.planner.context import Context
from cfsync.planner.draft import Draft, Removal
from cfsync.planner.twins import own_fields


def suggest_renames(context: Context, draft: Draft) -> None:
    """Where one sibling goes and another of the same type and fields comes."""
    going: dict[Hashable, deque[Removal]] = {}
    for removal in draft.removals:
        row = context.row(removal.top)
        above = context.forest.live.parent(removal.top)
        if row is not None:
            key = context.contract.kind(row.kind).key
            place = (above and above.item.id, row.kind, own_fields(row.sent, key))
            going.setdefault(place, deque()).append(removal)
    if not going:
        return
    for node in context.forest.busy():
        if node.fate != "create" or node.desired.renamed_from is not None:
            continue
        key = context.contract.kind(node.kind).key
        above = node.parent.live if node.parent is not None else None
        place = (above and above.item.id, node.kind, own_fields(node.desired.fields, key))
        found = going.get(place)
        if found:
            old = found.popleft()
            draft.suggestions.append(
                f"{node.address} looks like {old.address} under a new name: with "
                f"'renamed_from: {old.sort[-1][0]}' it is renamed, instead of deleted and made anew"
            )
