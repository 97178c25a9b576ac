"""Every error that reaches a person, and the exit code that it ends with.

CfsyncError                      1
├── ConfigError                  1   the files are wrong: all problems of them at once
├── Untrusted                    1   a configuration asks for what nobody outside of it allowed
├── TokenUnavailable             1   no API key where one is needed; never shows anything of it
├── UsageError                  64   the command line is wrong
├── RemoteError                  1   the API, or the way to it
│   ├── Unreachable              1   provably never sent
│   ├── AnswerLost               1   sent, or perhaps sent; no usable answer came
│   ├── Unauthorized             1   401
│   ├── Forbidden                1   403: never read as "gone"
│   ├── NotFound                 1   404
│   ├── Invalid                  1   400
│   │   └── CursorExpired        1   400 INVALID_CURSOR: the listing starts again
│   ├── RateLimited              1   429, for longer than we are willing to wait
│   ├── ServerFailed             1   5xx
│   ├── BadAnswer                1   an answer that is not of the contract, or too large
│   └── ListingIncomplete        1   a listing that contradicts itself, three times over
├── StandsInTheWay               5   somebody or something else has to go first
│   ├── LockHeld                 5   another apply holds the environment
│   ├── RunWaiting               5   a crashed run waits for `cfsync recover`
│   ├── PlanStale                5   a saved plan is no longer what would be done
│   └── JournalUnreadable        5   never "start afresh"
├── NeedsDecision                6   a conflict, a protected resource, a deletion without consent
├── Undone                       3   apply failed; all that it had done was taken back
├── PartWay                      4   the remote is between before and after; names what is left
└── Interrupted                130   by a signal, and everything taken back
"""

from dataclasses import dataclass
from typing import ClassVar


class CfsyncError(Exception):
    """Says what went wrong; `where` places it, `why` explains, `next_step` is a command to type."""

    code: ClassVar[str] = "error"
    exit_code: ClassVar[int] = 1

    def __init__(
        self, message: str, *, where: str = "", why: str = "", next_step: str = ""
    ) -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.why = why
        self.next_step = next_step


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing wrong with a file. Lines and columns count from 1; 0 means the whole file."""

    file: str
    line: int
    column: int
    message: str
    source: str = ""
    """The line as it stands in the file, for showing it with a caret."""
    expected: str = ""
    suggestion: str = ""


class ConfigError(CfsyncError):
    code = "config-invalid"

    def __init__(self, problems: "list[Problem] | tuple[Problem, ...]") -> None:
        self.problems = tuple(sorted(problems))
        count = len(self.problems)
        super().__init__(f"{count} problem{'s' if count != 1 else ''} in the configuration")


class Untrusted(CfsyncError):
    code = "untrusted"


class TokenUnavailable(CfsyncError):
    code = "token-unavailable"


class UsageError(CfsyncError):
    code = "usage"
    exit_code = 64


class RemoteError(CfsyncError):
    code = "remote"

    def __init__(
        self,
        message: str,
        *,
        where: str = "",
        why: str = "",
        next_step: str = "",
        status: int = 0,
        api_code: str = "",
        field: str = "",
        request_id: str = "",
    ) -> None:
        super().__init__(message, where=where, why=why, next_step=next_step)
        self.status = status
        self.api_code = api_code
        self.field = field
        self.request_id = request_id


class Unreachable(RemoteError):
    code = "unreachable"


class AnswerLost(RemoteError):
    code = "answer-lost"


class Unauthorized(RemoteError):
    code = "unauthorized"


class Forbidden(RemoteError):
    code = "forbidden"


class NotFound(RemoteError):
    code = "not-found"


class Invalid(RemoteError):
    code = "invalid"


class CursorExpired(Invalid):
    code = "cursor-expired"


class RateLimited(RemoteError):
    code = "rate-limited"


class ServerFailed(RemoteError):
    code = "server-failed"


class BadAnswer(RemoteError):
    code = "bad-answer"


class ListingIncomplete(RemoteError):
    code = "listing-incomplete"


class StandsInTheWay(CfsyncError):
    code = "stands-in-the-way"
    exit_code = 5


class LockHeld(StandsInTheWay):
    code = "lock-held"


class RunWaiting(StandsInTheWay):
    code = "run-waiting"


class PlanStale(StandsInTheWay):
    code = "plan-stale"


class JournalUnreadable(StandsInTheWay):
    code = "journal-unreadable"


class NeedsDecision(CfsyncError):
    code = "needs-decision"
    exit_code = 6


class Undone(CfsyncError):
    code = "undone"
    exit_code = 3


class PartWay(CfsyncError):
    code = "part-way"
    exit_code = 4


class Interrupted(CfsyncError):
    code = "interrupted"
    exit_code = 130
