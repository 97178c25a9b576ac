"""Ways in which no answer comes, finer than the Protocol needs."""

from cfsync import limits
from cfsync.model.ports import Lost, NotSent


class Fenced(NotSent):
    """Held back by ourselves: another run may have taken over."""


class TimedOut(Lost):
    def __init__(self, seconds: float) -> None:
        super().__init__(f"no whole answer within {seconds:g} s")


class TooLarge(Lost):
    """Asking again would bring the same: a read gives up at once."""

    def __init__(self) -> None:
        size = limits.MAX_ANSWER_BYTES // limits.MIB
        super().__init__(f"the answer is larger than {size} MiB (limit MAX_ANSWER_BYTES)")
