"""Trying again, where that cannot do anything twice."""

from collections.abc import Callable
from random import Random
from typing import Final, TypeVar

from cfsync.model.ports import Clock, Lost, NotSent, Request, Response
from cfsync.model.run import TOO_OLD
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
        result = await self._made(request, decode, attempts)
        if not (isinstance(result, Trouble) and result.failure.code == TOO_OLD):
            self._exchange.forget(request)  # else it comes again, and has waited all the while
        return result

    async def _made(
        self, request: Request, decode: Callable[[Response], T], attempts: int
    ) -> T | Trouble:
        failed = 0
        while True:
            result, again = await self._tried(request, decode)
            if not isinstance(result, Trouble):
                return result
            if request.method != "GET" and result.effect != "none":
                return result
            if again:
                continue  # it waits for the rate limit's pause, whose patience is counted there
            failed += 1
            if failed == attempts or not result.may_pass:
                return result
            await self._clock.sleep(delay(self._random, failed))

    async def _tried(
        self, request: Request, decode: Callable[[Response], T]
    ) -> tuple[T | Trouble, bool]:
        """What came of one try, and whether only the rate limit was in its way, for now."""
        try:
            answer = await self._exchange.send(request)
        except (NotSent, Lost) as error:
            return of_silence(error), False
        response = answer.response
        if response.status not in _SUCCESS:
            return of_status(response), answer.again
        try:
            return decode(response), False
        except NotAnEnvelope as error:
            return of_bad_answer(response, str(error), may_pass=True), False
        except OffContract as error:
            return of_bad_answer(response, str(error), may_pass=False), False
