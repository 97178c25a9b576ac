"""A run: one apply. What was intended, what came of each write, how it ended."""

from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from cfsync.model.live import Item
from cfsync.model.plan import Write
from cfsync.model.values import Fields


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a request did not do what it should, in facts that a message can name."""

    code: str
    """The API's code, or ours: `unreachable`, `timeout`, `answer-lost`, `bad-answer`, ..."""
    message: str
    status: int = 0
    field: str = ""
    reason: str = ""
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """`item` is the resource as the API answered it; None for a delete, or an answer without."""

    item: Item | None
    request_id: str = ""


TOO_OLD: Final = "guard-too-old"
"""Code of a failure: what a write rests on would have been too old when its turn came."""


@dataclass(frozen=True, slots=True)
class NotDone:
    """Proven: never connected, or a well-formed refusal (400, 401, 403, 404, 429)."""

    failure: Failure


@dataclass(frozen=True, slots=True)
class Unknown:
    """May have been done. `finished`: a whole 5xx envelope, so nothing can still land later."""

    failure: Failure
    finished: bool = False


Outcome: TypeAlias = Done | NotDone | Unknown

RecordKind: TypeAlias = Literal[
    "RUN_BEGIN",
    "PLAN",
    "INTENT",
    "OUTCOME",
    "RESOLVED",
    "PHASE",
    "UNDO_BEGIN",
    "UNDO_INTENT",
    "UNDO_OUTCOME",
    "UNDO_SKIPPED",
    "RUN_END",
]

RunStatus: TypeAlias = Literal["applied", "undone", "stopped", "waiting"]
"""`waiting`: no RUN_END yet: crashed, or stopped on purpose with `--on-error stop`."""


@dataclass(frozen=True, slots=True)
class Record:
    """A line of the journal before it is written; `write` is a number of the plan's writes."""

    kind: RecordKind
    body: Fields = field(default_factory=dict)
    write: int | None = None
    attempt: int = 0


@dataclass(frozen=True, slots=True)
class Event:
    """A line of the journal as it stands there."""

    seq: int
    run: str
    epoch: int
    at: str
    """ISO 8601, UTC."""
    record: Record


@dataclass(frozen=True, slots=True)
class Left:
    """Something that an undo could not, or would not, take back."""

    address: str
    id: str | None
    why: str


@dataclass(frozen=True, slots=True, order=True)
class MadeAgain:
    """A resource that undo had to make again, and so under another id."""

    address: str
    """Where it stands; empty where that is no longer known."""
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class RunResult:
    """How a run ended, computed from the journal."""

    run: str
    status: RunStatus
    done: int
    """Writes of the plan that were done (and stand, if `applied`)."""
    undone: int = 0
    failed_address: str = ""
    failure: Failure | None = None
    left: tuple[Left, ...] = ()
    new_ids: dict[str, str] = field(default_factory=dict)
    """Old id to new, for what undo had to make again."""
    warnings: tuple[str, ...] = ()
    """For example: the server stored something else than was sent."""
    interrupted: bool = False
    total: int = 0
    """Writes of the plan."""
    intents: int = 0
    """Writes that were begun, whatever came of them; 0: nothing was changed remotely."""
    failed: Write | None = None
    """The write that the failure is about, if it is about one."""
    made_again: tuple[MadeAgain, ...] = ()
    """What `new_ids` is about."""
    held_up_by: tuple[str, ...] = ()
    """Addresses at which a run that waits gets no further; `recover --skip` gives them up."""


@dataclass(frozen=True, slots=True)
class RunSummary:
    """A line of `cfsync history`."""

    run: str
    environment: str
    host: str
    who: str
    started: str
    ended: str | None
    status: RunStatus
    summary: Fields
