"""One request and its answer: bounded in number and rate, logged without secrets."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from cfsync.model.ports import Clock, Lost, NotSent, Request, Response, Transport
from cfsync.remote.backoff import retry_after
from cfsync.remote.envelope import request_id
from cfsync.remote.lost import Fenced, Outdated
from cfsync.remote.rate import Limiter

LOG: Final = logging.getLogger("cfsync.remote")


def _always(_seconds: float) -> bool:
    return True


def _what(request: Request) -> tuple[str, str]:
    return request.method, request.path


@dataclass(frozen=True, slots=True)
class Answer:
    response: Response
    again: bool
    """Refused by the rate limit, and there is patience left: the next try waits by itself."""


class Exchange:
    """Shared by all workers: no more than `parallel` requests are under way, whoever asks."""

    def __init__(self, transport: Transport, clock: Clock, limiter: Limiter, parallel: int) -> None:
        self._transport = transport
        self._clock = clock
        self._limiter = limiter
        self._slots = asyncio.Semaphore(parallel)
        self.may_write: Callable[[float], bool] = _always

    def forget(self, request: Request) -> None:
        """Nobody asks for it any more, whatever the rate limit says."""
        self._limiter.forget(_what(request))

    async def send(self, request: Request) -> Answer:
        """Raises NotSent (Fenced and Outdated among it) or Lost."""
        what = _what(request)
        async with self._slots:
            admitted = await self._limiter.admit(request.leave_by)
            if admitted is None:
                raise Outdated("its turn did not come in time")
            if request.method != "GET" and not self.may_write(request.timeout):
                raise Fenced("the lease does not cover this request's time any more")
            response = await self._logged(request)
        if response.status != HTTPStatus.TOO_MANY_REQUESTS:
            self._limiter.passed(what)
            return Answer(response, again=False)
        wait = retry_after(response.headers.get("retry-after"), self._clock.now())
        return Answer(response, again=self._limiter.refused(admitted, wait, what))

    async def _logged(self, request: Request) -> Response:
        if not LOG.isEnabledFor(logging.DEBUG):
            return await self._transport.send(request)
        begin = self._clock.monotonic()
        result = "cancelled"
        try:
            response = await self._transport.send(request)
            result = f"{response.status} {request_id(response)}".rstrip()
        except (NotSent, Lost) as error:
            result = f"{type(error).__name__}: {error}"
            raise
        finally:
            spent = (self._clock.monotonic() - begin) * 1000
            LOG.debug("%s %s: %s, %.0f ms", request.method, request.path, result, spent)
        return response
