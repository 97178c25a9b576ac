"""What does not conform to the contract, worded for people."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cfsync.model.values import Fields

if TYPE_CHECKING:
    from jsonschema_rs import ValidationError


@dataclass(frozen=True, slots=True)
class Violation:
    """A value that the contract does not allow."""

    path: tuple[str | int, ...]
    """Of the offending value; for a missing or an unknown field, where it is or would be."""
    message: str
    """Goes on after the path: `must be at least 3 characters`."""
    keyword: str


def violations(error: "ValidationError") -> Iterator[Violation]:
    path, keyword = tuple(error.instance_path), error.kind.name
    facts = error.kind.as_dict()
    match keyword:
        case "required":
            yield Violation((*path, facts["property"]), "is required", keyword)
        case "additionalProperties":
            for name in facts["unexpected"]:
                yield Violation((*path, name), "is not a field that can be written", keyword)
        case _:
            yield Violation(path, _message(keyword, facts) or error.message, keyword)


_WORDING: Final = {
    "minLength": "must be at least {limit} characters",
    "maxLength": "must be at most {limit} characters",
    "minimum": "must be at least {limit}",
    "maximum": "must be at most {limit}",
    "pattern": "must match {pattern}",
    "format": "must be a {format}",
}


def _message(keyword: str, facts: Fields) -> str:
    """Empty where jsonschema's own words do."""
    if keyword == "type":
        return f"must be of type {' or '.join(sorted(facts['types'], key='null'.__eq__))}"
    if keyword == "enum":
        return f"must be one of {', '.join(map(str, facts['options']))}"
    if facts.get("limit") == 1 and keyword == "minLength":
        return "must not be empty"
    return _WORDING.get(keyword, "").format(**facts)
