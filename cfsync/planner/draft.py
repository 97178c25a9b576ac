"""A plan in the making: what has been decided so far, in any order."""

from dataclasses import dataclass, field

from cfsync.model.base import Base, BaseChange
from cfsync.model.live import Live
from cfsync.model.plan import Conflict, Kept
from cfsync.planner.node import SortKey


@dataclass(slots=True)
class Removal:
    """A resource to be deleted with all that is left below it by then."""

    top: Live
    going: list[Live]
    """The top first, then everything that goes with it."""
    address: str
    sort: SortKey


@dataclass(slots=True)
class Forgotten:
    """Gone from the configuration and from the site; the topmost row, and how many with it."""

    row: Base
    rows: list[Base]


@dataclass(slots=True)
class Draft:
    kept: list[tuple[SortKey, Kept]] = field(default_factory=list)
    conflicts: list[tuple[SortKey, Conflict]] = field(default_factory=list)
    removals: list[Removal] = field(default_factory=list)
    forgotten: list[Forgotten] = field(default_factory=list)
    protected: list[str] = field(default_factory=list)
    """Addresses whose deletion was asked for."""
    settlements: list[BaseChange] = field(default_factory=list)
    suggestions: list[str] = field(default_factory=list)
    ignored: int = 0
    unmanaged: int = 0
