"""What was settled, while pages are decoded: what still stands like that becomes the same objects.

Measured on a plan of 100,000 elements: 1.3 of 5.4 KiB an element, and 0.2 of 3.4 s, as what is the
same object needs no comparing either.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Final

import msgspec
from msgspec.structs import force_setattr

from cfsync.model.base import Base
from cfsync.model.live import Item, More
from cfsync.model.values import ABSENT, Fields, Json

_encode: Final = msgspec.msgpack.Encoder(order="deterministic").encode
_encode_quickly: Final = msgspec.msgpack.Encoder().encode
_FEWEST: Final = 2
"""For one field alone, an itemgetter gives no tuple."""
_UNFIT: Final = (TypeError, UnicodeError, OverflowError)
"""A field that was not answered; and what MessagePack cannot hold, which is rare."""


@dataclass(frozen=True, slots=True)
class _Way:
    """From a kind's values, in the order of its content, to the fields of a row, and the others."""

    managed: Callable[[Sequence[Any]], tuple[Any, ...]]
    others: tuple[tuple[str, int], ...]


class Ways:
    """How the values of a kind's resources, in the order of its content, become fields of rows."""

    def __init__(self, content: Sequence[str]) -> None:
        self._content = {name: place for place, name in enumerate(content)}
        self._ways: dict[tuple[str, ...], _Way | None] = {}

    def fields(self, stored: Fields, values: Sequence[Any]) -> Fields | None:
        """A resource's fields out of what was stored, if that is exactly what it holds.

        None if it is not, or could be seen to be by a longer look. UNSET is a value that is absent.
        """
        names = tuple(stored)
        try:
            way = self._ways[names]
        except KeyError:
            way = self._ways[names] = self._way(names)
        if way is None or not _is_written_alike(way.managed(values), [*stored.values()]):
            return None
        fields = stored
        for name, place in way.others:
            value = values[place]
            if value is not msgspec.UNSET:
                if fields is stored:
                    fields = More(stored)
                fields[name] = value
        return fields

    def _way(self, names: tuple[str, ...]) -> _Way | None:
        if len(names) < _FEWEST or not self._content.keys() >= set(names):
            return None
        others = tuple(pair for pair in self._content.items() if pair[0] not in names)
        return _Way(itemgetter(*(self._content[name] for name in names)), others)


def share(item: Item, row: Base) -> None:
    """Let a resource hold the objects of its row where they are the same: nobody can tell."""
    force_setattr(item, "id", row.id)
    if item.created_at == row.created_at:
        force_setattr(item, "created_at", row.created_at)
    share_fields(item.fields, row.stored)


def share_fields(fields: Fields, stored: Fields) -> None:
    """In place."""
    for name, known in stored.items():
        if _alike(fields.get(name, ABSENT), known):
            fields[name] = known


def _alike(value: Json, known: Json) -> bool:
    """Equal, and written alike: not 1 for true, nor 1 for 1.0."""
    try:
        return bool(value == known) and _encode(value) == _encode(known)
    except _UNFIT:
        return False


def _is_written_alike(values: Sequence[Json], known: Sequence[Json]) -> bool:
    """As `_alike`, where the keys of objects mostly come in the same order, too."""
    try:
        return _encode_quickly(values) == _encode_quickly(known)
    except _UNFIT:
        return False
