"""`+ - -`: rows of what is gone from the configuration and from the site."""

from cfsync.model.base import Base, DropBase
from cfsync.planner.context import Context
from cfsync.planner.draft import Draft, Forgotten


def decide_forgotten(context: Context, draft: Draft) -> None:
    rows = context.forest.base.rows
    unseen = sorted(context.forest.unseen)
    gone = {id_: rows[id_] for id_ in unseen if _is_gone(rows[id_], context)}
    below: dict[str, list[Base]] = {}
    for row in gone.values():
        below.setdefault(_topmost(row, gone).id, []).append(row)
    for id_, together in below.items():
        if context.options.selects(gone[id_].address):
            draft.forgotten.append(Forgotten(gone[id_], together))
            draft.settlements += [DropBase(row.id) for row in together]


def _is_gone(row: Base, context: Context) -> bool:
    node = context.forest.claimed.get(row.id)
    if node is not None:
        return node.fate == "delete"
    return _was_read(row, context)


def _was_read(row: Base, context: Context) -> bool:
    """Whether the listing that would hold it was read: not that of an unnamed project."""
    rows, live = context.forest.base.rows, context.forest.live.by_id
    while row.parent in rows:
        row = rows[row.parent]
    top = live.get(row.id) or live.get(row.parent or "")
    return top is None or top.children is not None


def _topmost(row: Base, gone: dict[str, Base]) -> Base:
    while row.parent in gone:
        row = gone[row.parent]
    return row
