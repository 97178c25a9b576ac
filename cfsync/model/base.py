"""Base: what cfsync last settled. Kept in the journal, one row a resource, keyed by id."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from operator import attrgetter
from types import MappingProxyType
from typing import Final, TypeAlias

import msgspec

from cfsync.model.address import KindName
from cfsync.model.live import Item
from cfsync.model.values import ABSENT, FieldPath, Fields, at, put


class Base(msgspec.Struct, frozen=True, gc=False):
    """A resource that cfsync owns, as it was when last settled.

    For each leaf of `sent` (the desired value then) `stored` holds what the API answered for it; a
    leaf that the API dropped is missing from `stored`. `parent` is the tree's parent: the element
    above, else the page, else the project, None for a project. `position` and `created_at` give
    the settled order among siblings.
    """

    id: str
    kind: KindName
    parent: str | None
    address: str
    position: int
    created_at: str
    sent: Fields
    stored: Fields
    protect: bool = False

    @property
    def let_go(self) -> bool:
        """Given to the site when its deletion was asked for: nobody's, and not asked again.

        Whatever is owned has an address; where all of it is ignored, nothing needs to be in `sent`.
        """
        return not self.address and not self.sent

    @property
    def order(self) -> tuple[int, str, str]:
        return (self.position, self.created_at, self.id)


NO_ROWS: Final[Mapping[str, Base]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class BaseState:
    """What the journal knows of one environment. `exists` is False before the first apply."""

    rows: dict[str, Base] = field(default_factory=dict)
    """What was let go among them."""
    exists: bool = False

    def owned(self) -> dict[str, Base]:
        """Without what was let go."""
        if all(map(attrgetter("address"), self.rows.values())):
            return self.rows
        return {id_: row for id_, row in self.rows.items() if row.address or not row.let_go}


AtHand: TypeAlias = Mapping[bytes, Fields]
"""Fields that are in memory already, by their canonical JSON. Nobody may change them in place."""
NOTHING: Final[AtHand] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class PutBase:
    row: Base


@dataclass(frozen=True, slots=True)
class DropBase:
    id: str


BaseChange: TypeAlias = PutBase | DropBase


@dataclass(frozen=True, slots=True)
class Settle:
    """How the base's row is to be written once a write is done.

    `sent` is the whole new `sent` of the row. `held` are the leaves whose pair stays as it was
    (an edit that is kept, a conflict not decided): they keep the old `stored`, and `sent` already
    has their old value. Values in `sent` may be Made.
    """

    address: str
    sent: Fields
    held: tuple[FieldPath, ...] = ()
    protect: bool = False
    place: bool = True
    """Take position and parent from the answer; False keeps the row's."""
    position: int | None = None
    """Instead of the answer's: where a changed order is kept, and this one is new among them."""
    stored: Fields = field(default_factory=dict)
    """Of the row under a former id: what is held keeps its pair there, too."""


def leaves(fields: Fields) -> Iterator[FieldPath]:
    """The paths of everything that is not a non-empty object; lists are single values."""
    for name, value in fields.items():
        if isinstance(value, dict) and value:
            for path in leaves(value):
                yield (name, *path)
        else:
            yield (name,)


def settled(old: Base | None, answer: Item, settle: Settle) -> Base:
    """The base's row after `answer`, the resource as the API now holds it."""
    stored: Fields = {}
    for path in leaves(settle.sent):
        former = settle.stored if old is None else old.stored
        source = former if path in settle.held else answer.fields
        value = at(source, path)
        if value is not ABSENT:
            put(stored, path, value)
    keep_place = old is not None and not settle.place
    answered = answer.position if settle.position is None else settle.position
    return Base(
        id=answer.id,
        kind=answer.kind,
        parent=old.parent if old and keep_place else answer.above,
        address=settle.address,
        position=old.position if old and keep_place else answered,
        created_at=answer.created_at,
        sent=settle.sent,
        stored=stored,
        protect=settle.protect,
    )
