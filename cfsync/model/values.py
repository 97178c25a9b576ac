"""JSON values, the difference between null and absent, and values known only after apply."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final, Literal, TypeAlias

Json: TypeAlias = Any
"""None, bool, int, float, str, list or dict with str keys: what `json.loads` returns."""

Fields: TypeAlias = dict[str, Json]
FieldPath: TypeAlias = tuple[str, ...]
"""`("props", "color")`; the first name is a field of the API."""


class Absent(Enum):
    """A key that is not there. JSON's null is a value, and something else."""

    ABSENT = "absent"

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Final = Absent.ABSENT
Maybe: TypeAlias = Json | Literal[Absent.ABSENT]


@dataclass(frozen=True, slots=True)
class IdOf:
    """A value of a desired state: the id of another resource, `${id:pricing}`.

    `address` is whole (`my-website:pricing`). Only the planner sees it: it becomes the id on the
    site, or Made where the resource is yet to be created.
    """

    address: str


@dataclass(frozen=True, slots=True)
class Made:
    """The id that the API will answer to the plan's write of this number."""

    write: int


Id: TypeAlias = str | Made


def equal(left: Maybe, right: Maybe) -> bool:
    """Equality of JSON: booleans are no numbers, 1 equals 1.0, absent is not null."""
    if left is right:
        return True
    if isinstance(left, dict):
        return (
            isinstance(right, dict)
            and len(left) == len(right)
            and all(key in right and equal(value, right[key]) for key, value in left.items())
        )
    if isinstance(left, list):
        return isinstance(right, list) and len(left) == len(right) and all(map(equal, left, right))
    if isinstance(left, bool) or isinstance(right, bool):
        return False  # the same boolean is the same object, seen above
    return bool(left == right)


def at(value: Maybe, path: FieldPath) -> Maybe:
    """The value at a path, ABSENT where any step is missing or not an object."""
    for name in path:
        if not isinstance(value, (dict, Mapping)) or name not in value:  # dict is asked first: fast
            return ABSENT
        value = value[name]
    return value


def put(fields: Fields, path: FieldPath, value: Maybe) -> None:
    """Set the value at a path in place, making objects on the way; ABSENT removes the key."""
    *parents, last = path
    for name in parents:
        inner = fields.get(name)
        if not isinstance(inner, dict):
            if value is ABSENT:
                return
            inner = fields[name] = {}
        fields = inner
    if value is ABSENT:
        fields.pop(last, None)
    else:
        fields[last] = value
