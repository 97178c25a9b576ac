"""A declared resource: the configuration's side of it, the base's and the site's."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, Literal, TypeAlias

import msgspec

from cfsync.model.address import Address, KindName, Step
from cfsync.model.base import Base
from cfsync.model.desired import Desired
from cfsync.model.live import Live
from cfsync.planner.merge import Merged

SortKey: TypeAlias = tuple[tuple[str, int], ...]
"""Sorts parents before what stands below them, and `card[2]` before `card[10]`."""

Fate: TypeAlias = Literal[
    "present",  # on the site, and it stays
    "create",
    "replace",  # on the site under an immutable value that has to change
    "delete",  # `delete: true`
    "gone",  # the site deleted it, and it is not made again
    "absent",  # neither there nor to be made: below something gone, or not selected
]


class Node(msgspec.Struct, eq=False):
    kind: KindName
    desired: Desired
    parent: "Node | None"
    address: str
    step: tuple[str, int]
    """Its name, and which of its equally named siblings it is."""
    base: Base | None = None
    live: Live | None = None
    children: "Sequence[Node]" = ()
    selected: bool = True
    fate: Fate = "present"
    quiet: bool = False
    """Everything about it is as it was settled: no step has to look at it."""
    quiet_below: bool = False
    """All its children are quiet, and shown as declared."""
    differs: bool = False
    """Its fields are to be looked at one by one."""
    merged: Merged | None = None
    """None: no field changed on either side."""
    moves: bool = False
    """The configuration puts it below another parent (or puts it back)."""
    away: bool = False
    """It stays where the site put it: row and place are left alone."""
    row_parent: str | None = None
    """The parent to settle all the same: a person gave the question to the site."""
    position: int | None = None
    """The number to be written; None keeps the one it has."""
    out_of_place: bool = False
    """The configuration puts it elsewhere among its siblings."""
    makes_room_for: "Node | None" = None
    """The sibling for whose sake alone it gets a new number."""
    renumbered: int = 0
    """How many siblings make room for it."""
    order_held: bool = False
    """The site's order is kept: the row's position is not the site's, but tells the order sent."""
    row_position: int | None = None
    """That position, where it is a new one."""

    @property
    def name(self) -> str:
        return self.step[0]

    @property
    def sort(self) -> SortKey:
        steps = []
        node: Node | None = self
        while node is not None:
            steps.append(node.step)
            node = node.parent
        return tuple(reversed(steps))

    @property
    def home(self) -> str | None:
        """The id under which children know it, also while it is replaced or made again."""
        if self.live is not None:
            return self.live.item.id
        return self.base.id if self.base is not None else None

    @property
    def stands(self) -> bool:
        """Whether something can stand below it once the plan is done."""
        return self.fate in {"present", "create", "replace"}

    @property
    def is_settled(self) -> bool:
        """Nothing about it is to be sent, nor will it be newly owned."""
        return (
            self.merged is None
            and self.position is None
            and not self.out_of_place
            and not self.moves
            and self.fate == "present"
            and self.base is not None
        )

    @property
    def stands_as_settled(self) -> bool:
        """Under its address, below the same one, as the same resource, as well protected."""
        row, live = self.base, self.live
        return (
            row is not None
            and live is not None
            and row.parent == live.item.above
            and row.created_at == live.item.created_at
            and row.address == self.address
            and row.protect >= self.desired.protect
        )

    @property
    def overwrites(self) -> bool:
        return self.desired.live_edits == "overwrite"


def is_at_rest(node: Node) -> bool:
    """It stands where it stood, as what it was, and nothing but its fields may be asked of it."""
    row, live, above = node.base, node.live, node.parent
    return (
        row is not None
        and live is not None
        and row.position == live.item.position
        and row.parent == (above.home if above is not None else None)
        and node.stands_as_settled
        and not node.desired.delete
    )


is_plain: Final = re.compile(r"[^/#:\[\]%*]*\Z").match
"""Whether an address prints a name as it is."""


def step_label(name: str, nth: int) -> str:
    """A step as an address prints it."""
    return name if nth == 1 and is_plain(name) else str(Step(name, nth))


@lru_cache(maxsize=1 << 12)
def page_label(slug: str) -> str:
    return str(Address("-", slug))[1:]


def address_below(kind: KindName, above: str | None, name: str, nth: int) -> str:
    """The address of what is called `name` below the address `above`."""
    if kind == "page" and above is not None:
        return above + page_label(name)
    return prefix_below(above) + step_label(name, 1 if above is None else nth)


def prefix_below(above: str | None) -> str:
    """What the addresses of elements below `above` begin with."""
    if above is None:
        return ""
    return above + ("/" if "#" in above else "#")
