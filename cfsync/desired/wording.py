"""A violation of the schema as a problem that a person can act on."""

import re
from dataclasses import replace
from typing import Final

from cfsync.contract import Contract
from cfsync.desired import frame
from cfsync.desired.expectation import expectation, is_later, shown, type_of
from cfsync.desired.formats import FORMATS
from cfsync.desired.marked import MarkedList, MarkedMap
from cfsync.desired.nearest import nearest
from cfsync.desired.violation import Violation, at
from cfsync.desired.yaml_tree import Document
from cfsync.errors import Problem
from cfsync.model.address import KindName
from cfsync.model.slug import slug_of
from cfsync.model.values import Json

_ROLES: Final = {
    "position": "order in the file is order on the page: nobody writes '{name}'",
    "parent": "'{name}' follows from the place in the file: write the element under its parent",
}
_BY_API: Final = "'{name}' is set by the API and cannot be written"
_KEY_SOURCES: Final = "{env: CODEFLUSS_API_KEY}, {keyring: NAME} or {command: [PROGRAM, ARGUMENT]}"
_BELOW: Final = frozenset(frame.CHILDREN.values())


def problem_of(violation: Violation, document: Document, contract: Contract) -> Problem:
    value = at(document.root, violation.path)
    message, expected, suggestion = _words(violation, value, contract)
    place = _place(document.root, violation)
    problem = document.source.problem(place, message, expected=expected, suggestion=suggestion)
    return _discreet(problem, violation)


def _words(  # noqa: PLR0911 - a table
    violation: Violation, value: Json, contract: Contract
) -> tuple[str, str, str]:
    """Message, expectation, nearest known name."""
    schema, name = violation.schema, violation.name
    match violation.keyword:
        case "required":
            return f"'{name}' is missing", expectation(schema["properties"].get(name, {})), ""
        case "additionalProperties":
            return _unknown(violation, value, contract)
        case "not":
            return f"'{violation.path[-1]}' is not supported by this version of cfsync", "", ""
        case "type" if violation.path[-1:] == ("token",):
            return "a token must not be written in a file", _KEY_SOURCES, ""
        case "enum" if isinstance(value, str):
            known = nearest(value, map(str, schema["enum"]))
            return f"{shown(value)} is not known here", expectation(schema), known
        case "format":
            return _misfit(schema["format"], value), expectation(schema), ""
        case "pattern":
            tidied = _tidied(value, schema["pattern"])
            return f"{shown(value)} does not fit {schema['pattern']}", expectation(schema), tidied
        case "propertyNames":
            return f"{shown(name)} cannot be a name", "letters, digits, and . _ - within", ""
        case _:
            return _measured(violation, value), expectation(schema), ""


def _tidied(value: str, pattern: str) -> str:
    """`about/our-team` for `About/Our Team`, where that fits; else nothing."""
    slug = "/".join(filter(None, map(slug_of, value.split("/"))))
    return slug if re.search(pattern, slug) else ""


def _measured(violation: Violation, value: Json) -> str:
    last = violation.path[-1] if violation.path else None
    what = f"'{last}' " if isinstance(last, str) else "this " if violation.path else "the file "
    match violation.keyword:
        case "minLength":
            return f"{what}is too short" if value else f"{what}is empty"
        case "maxLength":
            return f"{what}is too long: {len(value)} characters"
        case "minimum" | "maximum" | "const" | "enum":
            return f"{what}cannot be {shown(value)}"
        case "maxProperties":
            return f"{what}has more than one key"
        case _:
            empty = value is None and not violation.path
            return "the file is empty" if empty else f"{what}is {type_of(value)}"


def _misfit(name: str, value: str) -> str:
    try:
        FORMATS[name](value)
    except KeyError:  # one of JSON Schema's own
        return f"{shown(value)} is not a {name}"
    except ValueError as error:
        return str(error)
    raise AssertionError(f"{shown(value)} fits {name}")


def _unknown(violation: Violation, value: Json, contract: Contract) -> tuple[str, str, str]:
    name, known = violation.name, violation.schema["properties"]
    kind = contract.kinds.get(_kind_name(violation.definition))
    if kind is not None and name in kind.fields:
        role = kind.fields[name].role
        return _ROLES.get(role, _BY_API).format(name=name), "", ""
    if violation.definition == "file" and name in frame.ROOT:
        return f"'{name}' belongs in cfsync.yaml, not in a file that it includes", "", ""
    fresh = [key for key in known if key not in value and not is_later(known[key])]
    below = sorted(_BELOW.intersection(known)) if name in _BELOW else ()
    suggestion = below[0] if below else nearest(name, fresh)
    expected = "one of: " + ", ".join(fresh) if fresh else "no other key"
    return f"unknown key '{name}'", expected, suggestion


def _kind_name(definition: str) -> KindName:
    return definition  # type: ignore[return-value]  # anything else is in no contract


def _place(root: Json, violation: Violation) -> int:
    path = violation.path
    holder = at(root, path)
    if violation.name and violation.keyword != "required":
        return holder.key_place(violation.name) if isinstance(holder, MarkedMap) else 0
    if not path:
        return holder.place if isinstance(holder, MarkedMap | MarkedList) else 0
    parent = at(root, path[:-1])
    if violation.keyword == "not":
        return int(parent.key_place(path[-1]))
    return int(parent.place_of(path[-1]))


def _discreet(problem: Problem, violation: Violation) -> Problem:
    """Where a key may have been pasted, show the line no further than what is wrong."""
    path, unknown = violation.path, violation.keyword == "additionalProperties"
    if path[:1] != ("environments",) or not ("token" in path or unknown):
        return problem
    shown = problem.source[: problem.column - 1] + (f"{violation.name}: " if unknown else "")
    return replace(problem, source=shown + "…")
