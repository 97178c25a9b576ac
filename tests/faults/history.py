"""What happened, in order, as an outside observer saw it: requests, commits, lines, edits."""

from dataclasses import dataclass, field
from typing import Any, TypeAlias

from cfsync.model.run import Record


@dataclass(frozen=True, slots=True)
class Born:
    """A process began: what it was told to do."""

    process: int
    order: str


@dataclass(frozen=True, slots=True)
class Appended:
    """Synced."""

    process: int
    run: str
    records: tuple[Record, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """A read was answered: each resource's fields by id."""

    process: int
    at: float
    resources: dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Sent:
    """A write left."""

    process: int
    number: int
    method: str
    path: str
    body: dict[str, Any]
    key: str
    at: float
    deadline: float
    lease_until: float


@dataclass(frozen=True, slots=True)
class Committed:
    """The API carried a request out; `before` as it was just before."""

    number: int
    id: str
    before: dict[str, Any] | None
    at: float


@dataclass(frozen=True, slots=True)
class Answered:
    """The sender was told what is stored now."""

    process: int
    at: float
    resources: dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Edited:
    """By the designer."""

    verb: str
    id: str
    at: float
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Told:
    """What a process said at its end; None: it died."""

    process: int
    status: str | None
    text: str = ""


Happening: TypeAlias = Born | Appended | Seen | Sent | Committed | Answered | Edited | Told
