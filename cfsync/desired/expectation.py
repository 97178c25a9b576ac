"""What a schema expects of a value, and what stands there instead, in words."""

from typing import Final

from cfsync.desired.frame import NOT_YET
from cfsync.model.values import Fields, Json

_TYPES: Final = {
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping",
    "null": "null",
}
_SHOWN: Final = 40


def shown(value: Json) -> str:
    """A value in a message, cut where it is long."""
    if isinstance(value, str):
        return f"'{value if len(value) <= _SHOWN else value[: _SHOWN - 1] + '…'}'"
    if value is None or isinstance(value, bool):
        return str(value).lower().replace("none", "null")
    return type_of(value) if isinstance(value, list | dict) else str(value)[:_SHOWN]


def type_of(value: Json) -> str:
    """`a text`, `an empty list`, …; never the value itself."""
    match value:
        case None:
            return "nothing (null)"
        case bool():
            return "true or false"
        case str():
            return "a text"
        case int() | float():
            return "a number"
        case list():
            return "a list" if value else "an empty list"
        case _:
            return "a mapping" if value else "an empty mapping"


def expectation(schema: Fields) -> str:
    """`one of: draft, published`, `a whole number 0–100`, `a text of 3–200 characters`."""
    if "enum" in schema:
        return "one of: " + ", ".join(map(str, schema["enum"]))
    if "const" in schema:
        return str(schema["const"])
    types = schema.get("type", "")
    names = types if isinstance(types, list) else [types]
    # null last: nobody who made a mistake meant it
    words = [_with_bounds(name, schema) for name in sorted(names, key="null".__eq__) if name]
    return " or ".join(words) + _example(schema)


def is_later(schema: Fields) -> bool:
    """Whether this version knows no more of a key than its name."""
    return schema.items() >= NOT_YET.items()


def _with_bounds(name: str, schema: Fields) -> str:
    words = _TYPES[name]
    if name in ("integer", "number"):
        return words + _range(schema.get("minimum"), schema.get("maximum"))
    if name == "string":
        least, most = schema.get("minLength", 0), schema.get("maxLength")
        bounds = _range(least if least > 1 else None, most)
        return f"{words} of{bounds} characters" if bounds else words
    if name == "object" and "properties" in schema:
        known = [key for key, inner in schema["properties"].items() if not is_later(inner)]
        return f"{words} with {', '.join(known)}"
    return words


def _range(least: Json, most: Json) -> str:
    if least is not None and most is not None:
        return f" {least}–{most}"
    if least is not None:
        return f" at least {least}"
    return "" if most is None else f" at most {most}"


def _example(schema: Fields) -> str:
    example = schema.get("examples", [schema.get("default")])[0]
    return f", like {example}" if isinstance(example, str) and example else ""
