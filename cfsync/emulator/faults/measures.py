"""Numbers as people write them in a fault. All raise ValueError."""

import re
from typing import Final

import msgspec

from cfsync.model.values import Json

_DURATION: Final = re.compile(r"([0-9]+(?:\.[0-9]+)?)(ms|s|min)")
_RATE: Final = re.compile(r"([0-9]+(?:\.[0-9]+)?)/(s|min|h)")
_SIZE: Final = re.compile(r"([0-9]+)(|KiB|MiB)")
_SECONDS: Final = {"ms": 0.001, "s": 1.0, "min": 60.0, "h": 3600.0}
_BYTES: Final = {"": 1, "KiB": 1024, "MiB": 1024 * 1024}


def duration(text: str) -> float:
    """Seconds."""
    match = _DURATION.fullmatch(text)
    if match is None:
        raise ValueError(f"needs a time like 50ms, 2s or 1min, not {text!r}")
    return float(match[1]) * _SECONDS[match[2]]


def rate(text: str) -> float:
    """Requests a second."""
    match = _RATE.fullmatch(text)
    if match is None or float(match[1]) == 0:
        raise ValueError(f"needs a rate like 100/s or 120/min, not {text!r}")
    return float(match[1]) / _SECONDS[match[2]]


def size(text: str) -> int:
    """Bytes."""
    match = _SIZE.fullmatch(text)
    if match is None:
        raise ValueError(f"needs a size like 4096, 64KiB or 100MiB, not {text!r}")
    return int(match[1]) * _BYTES[match[2]]


def whole(text: str) -> int:
    if not text.isdecimal():
        raise ValueError(f"needs a whole number, not {text!r}")
    return int(text)


def value(text: str) -> Json:
    """JSON where it is JSON, else the text itself."""
    try:
        return msgspec.json.decode(text)
    except msgspec.MsgspecError:
        return text
