"""Current state: what the API says.

One Item and one Live for each resource of a site: structs are made in a tenth of the time that
frozen dataclasses take.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from cfsync.model.address import KindName
from cfsync.model.values import Fields, Json


class Item(msgspec.Struct, frozen=True, gc=False):
    """One resource as the API answered it.

    `fields` are the writable ones that the answer held, `parentId` and `position` apart.
    """

    kind: KindName
    id: str
    scope: str | None
    """Whose collection it stands in: None for a project, else the project's or the page's id."""
    parent: str | None
    """`parentId`: the element above. None for projects, pages and top elements."""
    position: int
    """0 for kinds without one."""
    fields: Fields
    created_at: str
    updated_at: str

    @property
    def above(self) -> str | None:
        """The id of what it stands below: the element above, else the page, else the project."""
        return self.parent or self.scope

    @property
    def order(self) -> tuple[int, str, str]:
        """Siblings are shown in this order."""
        return (self.position, self.created_at, self.id)


class More(dict[str, Json]):
    """Fields that hold exactly what was stored in a row, and others besides."""

    __slots__ = ("stored",)

    def __init__(self, stored: Fields) -> None:
        super().__init__(stored)
        self.stored = stored

    def __reduce__(self) -> tuple[Any, ...]:
        return dict, (dict(self),)  # a copy is for changing


class Live(msgspec.Struct, frozen=True, gc=False):
    """A resource and what stands below it, siblings in the order in which they are shown."""

    item: Item
    children: "tuple[Live, ...] | None"
    """None: not read (a project that the configuration does not name)."""

    def walk(self) -> "Iterator[Live]":
        """This one, then everything below, parents first."""
        stack = [self]
        while stack:
            node = stack.pop()
            yield node
            stack.extend(reversed(node.children or ()))


@dataclass(frozen=True, slots=True)
class LiveState:
    """All projects that the key can see; only those that were asked for have children."""

    projects: tuple[Live, ...]
    requests: int
    """How many list requests it took, retries and restarts not counted."""
