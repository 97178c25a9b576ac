"""Why a run does not go on, and what follows: an undo, or a stop that waits for a person."""

from dataclasses import dataclass
from typing import Final

from cfsync.errors import JournalUnreadable, RemoteError, Unauthorized
from cfsync.model.run import Failure

UNDO_FAILED: Final = "undo-failed"
"""The code of a halt that only says that steps of an undo failed."""
LEASE_LOST: Final = "lease-lost"
"""Nothing may be sent: another run may have taken over. A Writer says so with the same code."""
_UNAUTHORIZED: Final = 401


class Refused(Exception):
    """A write was not done, or may not be done: what was done is taken back."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.message)
        self.failure = failure


class Stopped(Exception):
    """Nothing may be sent any more, not even to undo: the run waits for `recover`."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.message)
        self.failure = failure


class Unsure(Stopped):
    """What became of a write cannot be told: a person looks at these resources first."""

    def __init__(self, why: str, ids: tuple[str, ...], *, address: str = "") -> None:
        named = ", ".join(ids)
        super().__init__(Failure("ambiguous", f"{why}: {named}" if named else why))
        self.ids = ids
        self.address = address


class Interrupted(Stopped):
    """Asked to stop for the second time."""

    def __init__(self) -> None:
        super().__init__(Failure("interrupted", "stopped before everything was taken back"))


class TooOld(Exception):
    """What was read before it is too old by now: it was not sent, and has to be looked at again."""


class NotBegun(Exception):
    """The run was ending before this was sent: it did not fail, it has nothing to take back."""


@dataclass(frozen=True, slots=True)
class Halt:
    """The one thing that a run is said to have failed of."""

    address: str
    failure: Failure
    stops: bool
    """No undo."""


def conflict(message: str) -> Refused:
    """The site is no longer what the plan was made from."""
    return Refused(Failure("conflict", message))


def failure_of(error: Exception) -> Failure:
    match error:
        case Refused(failure=failure) | Stopped(failure=failure):
            return failure
        case JournalUnreadable():
            return Failure(error.code, error.message)
        case RemoteError():
            return Failure(
                error.api_code or error.code,
                error.message,
                status=error.status,
                field=error.field,
                request_id=error.request_id,
            )
        case _:  # its message may quote what it should not
            return Failure("internal", f"an error inside cfsync ({type(error).__name__})")


def stops(error: Exception) -> bool:
    """Whether undo would be of no use: the key is dead, the journal is, or nobody can tell."""
    if isinstance(error, Stopped | Unauthorized | JournalUnreadable):
        return True
    if not isinstance(error, Refused):
        return False
    return error.failure.status == _UNAUTHORIZED or error.failure.code == LEASE_LOST
