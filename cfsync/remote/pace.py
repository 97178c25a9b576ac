"""What rate the API allows, learnt from when it refused."""

import math
from typing import Final

MARGIN: Final = 0.96
"""Of a rate that was measured, or at which the API refused."""
CONFIGURED_MARGIN: Final = 0.97
"""Of a rate that was configured: requests that left evenly arrive less evenly."""
SLOW: Final = 60.0
FAST: Final = 22.0
"""Seconds that shape the rise: 1 % after 5 s, 7 % after 10 s, twofold after 22 s, tenfold after
38 s."""
LONG: Final = 5.0
"""A stretch is long if it lasts so many times the pause that ends it."""
STEP_BACK: Final = 0.75
"""Of the rate at which a long stretch ended: not far beyond what is allowed."""
AGREEMENT: Final = 0.15
"""Two estimates agree if they differ by a smaller share."""
FLOOR: Final = 0.05
"""Requests a second below which no estimate goes."""
BUSY_GAP: Final = 1.0
"""A longer gap between two requests counts as this long: time without requests proves nothing."""
FORGET_AFTER: Final = 60.0
"""Seconds without a request after which what was sent before tells nothing of a later refusal."""


class Pace:
    """Even, a few percent below what was seen; then rising, hardly at first and faster later.

    What the API takes between the ends of two pauses, over the time between them, is what it
    allows, whether it counts in windows or fills a bucket. The first estimate can be far too low
    (`Retry-After: 1` for a small bucket that fills in a moment), so the rate has to rise; mostly
    it is right, so it rises late. A rate at which the API refused is never tried again, and once
    two estimates agree nothing beyond them is.
    """

    def __init__(self, configured: float | None = None) -> None:
        self._ceiling = math.inf if configured is None else configured * CONFIGURED_MARGIN
        self._base = self._ceiling
        self._allowed = math.inf
        """The latest estimate."""
        self._calm = 0.0
        self._last = -math.inf
        self._since = 0.0
        self._taken = 0
        self._proven = (0.0, 0)
        """Begin of, and requests taken in, the latest stretch in which any were."""

    @property
    def rate(self) -> float:
        """Requests a second; infinite as long as nothing is known."""
        grown = 1 + (self._calm / SLOW) ** 2 + (self._calm / FAST) ** 4
        return min(self._base * grown, self._ceiling)

    def sent(self, now: float) -> None:
        if now - self._last > FORGET_AFTER:
            self._since, self._taken = now, 0
        else:
            self._calm += min(now - self._last, BUSY_GAP)
        self._last = now

    def taken(self) -> None:
        self._taken += 1

    def refused(self, until: float) -> None:
        """The API refused, and the pause that it asked for has ended."""
        if self._taken:
            self._proven = (self._since, self._taken)
        begin, taken = self._proven  # nothing taken since: the same refusal, found to be longer
        allowed = max(FLOOR, taken / max(until - begin, 1e-3))
        if self._taken and self._base < math.inf:
            allowed = self._corrected(allowed, until)
        self._base = min(self._ceiling, MARGIN * allowed)
        self._allowed = allowed
        self._since, self._taken, self._calm = until, 0, 0.0

    def _corrected(self, allowed: float, until: float) -> float:
        """By what an even pace has shown, since that is what was refused this time."""
        tried = self.rate
        self._ceiling = min(self._ceiling, max(FLOOR, MARGIN * tried))
        if abs(allowed - self._allowed) < AGREEMENT * allowed:
            self._ceiling = min(self._ceiling, max(allowed, self._allowed))
        elif self._last - self._since > LONG * (until - self._last):
            allowed = max(allowed, STEP_BACK * tried)
        return allowed
