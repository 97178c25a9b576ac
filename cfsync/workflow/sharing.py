"""What the files say, what was settled and what is live is mostly the same: one object will do.

Measured on a plan of 50,000 elements, before what was settled shared with the files as well: 1.0 of
7.4 KiB an element. Whatever is one object needs no comparing, either.
"""

from collections.abc import Iterator, Mapping
from typing import Final

import msgspec
from msgspec.structs import force_setattr

from cfsync.journal.canonical import encode, encode_all
from cfsync.model.base import NOTHING, AtHand, Base
from cfsync.model.desired import Desired, DesiredState
from cfsync.model.live import Item
from cfsync.model.values import ABSENT, Fields

_encode: Final = msgspec.msgpack.Encoder().encode
"""The quickest way to see that two objects are equal, and no number stands for a boolean."""


def at_hand(state: DesiredState) -> AtHand:
    """For whoever reads what was settled. Nothing, where files refer to what the site knows."""
    if state.refers:
        return NOTHING
    fields = list(_fields(state))
    return dict(zip(encode_all(fields), fields, strict=True))


def share(item: Item, rows: Mapping[str, Base]) -> None:
    """Let a resource that was just read hold the objects of its row, where they are the same.

    In place, as nobody can tell.
    """
    row = rows.get(item.id)
    if row is None:
        return
    force_setattr(item, "id", row.id)
    if item.created_at == row.created_at:
        force_setattr(item, "created_at", row.created_at)
    fields, stored = item.fields, row.stored
    if not _is_written_alike(fields, stored):
        _share_some(fields, stored)
    elif len(fields) == len(stored):
        force_setattr(item, "fields", stored)
    else:
        fields.update(stored)


def _is_written_alike(fields: Fields, stored: Fields) -> bool:
    """Whether one holds exactly what the other does: not 1 for true, nor 1 for 1.0."""
    try:
        values = _encode([*map(fields.__getitem__, stored)])
        return values == _encode([*stored.values()])
    except (KeyError, UnicodeError, OverflowError):  # what MessagePack cannot hold is rare
        return False


def _share_some(fields: Fields, stored: Fields) -> None:
    for name, known in stored.items():
        value = fields.get(name, ABSENT)
        if value == known and (type(value) is str or encode(value) == encode(known)):
            fields[name] = known


def _fields(state: DesiredState) -> Iterator[Fields]:
    stack: list[Desired] = list(state.projects)
    while stack:
        declared = stack.pop()
        yield declared.fields
        if declared.children:
            stack.extend(declared.children)
