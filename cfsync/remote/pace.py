"""How fast requests may leave: evenly where a rate is configured, else as a refusal has taught."""

import math
from collections import deque
from contextlib import suppress
from typing import Final

from cfsync import limits
from cfsync.remote.stretch import Estimate, Stretch

CONFIGURED_MARGIN: Final = 0.97
"""Of a rate that was configured: requests that left evenly arrive less evenly."""
LEARNT_MARGIN: Final = 0.99
"""Of a rate that was learnt: it was taken already, so that only what was late counts."""
FORGET_AFTER: Final = 60.0
"""Seconds after which what was sent tells nothing of a refusal."""
DOUBLING: Final = 1.0
"""Seconds of full use in which an unsure rate doubles: one pause is what being refused costs, so
that a tenfold rate is found for about four times that."""
CAUGHT_UP: Final = 0.75
"""Of the pause, in which the API has gathered what it allows. The rest is left there, for what
arrives unevenly."""
FLOOR: Final = 0.05
"""Requests a second below which no estimate goes."""


class Pace:
    """Before anything is known nothing is held back; the first refusal teaches what is allowed.

    If what was under way beside the refused one bears that out, the rate stays there for good: no
    request that is taken can tell that more would be, so to rise is to be refused again. If not,
    it rises, doubling until it is refused once more, which teaches it better, or for ever.

    `configured` is requests a second, `parallel` how many may be under way at once.
    """

    def __init__(self, configured: float | None = None, parallel: int = limits.PARALLEL) -> None:
        self._parallel = parallel
        self._least = 0.0 if configured is None else 1 / (configured * CONFIGURED_MARGIN)
        self._gap = self._least
        """Seconds from one request to the next."""
        self._most = Estimate(0, 0.0)
        """No more than so many in any so many seconds; none is any number."""
        self._rising = False
        self._sent: deque[float] = deque()
        """When, since the latest pause, without what was refused."""
        self._refused: list[float] = []
        self._since = -math.inf
        self._latest_at = -math.inf
        self._first: Stretch | None = None
        self._latest: Stretch | None = None
        self._drained: Estimate | None = None
        """What the API took at first, if that alone does not tell its rate."""

    @property
    def rate(self) -> float:
        """Requests a second; infinite as long as nothing is known."""
        return 1 / self._gap if self._gap else math.inf

    def next(self, due: float) -> float:
        """When the next request may leave, if the latest was due then."""
        due += self._gap
        if 0 < self._most.count <= len(self._sent):
            due = max(due, self._sent[-self._most.count] + self._most.span)
        return due

    def next_configured(self) -> float:
        """When the next request may leave for all that is configured, whatever was learnt."""
        return self._latest_at + self._least

    def sent(self, now: float) -> None:
        self._latest_at = now
        self._sent.append(now)
        while self._sent[0] < now - max(FORGET_AFTER, self._most.span):
            self._sent.popleft()
        if self._rising:
            self._gap = max(self._least, self._gap * 0.5 ** min(1.0, self._gap / DOUBLING))

    def refused(self, sent: float) -> None:
        """What was sent then was not taken."""
        if sent >= self._since:  # else it left before the latest pause, which taught the same
            self._refused.append(sent)
            with suppress(ValueError):  # so slow an answer that it was forgotten
                self._sent.remove(sent)

    def paused(self, wait: float, until: float) -> None:
        """A pause has ended at `until`; what leaves from now on was not under way before it.

        `wait`: the seconds after which the last of the refused ones would have been taken, for all
        that is known.
        """
        last = max(self._refused)
        if self._sent or self._latest is None:
            self._latest = Stretch(tuple(self._sent), tuple(sorted(self._refused)), self._since)
        # else nothing was taken since: it is the same refusal, found to be longer
        self._learn(self._latest, max(last, self._latest.end) + wait)
        self._sent.clear()
        self._refused.clear()
        self._since = until

    def _learn(self, stretch: Stretch, shown: float) -> None:
        estimate = stretch.densest(shown)
        pause = shown - stretch.end
        self._rising = False
        if self._first is None or stretch is self._first:
            self._first = stretch
            self._rising = not self._is_sure(stretch, estimate)
            burst = Estimate(estimate.count, estimate.span - pause)
            self._drained = burst if self._rising else None
        if self._drained is None:
            self._most = Estimate(estimate.count, estimate.span / LEARNT_MARGIN)
            self._keep((estimate.span - CAUGHT_UP * pause) / estimate.count)
        else:
            self._keep(1 / max(estimate.rate, stretch.beyond(self._drained)))

    def _is_sure(self, stretch: Stretch, estimate: Estimate) -> bool:
        """Not if so few were taken that all of them may have been under way at once.

        That shows how much the API takes at a time, and its pause any moment, rounded up.
        """
        return estimate.count > self._parallel and stretch.bears_out(estimate.rate)

    def _keep(self, gap: float) -> None:
        self._gap = min(max(gap / LEARNT_MARGIN, self._least), 1 / FLOOR)
