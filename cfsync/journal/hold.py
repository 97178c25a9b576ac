"""The lease that this process holds, and how long it may still rely on it."""

from collections.abc import Iterator
from contextlib import contextmanager

from cfsync.model.lease import Lease
from cfsync.model.ports import Clock


class Hold:
    """Ends for good once it ran out, even if nobody took over: that is no longer ours to know.

    Counted on both clocks, and the shorter one believed: the wall clock may be set, the monotonic
    one may stand still while a laptop sleeps.
    """

    def __init__(self, lease: Lease, clock: Clock, seconds: float) -> None:
        self.lease = lease
        self.seconds = seconds
        self._clock = clock
        self._wall_end = lease.expires
        self._monotonic_end = clock.monotonic() + (lease.expires - clock.now())

    def left(self) -> float:
        wall = self._wall_end - self._clock.now()
        return max(0.0, min(wall, self._monotonic_end - self._clock.monotonic()))

    @contextmanager
    def extended(self) -> Iterator[float]:
        """When the lease ends if the block succeeds; believed only then. A lost one stays lost."""
        now, monotonic = self._clock.now(), self._clock.monotonic()
        alive = self.left() > 0
        until = now + self.seconds if alive else self._wall_end
        yield until
        if alive:
            self._wall_end = until
            self._monotonic_end = monotonic + self.seconds
