"""What a plain scalar means: the core schema of YAML 1.2, as far as JSON can hold it.

`no`, `on`, `1:30` and `2026-01-02` are strings; `010` is ten, `0o10` eight, `0x10` sixteen.
"""

import re
from math import isinf
from typing import Final

from cfsync import limits
from cfsync.model.values import Json

CONSTANTS: Final[dict[str, Json]] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INT = re.compile(r"[-+]?[0-9]+\Z")
_BASED = re.compile(r"0(?:o[0-7]+|x[0-9a-fA-F]+)\Z")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
_NOT_JSON = re.compile(r"(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))\Z")
_FIRST = frozenset("0123456789+-.")


def resolve(text: str) -> Json:
    """The value of a plain scalar. Raises ValueError for numbers that JSON cannot hold."""
    if text in CONSTANTS:
        return CONSTANTS[text]
    if text[0] not in _FIRST:
        return text
    if _INT.match(text) or _BASED.match(text):
        return int(_bounded(text), {"o": 8, "x": 16}.get(text[1:2], 10))
    if _FLOAT.match(text):
        return _finite(text)
    if _NOT_JSON.match(text):
        raise ValueError(f"{text} is not a number that JSON can hold; in quotes it is a string")
    return text


def is_text(text: str) -> bool:
    """Whether a scalar is the same text with quotes and without."""
    return text not in CONSTANTS and text != "<<" and text[0] not in _FIRST


def _bounded(text: str) -> str:
    if len(text) > limits.MAX_DIGITS:
        raise ValueError(
            f"a number of {len(text)} characters; the limit is {limits.MAX_DIGITS} "
            "(in quotes it is a string)"
        )
    return text


def _finite(text: str) -> float:
    value = float(_bounded(text))
    if isinf(value):
        raise ValueError(f"{text} is larger than JSON's numbers; in quotes it is a string")
    return value
