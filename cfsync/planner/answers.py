"""Deletions that a person gave to the site: what the journal remembers, and for how long.

A resource that nobody owns, and that is still asked to be deleted (`delete: true`, or `mirror`),
would be asked about in every plan. So its row stays as one that was let go, until the configuration
no longer asks for it.
"""

from collections.abc import Collection

from cfsync.model.base import Base, DropBase
from cfsync.model.live import Item
from cfsync.planner.context import Context
from cfsync.planner.draft import Draft


def let_go(item: Item) -> Base:
    return Base(item.id, item.kind, item.above, "", item.position, item.created_at, {}, {})


def forget_answers(still_asked: Collection[str], context: Context, draft: Draft) -> None:
    """Drop what is no longer asked, as far as the site was read there."""
    live = context.forest.live.by_id
    for id_, row in sorted(context.forest.base.let_go.items()):
        above = live.get(row.parent or "")
        was_read = row.parent is None or (above is not None and above.children is not None)
        if was_read and id_ not in still_asked and id_ not in context.forest.claimed:
            draft.settlements.append(DropBase(id_))
