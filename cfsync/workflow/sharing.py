"""What the files say, what was settled and what is live is mostly the same: one object will do.

Measured on a plan of 50,000 elements, before what was settled shared with the files as well: 1.0 of
7.4 KiB an element. Whatever is one object needs no comparing, either.
"""

from collections.abc import Iterator, Mapping
from typing import Self

from cfsync.journal.canonical import encode
from cfsync.model.base import Base
from cfsync.model.desired import Desired, DesiredState
from cfsync.model.live import Item
from cfsync.model.values import Fields


class Sharing:
    """Fields that are in memory already, by their canonical text. Nobody may change them in place.

    `texts` is for whoever reads what was settled; it is emptied by `forget`.
    """

    def __init__(self, texts: dict[bytes, Fields]) -> None:
        self.texts = texts

    @classmethod
    def of(cls, state: DesiredState) -> Self:
        """Nothing, where the files refer to what only the site knows."""
        return cls({} if state.refers else dict(_texts(state)))

    def forget(self) -> None:
        """Once all is read, nobody asks any more."""
        self.texts.clear()

    def shared(self, item: Item, rows: Mapping[str, Base]) -> Item:
        """The same resource, with the values that are at hand, and with those of its row."""
        row = rows.get(item.id)
        if row is None:
            return item
        fields = self._fields(item.fields) if len(item.fields) == len(row.stored) else None
        if fields is None:
            fields = _with_values_of(row, item.fields)
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

    def _fields(self, fields: Fields) -> Fields | None:
        return self.texts.get(encode(fields)) if self.texts else None


def _texts(state: DesiredState) -> Iterator[tuple[bytes, Fields]]:
    stack: list[Desired] = list(state.projects)
    while stack:
        declared = stack.pop()
        yield encode(declared.fields), declared.fields
        if declared.children:
            stack.extend(declared.children)


def _with_values_of(row: Base, fields: Fields) -> Fields:
    """In place: the row's values where they are exactly the same."""
    for name, known in row.stored.items():
        value = fields.get(name)
        if value == known and (type(value) is str or encode(value) == encode(known)):
            fields[name] = known  # equal, and written alike: not 1 for true
    return fields
