"""When a request may leave: one limiter for all workers."""

import asyncio
import math
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from random import Random
from typing import Final

from cfsync import limits
from cfsync.model.ports import Clock
from cfsync.remote.pace import Pace
from cfsync.remote.stretch import SHORTEST

CATCH_UP: Final = 0.02
"""Seconds by which late requests are made up for, so that a busy machine loses no rate."""
SLICE: Final = 1.0
"""Seconds of sleep after which to look again: a pause may have begun instead."""
JITTER: Final = 0.1
"""Share of a pause, up to a second, by which it ends later: runs must not restart together."""


def _nobody(_text: str) -> None:
    pass


@dataclass(frozen=True, slots=True)
class _Pause:
    until: float
    """As asked for."""
    end: float
    """With jitter."""
    wait: float
    """From when the refused request left: it was refused on half of its way, and then as long as
    asked for; of an absurd wait no more than the shortest, so that it teaches nothing."""


class Limiter:
    """Before a rate is configured or learnt nothing is held back; a 429 pauses everybody once.

    No request waits longer because of 429 than there is patience; once one has, nobody waits any
    more, until an undo begins with patience of its own. `told` hears of it when the first one has
    to wait. Times are those of `clock.monotonic()`.
    """

    def __init__(
        self,
        clock: Clock,
        random: Random,
        rate: float | None = None,
        parallel: int = limits.PARALLEL,
    ) -> None:
        self._clock = clock
        self._random = random
        self._rate = rate
        self._parallel = parallel
        self._pace = Pace(rate, parallel)
        self._turn = asyncio.Lock()
        self._next = -math.inf
        self._pause: _Pause | None = None
        self._resumed = -math.inf
        self._refusals = 0
        """In a row, stragglers of the same pause not counted."""
        self._patience = limits.RATE_LIMIT_PATIENCE
        self._gave_up = False
        self._since: dict[Hashable, float] = {}
        """When what was refused for the first time, until it is taken."""
        self._said = False
        self.told: Callable[[str], None] = _nobody

    async def admit(self, leave_by: float = math.inf) -> float | None:
        """Wait for this request's turn; the time of it, or None if that is after `leave_by`."""
        async with self._turn:  # whoever has the turn sleeps for all behind it
            return await self._admitted(leave_by)

    async def _admitted(self, leave_by: float) -> float | None:
        now = self._clock.monotonic()
        while (wait := self._opens() - now) > 0 and now <= leave_by:
            await self._clock.sleep(min(wait, SLICE))
            now = self._clock.monotonic()
        if now > leave_by:
            return None
        if self._pause is not None and now >= self._pause.end:
            self._pace.paused(self._pause.wait, self._pause.until)
            self._pause = None
            self._resumed = now
        self._pace.sent(now)
        self._next = self._pace.next(max(self._next, now - CATCH_UP))
        return now

    def passed(self, what: Hashable = None) -> None:
        """The API took a request."""
        self._refusals = 0
        self._since.pop(what, None)

    def refused(self, admitted: float, retry_after: float | None, what: Hashable = None) -> bool:
        """A request whose turn was then got a 429. False: it has waited for as long as it may."""
        now = self._clock.monotonic()
        self._since.setdefault(what, now)
        last = min(self._since.values()) + self._patience
        self._pace.refused(admitted)
        if self._gave_up or now >= last:
            self._gave_up = True
            return False
        self._say_so()
        if admitted < self._resumed or (self._pause is not None and retry_after is None):
            return True  # from before, or during, the pause that another one has brought about
        if self._pause is None:
            self._refusals += 1
        until = now + self._wait(retry_after)
        if until > last:
            self._gave_up = True
            return False
        if until > max(now, self._pause.until if self._pause else now):
            jitter = self._random.uniform(0.0, min(1.0, JITTER * (until - now)))
            absurd = retry_after is not None and retry_after > limits.RETRY_AFTER_CAP
            wait = (SHORTEST if absurd else until - now) + (now - admitted) / 2
            self._pause = _Pause(until, until + jitter, wait)
            self._next = -math.inf  # the pause is all the waiting that this refusal costs
        return True

    def forget(self, what: Hashable) -> None:
        """Nobody asks for it any more."""
        self._since.pop(what, None)

    def begin_undo(self) -> None:
        """From here on undo's own patience counts."""
        if self._gave_up:  # what is refused for ever is no rate
            self._pace = Pace(self._rate, self._parallel)
            self._pause, self._next = None, -math.inf
        self._since.clear()
        self._patience = limits.UNDO_PATIENCE
        self._gave_up = False
        self._said = False

    def _say_so(self) -> None:
        if not self._said:
            self._said = True
            self.told(
                f"The API refuses requests for now (429): trying each for up to "
                f"{self._patience:.0f} s before giving up."
            )

    def _opens(self) -> float:
        if self._gave_up:
            return self._pace.next_configured()
        opens = self._next if self._pause is None else max(self._next, self._pause.end)
        # what waits for longest is not kept beyond its patience, nor who stands before it
        return min(opens, min(self._since.values(), default=math.inf) + self._patience)

    def _wait(self, retry_after: float | None) -> float:
        if retry_after:
            return min(max(retry_after, SHORTEST), limits.RETRY_AFTER_CAP)
        return min(SHORTEST * 2.0 ** (self._refusals - 1), limits.BACKOFF_CAP)
