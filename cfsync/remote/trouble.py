"""What went wrong with a request, in facts: for a reader an error, for a writer an outcome."""

from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias
from urllib.parse import urlsplit

from cfsync.errors import (
    AnswerLost,
    BadAnswer,
    CursorExpired,
    Forbidden,
    Invalid,
    NotFound,
    RateLimited,
    RemoteError,
    ServerFailed,
    Unauthorized,
    Unreachable,
)
from cfsync.model.ports import Lost, NotSent, Response
from cfsync.model.run import TOO_OLD, Failure, NotDone, Unknown
from cfsync.remote.envelope import Refused, refused, request_id, short
from cfsync.remote.lost import Fenced, Outdated, TimedOut, TooLarge, spoken
from cfsync.remote.token import Token

Effect: TypeAlias = Literal[
    "none",  # proven: the request changed nothing, and never will
    "settled",  # the API has finished with it; whether it was done can be looked up at once
    "open",  # it may be done, now or later
]

_REDIRECT: Final = range(300, 400)
_SERVER: Final = range(500, 600)
_BY_STATUS: Final[dict[int, type[RemoteError]]] = {
    400: Invalid,
    401: Unauthorized,
    403: Forbidden,
    404: NotFound,
    429: RateLimited,
}
_NEEDS_ENVELOPE: Final = frozenset({400, 404})
"""What a gateway says with these is about the request's way, and proves nothing of a resource."""
_NEVER_FINISHED: Final = frozenset({502, 504})
"""Said by what stands in front of the API, in whatever form: the API may still be at work."""

_NEXT: Final[dict[type[RemoteError], str]] = {
    Unauthorized: "give this environment a valid API key, then run the same command again",
    Forbidden: "give the API key this right (Settings → API Keys), or take another key",
    Unreachable: "check the environment's `url` and the network, then run the same command again",
    RateLimited: "set a lower `rate` for this environment, or run the same command later",
}


@dataclass(frozen=True, slots=True)
class Trouble:
    failure: Failure
    error: type[RemoteError]
    effect: Effect
    may_pass: bool
    """Reading again may help."""
    next_step: str = ""
    """Where there is a better one than the error's own."""

    def without(self, secret: Token) -> "Trouble":
        """The same, with the API key masked in every text that came from the API."""
        said = self.failure
        failure = replace(
            said,
            code=secret.masked(said.code),
            message=secret.masked(said.message),
            field=secret.masked(said.field),
            reason=secret.masked(said.reason),
            request_id=secret.masked(said.request_id),
        )
        return replace(self, failure=failure)

    def as_error(self, where: str) -> RemoteError:
        facts = self.failure
        request = f" (request {facts.request_id})" if facts.request_id else ""
        return self.error(
            facts.message + request,
            where=where,
            why=facts.reason,
            next_step=self.next_step or _NEXT.get(self.error, "run the same command again"),
            status=facts.status,
            api_code=facts.code if facts.status else "",
            field=facts.field,
            request_id=facts.request_id,
        )

    def as_outcome(self) -> NotDone | Unknown:
        if self.effect == "none":
            return NotDone(self.failure)
        return Unknown(self.failure, finished=self.effect == "settled")


def of_silence(error: NotSent | Lost) -> Trouble:
    """No answer came."""
    said, next_step = spoken(error)
    text = short(said)
    if isinstance(error, Fenced):
        failure = Failure(
            "lease-lost", "another run may have taken over; nothing was sent", reason=text
        )
        return Trouble(failure, Unreachable, "none", may_pass=False)
    if isinstance(error, Outdated):
        said = "it waited for so long that what was read before is too old; nothing was sent"
        return Trouble(Failure(TOO_OLD, said), Unreachable, "none", may_pass=False)
    if isinstance(error, NotSent):
        failure = Failure("unreachable", f"the API cannot be reached: {text}; nothing was sent")
        return Trouble(failure, Unreachable, "none", may_pass=True, next_step=next_step)
    if isinstance(error, TooLarge):
        return Trouble(Failure("bad-answer", text), BadAnswer, "open", may_pass=False)
    code = "timeout" if isinstance(error, TimedOut) else "answer-lost"
    failure = Failure(code, "the API's answer did not come, or not whole", reason=text)
    return Trouble(failure, AnswerLost, "open", may_pass=True, next_step=next_step)


def of_bad_answer(response: Response, why: str, *, may_pass: bool) -> Trouble:
    """A success that cannot be used."""
    failure = Failure(
        "bad-answer",
        "the API's answer is not what its contract says",
        status=response.status,
        reason=short(why),
        request_id=request_id(response),
    )
    return Trouble(failure, BadAnswer, "open", may_pass)


def of_status(response: Response) -> Trouble:
    """Anything but 2xx."""
    if response.status in _REDIRECT:
        return _redirected(response)
    refusal = refused(response)
    if refusal is None:
        return _gateway(response)
    status = response.status
    failure = Failure(
        refusal.code,
        refusal.message,
        status=status,
        field=refusal.field,
        reason=refusal.reason,
        request_id=request_id(response),
    )
    if status in _BY_STATUS:
        error = _BY_STATUS[status] if not _is_expired(refusal) else CursorExpired
        return Trouble(failure, error, "none", may_pass=False)
    if status in _SERVER:
        effect: Effect = "open" if status in _NEVER_FINISHED else "settled"
        return Trouble(failure, ServerFailed, effect, may_pass=True)
    return Trouble(failure, BadAnswer, "settled", may_pass=False)


def _is_expired(refusal: Refused) -> bool:
    return refusal.code == "INVALID_CURSOR"


def _gateway(response: Response) -> Trouble:
    """No error envelope: something in front of the API answered, or half of it came."""
    status = response.status
    failure = Failure(
        f"http-{status}",
        f"the answer is {status} without the API's own error, as a gateway gives it",
        status=status,
        request_id=request_id(response),
    )
    if status in _BY_STATUS and status not in _NEEDS_ENVELOPE:
        return Trouble(failure, _BY_STATUS[status], "open", may_pass=False)
    error = ServerFailed if status in _SERVER else BadAnswer
    return Trouble(failure, error, "open", may_pass=True)


def _redirected(response: Response) -> Trouble:
    try:
        host = urlsplit(response.headers.get("location", "")).hostname
    except ValueError:
        host = None
    failure = Failure(
        "redirected",
        f"the API answered with a redirect ({response.status}) to {short(host) or 'no host'}, "
        "which is never followed; the API key was not sent there",
        status=response.status,
        reason="the environment's `url` has to be the API's own address",
        request_id=request_id(response),
    )
    return Trouble(failure, BadAnswer, "open", may_pass=False)
