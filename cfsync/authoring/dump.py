"""Trees of dicts, lists and scalars as YAML that reads as if a person had written it.

What is dumped loads back equal, with a reader of YAML 1.1 as with one of 1.2.
"""

from collections.abc import Iterator, Mapping, Sequence

from cfsync.authoring.scalars import WIDTH, block, inline, literal_dollars
from cfsync.model.values import Fields, Json

FLOW_WIDTH = 88
"""A mapping or list that fits into so many columns is written on one line."""

_FIRST = (
    *("version", "project", "slug", "name", "type", "status", "description", "renamed_from"),
    *("manage", "live_edits", "protect", "delete", "ignore"),
    *("content", "seo", "settings", "props", "styles", "visible"),
)
_LAST = ("children", "elements", "pages", "projects")
_OWN_ORDER = frozenset({"seo", "settings", "props", "styles", "vars", "environments"})
_ALWAYS_BLOCK = frozenset({"environments", *_LAST})
_LONGEST_KEY = 100
"""Readers take a key on one line up to 1,024 characters; long ones are written as `? key`."""


def dump(tree: Fields, header: str = "") -> str:
    """The text of a configuration file; `header` becomes comment lines on top of it.

    Keys of resources come in the order name, type, content, props, styles, children; what stands
    inside `props`, `styles`, `seo` and `settings` keeps its order. A literal `${` is written `$${`.
    Raises ValueError for what JSON does not know: other types, NaN, lone surrogates.
    """
    comment = "".join(f"# {line}".rstrip() + "\n" for line in header.splitlines())
    body = "\n".join(_mapping(tree, 0, ordered=True)) if tree else "{}"
    return f"{comment}{body}\n"


def _mapping(value: Mapping[str, Json], indent: int, *, ordered: bool) -> Iterator[str]:
    """Lines, the first without its indentation, since a list writes its dash there."""
    pad = ""
    for key in _in_order(value) if ordered else value:
        yield from _entry(pad, key, value[key], indent, ordered=ordered)
        pad = " " * indent


def _entry(pad: str, key: str, value: Json, indent: int, *, ordered: bool) -> Iterator[str]:
    written = inline(key)
    if len(written) > _LONGEST_KEY:
        yield f"{pad}? {written}"
        pad, written = " " * indent, ""
    flow = None if key in _ALWAYS_BLOCK and value else _flow(value)
    column = indent + len(written) + 2
    if flow is not None and (column + len(flow) <= FLOW_WIDTH or not value):
        yield f"{pad}{written}: {flow}"
    elif isinstance(value, Mapping):
        yield f"{pad}{written}:"
        lines = _mapping(value, indent + 2, ordered=ordered and key not in _OWN_ORDER)
        yield from _below(lines, indent + 2)
    elif isinstance(value, list | tuple):
        yield f"{pad}{written}:"
        lines = _sequence(value, indent + 2, ordered=ordered and key not in _OWN_ORDER)
        yield from _below(lines, indent + 2)
    else:
        yield f"{pad}{written}: {_scalar(value, indent + 2, column)}"


def _below(lines: Iterator[str], indent: int) -> Iterator[str]:
    yield " " * indent + next(lines)
    yield from lines


def _sequence(value: Sequence[Json], indent: int, *, ordered: bool) -> Iterator[str]:
    pad = ""
    for item in value:
        yield from _item(pad, item, indent, ordered=ordered)
        pad = " " * indent


def _item(pad: str, item: Json, indent: int, *, ordered: bool) -> Iterator[str]:
    flow = _flow(item, ordered=ordered)
    if flow is not None and (indent + 2 + len(flow) <= FLOW_WIDTH or not item):
        yield f"{pad}- {flow}"
    elif isinstance(item, Mapping):
        lines = _mapping(item, indent + 2, ordered=ordered)
        yield f"{pad}- {next(lines)}"
        yield from lines
    elif isinstance(item, list | tuple):
        lines = _sequence(item, indent + 2, ordered=ordered)
        yield f"{pad}- {next(lines)}"
        yield from lines
    else:
        yield f"{pad}- {_scalar(item, indent + 2, indent + 2)}"


def _flow(value: Json, *, ordered: bool = False) -> str | None:
    """A mapping, or a list of scalars, on one line; None for what is not written so."""
    match value:
        case Mapping():
            keys = _in_order(value) if ordered else list(value)
            parts = [_flow_entry(key, value[key]) for key in keys]
            left, right = "{", "}"
        case list() | tuple():
            parts = [_flow_scalar(item) for item in value]
            left, right = "[", "]"
        case _:
            return None
    whole = [part for part in parts if part is not None]
    text = left + ", ".join(whole) + right
    return text if len(whole) == len(parts) else None


def _flow_entry(key: str, value: Json) -> str | None:
    if len(key) > _LONGEST_KEY or (key in _LAST and value):
        return None
    inner = _flow(value) if isinstance(value, Mapping | list | tuple) else _flow_scalar(value)
    return None if inner is None else f"{inline(key, flow=True)}: {inner}"


def _flow_scalar(value: Json) -> str | None:
    if isinstance(value, Mapping | list | tuple):
        return None
    if isinstance(value, str):
        # a longer one could not fit anyway, and a line break wants a block of its own
        return inline(literal_dollars(value), flow=True) if _is_short(value) else None
    return _bare(value)


def _is_short(text: str) -> bool:
    return len(text) <= FLOW_WIDTH and "\n" not in text


def _scalar(value: Json, indent: int, column: int) -> str:
    if isinstance(value, str):
        return block(literal_dollars(value), indent, min(column, WIDTH))
    return _bare(value)


def _bare(value: Json) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float() if value - value == 0:
            text = repr(value)
            # 1e+16 is a number to YAML 1.2 only
            return text if "." in text else text.replace("e", ".0e")
        case _:
            raise ValueError(f"{value!r} cannot be written: it is not a JSON value")


def _in_order(value: Mapping[str, Json]) -> list[str]:
    middle = len(_FIRST)
    rank = {key: number for number, key in enumerate(_FIRST)}
    rank |= {key: middle + 1 + number for number, key in enumerate(_LAST)}
    return sorted(value, key=lambda key: rank.get(key, middle))
