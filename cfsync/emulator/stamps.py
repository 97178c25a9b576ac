"""Times as the API writes them: UTC with six decimals, so that order as text is order in time."""

from datetime import UTC, datetime
from functools import lru_cache


def iso(micros: int) -> str:
    """Microseconds since the epoch as `2026-01-22T12:00:00.000001Z`."""
    return f"{_whole(micros // 1_000_000)}.{micros % 1_000_000:06d}Z"


@lru_cache(maxsize=64)
def _whole(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")
