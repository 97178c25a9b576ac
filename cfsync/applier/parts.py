"""Replaces parts of JSON without copying what stays as it is: most of it does, most of the time."""

from collections.abc import Callable
from typing import Final

from cfsync.model.values import Json

_SCALARS: Final = frozenset({str, int, float, bool, type(None)})
_NUMBERS: Final = _SCALARS - {str}


def with_parts(value: Json, change: Callable[[Json], Json], *, strings: bool = False) -> Json:
    """`change` is asked for each part, for scalars never, for strings only if wanted."""
    passed = _NUMBERS if strings else _SCALARS
    if isinstance(value, dict):
        new = None
        for name, part in value.items():
            if type(part) not in passed and (changed := change(part)) is not part:
                new = dict(value) if new is None else new
                new[name] = changed
        return value if new is None else new
    if isinstance(value, list):
        parts = [part if type(part) in passed else change(part) for part in value]
        return parts if any(map(_differ, parts, value)) else value
    return value


def _differ(left: Json, right: Json) -> bool:
    return left is not right
