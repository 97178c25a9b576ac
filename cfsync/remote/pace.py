"""What rate the API allows, learnt from when it refused."""

import math
from typing import Final

MARGIN: Final = 0.96
"""Of a rate that was measured, or at which the API refused."""
CONFIGURED_MARGIN: Final = 0.97
"""Of a rate that was configured: requests that left evenly arrive less evenly."""
GROWTH: Final = 0.0005
"""Per second squared: 1 % after 5 s, 5 % after 10 s, 20 % after 20 s, doubled after 45 s."""
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
    (`Retry-After: 1` for a bucket that fills in a moment), so the rate has to rise; mostly it is
    right, so it rises late. A rate at which the API refused is never tried again.
    """

    def __init__(self, configured: float | None = None) -> None:
        self._ceiling = math.inf if configured is None else configured * CONFIGURED_MARGIN
        self._base = self._ceiling
        self._calm = 0.0
        self._last = -math.inf
        self._since = 0.0
        self._taken = 0
        self._proven = (0.0, 0)
        """Begin of, and requests taken in, the latest stretch in which any were."""

    @property
    def rate(self) -> float:
        """Requests a second; infinite as long as nothing is known."""
        return min(self._base * (1 + GROWTH * self._calm**2), self._ceiling)

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
            if self._base < math.inf:
                self._ceiling = max(FLOOR, MARGIN * self.rate)
        begin, taken = self._proven  # nothing taken since: the same refusal, found to be longer
        allowed = max(FLOOR, taken / max(until - begin, 1e-3))
        self._base = min(self._ceiling, MARGIN * allowed)
        self._since, self._taken, self._calm = until, 0, 0.0
