"""Durations and rates as people write them: `30s`, `500ms`, `120/min`."""

import re
from typing import Final

_DURATION = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,6})?)\s?([a-z]+)\Z")
_RATE = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,6})?)\s?/\s?([a-z]+)\Z")
_SECONDS: Final = {"ms": 0.001, "s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0}
_LONGEST: Final = 86_400.0
_FASTEST: Final = 10_000.0


def duration(text: str) -> float:
    """Seconds, from 0 to a day. Raises ValueError."""
    match = _DURATION.match(text)
    if match is None or match[2] not in _SECONDS:
        raise ValueError(f"{text!r} is not a duration: a number and its unit (ms, s, min, h)")
    seconds = float(match[1]) * _SECONDS[match[2]]
    if seconds > _LONGEST:
        raise ValueError(f"{text!r} is longer than a day")
    return seconds


def positive_duration(text: str) -> float:
    """Seconds, more than 0. Raises ValueError."""
    seconds = duration(text)
    if not seconds:
        raise ValueError(f"{text!r} leaves no time at all")
    return seconds


def rate(text: str) -> float:
    """Requests a second. Raises ValueError."""
    match = _RATE.match(text)
    if match is None or match[2] not in _SECONDS:
        raise ValueError(f"{text!r} is not a rate: a number of requests per time, like 120/min")
    per_second = float(match[1]) / _SECONDS[match[2]]
    if not 0 < per_second <= _FASTEST:
        raise ValueError(f"{text!r} is out of range: above 0 and up to {_FASTEST:.0f}/s")
    return per_second
