"""How long to wait before a request is sent again."""

import contextlib
from email.utils import parsedate_to_datetime
from random import Random

from cfsync import limits


def delay(random: Random, attempt: int) -> float:
    """Seconds after the failure of this number (from 1): exponential, with full jitter."""
    return random.uniform(0.0, min(limits.BACKOFF_CAP, limits.BACKOFF_BASE * 2**attempt))


def retry_after(value: str | None, now: float) -> float | None:
    """Seconds that `Retry-After` asks for, given as such or as a date; None where it says nothing.

    Not capped. `now` is wall time.
    """
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:12])
    with contextlib.suppress(ValueError, OverflowError, TypeError):
        return max(0.0, parsedate_to_datetime(text).timestamp() - now)
    return None
