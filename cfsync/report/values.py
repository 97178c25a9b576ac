"""Values as short text in which a difference stays visible."""

import json
from typing import Final

from cfsync.model.values import ABSENT, IdOf, Made, Maybe

SHOWN: Final = 60
"""Characters of a value that a line shows."""
_BEFORE: Final = 12
"""Characters of what two long texts share that stay before the first difference."""

ARROW: Final = " → "


def shown(value: Maybe, width: int = SHOWN) -> str:
    """One value; a long one is cut."""
    return _cut(_written(value), 0, width)


def shown_pair(before: Maybe, after: Maybe, width: int = SHOWN) -> tuple[str, str]:
    """Two values, cut alike, around the place where they begin to differ."""
    left, right = _written(before), _written(after)
    if max(len(left), len(right)) <= width:
        return left, right
    start = max(0, _alike(left, right) - _BEFORE)
    if start <= _BEFORE:
        start = 0
    return _cut(left, start, width), _cut(right, start, width)


def _alike(left: str, right: str) -> int:
    """How many characters the two begin with alike."""
    pairs = enumerate(zip(left, right, strict=False))
    return next((n for n, (a, b) in pairs if a != b), min(len(left), len(right)))


def long(value: Maybe) -> bool:
    """Whether a line is too short for this value, or a list that deserves a closer look."""
    if isinstance(value, list):
        return len(value) > 1 or len(_written(value)) > SHOWN
    return isinstance(value, str | dict) and len(_written(value)) > SHOWN


def _cut(text: str, start: int, width: int) -> str:
    piece = text[start : start + width]
    return ("…" if start else "") + piece + ("…" if start + width < len(text) else "")


def _written(value: Maybe) -> str:
    if value is ABSENT:
        return "(not set)"
    if isinstance(value, Made):
        return "(known after apply)"
    if isinstance(value, IdOf):
        return f"(id of {value.address})"
    if isinstance(value, str):
        return '"' + value.replace('"', '\\"') + '"'
    return _encoded(value)


_encoded: Final = json.JSONEncoder(ensure_ascii=False, default=_written, sort_keys=True).encode
"""Made once: `json.dumps` with options makes an encoder for every value."""
