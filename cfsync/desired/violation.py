"""A violation of the schema, in facts that both JSON Schema libraries agree on."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Any

from cfsync.model.values import Fields, Json

if TYPE_CHECKING:
    from jsonschema_rs import ValidationError


@dataclass(frozen=True, slots=True)
class Violation:
    """`path` leads to the value; `schema` is the one that it breaks, by `keyword`."""

    path: tuple[str | int, ...]
    keyword: str
    schema: Fields
    definition: str = ""
    """`project`, `element`, …: where the value as a whole is described."""
    name: str = ""
    """Of the key that is missing, unknown, or itself wrong."""


def violations(schema: Fields, error: "ValidationError") -> Iterator[Violation]:
    """One for each name: unknown keys come as one error."""
    path, keyword = tuple(error.instance_path), error.kind.name
    steps = list(error.schema_path)[:-1]
    if steps and steps[-1] == "else":  # what is required there is described outside of it
        steps.pop()
    broken = at(schema, steps)
    definition = str(steps[1]) if len(steps) == 2 and steps[0] == "$defs" else ""  # noqa: PLR2004 - ["$defs", NAME]
    for name in _names(keyword, error):
        yield Violation(path, keyword, broken, definition, name)


def _names(keyword: str, error: "ValidationError") -> list[str]:
    facts: dict[str, Any] = error.kind.as_dict()
    match keyword:
        case "required":
            return [facts["property"]]
        case "additionalProperties":
            return list(facts["unexpected"])
        case "propertyNames":
            return [str(facts["error"].instance)]
        case _:
            return [""]


def at(value: Json, path: "list[str | int] | tuple[str | int, ...]") -> Any:
    return reduce(lambda inner, step: inner[step], path, value)
