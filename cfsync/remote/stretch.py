"""What a refusal shows of the rate that an API allows."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import Final

SHORTEST: Final = 1.0
"""Seconds of a pause at least: `Retry-After` says whole ones, so that one is any short moment."""
TOLERANCE: Final = 2.0
"""How many times as many as a rate lets through may be taken within a moment: requests arrive
neither in the order in which they left nor at the same distances."""
EVENED_OUT: Final = 0.5
"""Seconds over which that no longer matters."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """So many requests in so many seconds."""

    count: int
    span: float

    @property
    def rate(self) -> float:
        return self.count / self.span


@dataclass(frozen=True, slots=True)
class Stretch:
    """When requests left between two pauses, in order: those that were taken, and those not."""

    taken: tuple[float, ...]
    refused: tuple[float, ...]
    """At least one."""
    since: float
    """End of the pause before; minus infinity if there was none."""

    @property
    def end(self) -> float:
        return max(self.taken[-1:] + self.refused[-1:])

    def densest(self, until: float) -> Estimate:
        """The most that was taken from any moment to the end, in the time from it `until` then.

        An API that counts in windows has begun a new one by then, and a bucket has got back what
        was taken from it: so much it allows, at least. Moments right after the pause before count
        from the end of that: what was taken then had gathered in it.
        """
        begins = [at if at > self.since + SHORTEST else self.since for at in self.taken]
        count = len(begins)
        if not begins:
            return Estimate(1, until - self.refused[0])  # the one that is taken after the pause
        estimates = (Estimate(count - n, until - at) for n, at in enumerate(begins))
        return max(estimates, key=lambda each: each.rate)

    def beyond(self, drained: Estimate) -> float:
        """Requests a second that came into a bucket which `drained` has taken from full to empty.

        It was no fuller at any moment since, and is empty again: what was taken more has come in
        meanwhile, but for the part of a request that had been left. 0 if nothing is shown.
        """
        count = len(self.taken)
        early = bisect_left(self.taken, self.end - drained.span - EVENED_OUT)
        return max(
            (
                (count - n - drained.count - 1) / (self.end - at - drained.span)
                for n, at in enumerate(self.taken[:early])
            ),
            default=0.0,
        )

    def bears_out(self, rate: float) -> bool:
        """It was not that one alone.

        What left after it was mostly refused, too, or taken hardly faster than this rate.
        """
        first = self.refused[0]
        beside = len(self.taken) - bisect_right(self.taken, first)
        slow = beside <= 1 + TOLERANCE * rate * (self.end - first)
        return beside < len(self.refused) or (slow and len(self.refused) > 1)
