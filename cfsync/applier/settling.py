"""The wait before a request of unknown outcome is looked up: one for all that are unknown."""

from collections.abc import Iterable
from math import ceil
from typing import Final

from cfsync import limits
from cfsync.applier.means import Means

_TICK: Final = 1.0
"""Seconds between two words of the countdown."""


def until_landed(means: Means, deadlines: Iterable[float]) -> float:
    """Seconds until nothing that an earlier process sent can land any more.

    A request that a crash left under way may last until its deadline; on loopback the server sees
    at once that nobody waits for it, and `local:` ends with the process.
    """
    settle = means.environment.settle
    if settle <= limits.SETTLE_LOOPBACK:
        return settle
    left = max(deadlines, default=0.0) - means.clock.now()
    return settle + max(0.0, min(left, means.environment.timeout))


class Settling:
    def __init__(self, means: Means) -> None:
        self._means = means
        self._until = 0.0

    async def wait(self, seconds: float) -> None:
        """Returns once this long has passed. Raises Interrupted when a stop is asked for."""
        mine = self._means.clock.monotonic() + seconds
        self._until = max(self._until, mine)
        while (left := mine - self._means.clock.monotonic()) > 0:
            if mine == self._until:
                self._say(left)
            await self._means.stop.sleep(self._means.clock, min(left, _TICK))

    def _say(self, left: float) -> None:
        ledger = self._means.ledger
        done = sum(step.state == "done" for step in ledger.steps.values())
        text = f"looking up what is unknown in {ceil(left)} s"
        self._means.progress(done, ledger.begin.get("writes", 0), text)
