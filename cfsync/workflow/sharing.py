"""What the files say, what was settled and what is live is mostly the same: one object will do.

Measured on a plan of 50,000 elements, before what was settled shared with the files as well: 1.0 of
7.4 KiB an element. Whatever is one object needs no comparing, either.
"""

from collections.abc import Iterator, Mapping

from msgspec.structs import force_setattr

from cfsync.journal.canonical import encode_all
from cfsync.model.base import NOTHING, AtHand, Base
from cfsync.model.desired import Desired, DesiredState
from cfsync.model.live import Item
from cfsync.model.values import Fields, Json


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
    different = len(fields) - len(stored)
    for name, known in stored.items():
        value = fields.get(name)
        if value == known and (type(value) is str or is_written_alike(value, known)):
            fields[name] = known
        else:
            different += 1
    if not different:
        force_setattr(item, "fields", stored)


def is_written_alike(value: Json, known: Json) -> bool:
    """Of two that Python calls equal: not 1 for true, nor 1 for 1.0. Zeros may have a sign."""
    kind = type(value)
    if kind is dict:
        for name, inner in value.items():
            if type(inner) is not str and not is_written_alike(inner, known[name]):
                return False
        return True
    if kind is list:
        return all(map(is_written_alike, value, known))
    return kind is type(known) and (kind is not float or value != 0)


def _fields(state: DesiredState) -> Iterator[Fields]:
    stack: list[Desired] = list(state.projects)
    while stack:
        declared = stack.pop()
        yield declared.fields
        if declared.children:
            stack.extend(declared.children)
