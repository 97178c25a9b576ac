"""How a story that may write has ended, and the exit code that tells the truth about it."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Final, assert_never

from cfsync.errors import Interrupted, JournalUnreadable, PartWay, Undone
from cfsync.model.plan import Plan
from cfsync.model.run import RunResult

_FAILED: Final = 1


@dataclass(frozen=True, slots=True)
class Ran:
    """A run, finished or part-way."""

    environment: str
    result: RunResult
    go_on: str
    """The command that continues it, where it is part-way."""
    recovered: bool = False
    """By `recover`, which has done its work once everything is as before, be it nothing."""

    @property
    def exit_code(self) -> int:
        code = exit_code(self.result)
        return Undone.exit_code if self.recovered and code == _FAILED else code


@dataclass(frozen=True, slots=True)
class Applied:
    plan: Plan
    ran: Ran | None
    """None: there was nothing to do."""
    notes: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        return 0 if self.ran is None else self.ran.exit_code


def exit_code(result: RunResult) -> int:
    """Computed from what the journal says, not from what was raised."""
    match result.status:
        case "applied":
            return 0
        case "undone" if result.interrupted:
            return Interrupted.exit_code
        case "undone":
            return _FAILED if _was_never_let_in(result) else Undone.exit_code
        case "waiting" if not result.intents and _journal_failed(result):
            return JournalUnreadable.exit_code
        case "stopped" | "waiting":
            return PartWay.exit_code
        case _:
            assert_never(result.status)


def _was_never_let_in(result: RunResult) -> bool:
    """Whether no write was even taken: none was begun, or the rate limit refused from the first."""
    failure = result.failure
    limited = failure is not None and failure.status == HTTPStatus.TOO_MANY_REQUESTS
    return not result.intents or (limited and not result.done)


def _journal_failed(result: RunResult) -> bool:
    return result.failure is not None and result.failure.code == JournalUnreadable.code
