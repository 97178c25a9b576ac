"""Trying again, where that cannot do anything twice."""

from collections.abc import Callable
from random import Random
from typing import Final, TypeVar

from cfsync.model.ports import Clock, Lost, NotSent, Request, Response
from cfsync.remote.backoff import delay
from cfsync.remote.envelope import NotAnEnvelope
from cfsync.remote.exchange import Exchange
from cfsync.remote.resources import OffContract
from cfsync.remote.trouble import Trouble, of_bad_answer, of_silence, of_status

T = TypeVar("T")

_SUCCESS: Final = range(200, 300)


class Attempts:
    def __init__(self, exchange: Exchange, clock: Clock, random: Random) -> None:
        self._exchange = exchange
        self._clock = clock
        self._random = random

    async def made(
        self, request: Request, decode: Callable[[Response], T], attempts: int
    ) -> T | Trouble:
        """Until it succeeds, cannot, or may not: a write is repeated only if it had no effect."""
        failed = 0
        since: float | None = None
        while True:
            result, refused = await self._tried(request, decode, since)
            if not isinstance(result, Trouble):
                return result
            if request.method != "GET" and result.effect != "none":
                return result
            if refused is not None:
                since = since or refused
                continue  # it waits for the rate limit's pause, whose patience is counted there
            since = None
            failed += 1
            if failed == attempts or not result.may_pass:
                return result
            await self._clock.sleep(delay(self._random, failed))

    async def _tried(
        self, request: Request, decode: Callable[[Response], T], since: float | None
    ) -> tuple[T | Trouble, float | None]:
        """What came of one try, and when the rate limit alone refused it, if it will pass."""
        try:
            answer = await self._exchange.send(request, since)
        except (NotSent, Lost) as error:
            return of_silence(error), None
        response = answer.response
        if response.status not in _SUCCESS:
            return of_status(response), answer.at if answer.again else None
        try:
            return decode(response), None
        except NotAnEnvelope as error:
            return of_bad_answer(response, str(error), may_pass=True), None
        except OffContract as error:
            return of_bad_answer(response, str(error), may_pass=False), None
