"""A declared resource with what is known of it: the configuration's, the base's, the site's side."""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal, TypeAlias

from cfsync.model.address import Address, KindName, Step
from cfsync.model.base import Base
from cfsync.model.desired import Desired
from cfsync.model.live import Live

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


@dataclass(slots=True, eq=False)
class Node:
    kind: KindName
    desired: Desired
    parent: "Node | None"
    address: str
    sort: SortKey
    base: Base | None = None
    live: Live | None = None
    children: "list[Node]" = field(default_factory=list)
    fate: Fate = "present"
    selected: bool = True

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
    def overwrites(self) -> bool:
        return self.desired.live_edits == "overwrite"


@lru_cache(maxsize=1 << 16)
def step_label(name: str, nth: int) -> str:
    """A step as an address prints it."""
    return str(Step(name, nth))


@lru_cache(maxsize=1 << 12)
def page_label(slug: str) -> str:
    return str(Address("-", slug))[1:]


def address_below(kind: KindName, above: str | None, name: str, nth: int) -> str:
    """The address of what is called `name` below the address `above`."""
    if above is None:
        return step_label(name, 1)
    if kind == "page":
        return above + page_label(name)
    return above + ("/" if "#" in above else "#") + step_label(name, nth)
