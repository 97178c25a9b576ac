"""Pages of a listing decoded straight into what the contract says of a resource.

The usual way, held against the general one (`resources.page_of`) by a test: whatever is not plainly
as the contract says is left to that one, which knows how to say what is wrong. Measured on pages of
100 elements: half of the time.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from functools import lru_cache
from keyword import iskeyword
from operator import attrgetter
from types import MappingProxyType
from typing import Any, Final

import msgspec
from msgspec import UNSET, UnsetType

from cfsync import limits
from cfsync.contract import Contract, Field, Kind
from cfsync.model.address import KindName
from cfsync.model.base import NO_ROWS, Base
from cfsync.model.live import Item
from cfsync.model.ports import ListPage, Response
from cfsync.model.values import Fields, Json
from cfsync.remote.envelope import Pagination, is_deeper
from cfsync.remote.resources import page_of
from cfsync.remote.settled import Ways, share, share_fields

_SIMPLE: Final = MappingProxyType(
    {"string": str, "boolean": bool, "integer": int, "number": int | float, "null": None}
)
_SAID: Final = frozenset({"type", "additionalProperties"})
"""Keywords that say what a value is made of, as far as they are understood here."""
_UNDERSTOOD: Final = _SAID | {
    *("description", "title", "default", "examples"),
    *("minLength", "maxLength", "pattern", "format", "minimum", "maximum", "enum"),
}
"""The others are limits, which what stands on the site may have passed long ago."""
_CONTAINERS: Final = frozenset({dict, list})
_ABOVE: Final = 2
"""Containers around a field: its resource, and the list."""


class _Unknown(Exception):
    """A schema that says more than can be said here."""


def decoded_page(
    contract: Contract,
    kind: KindName,
    scope: str | None,
    response: Response,
    rows: Mapping[str, Base] = NO_ROWS,
) -> ListPage:
    """As `page_of`, in half the time for kinds of many resources.

    What is as its row in `rows` says holds the objects of that row. Raises NotAnEnvelope,
    OffContract.
    """
    typed = _typed_pages(contract, kind)
    page = typed.page(response, scope, rows) if typed is not None else None
    if page is None:
        page = page_of(contract, kind, scope, response)
        for item in page.items:
            if item.id in rows:
                share(item, rows[item.id])
    return page


@lru_cache(maxsize=16)
def _typed_pages(contract: Contract, kind: KindName) -> "TypedPages | None":
    """None for a kind that is not told by texts, numbers and plain objects alone."""
    try:
        return TypedPages(contract, kind)
    except _Unknown:
        return None


class TypedPages:
    """Decodes pages of one kind. `None` means: look at it the general way."""

    def __init__(self, contract: Contract, name: KindName) -> None:
        kind = self._kind = contract.kind(name)
        if not {"scope", "parent", "position"} <= kind.roles.keys():
            raise _Unknown
        self._decoder = _decoder(kind, contract.shapes[name, "resource"]["required"])
        self._values: Callable[[Any], tuple[Any, ...]] = attrgetter(*kind.content)
        roles = kind.roles
        place = [roles["id"], roles["scope"], roles["parent"], roles["position"]]
        self._place: Callable[[Any], tuple[Any, ...]] = attrgetter(
            *place, roles["created"], roles["updated"]
        )
        self._immutable = kind.traits
        self._open = tuple(_of_any_depth(kind))
        self._ways = Ways(kind.content)

    def page(
        self, response: Response, scope: str | None, rows: Mapping[str, Base]
    ) -> ListPage | None:
        try:
            answer = self._decoder.decode(response.body)
        except (msgspec.MsgspecError, UnicodeError, RecursionError):
            return None
        if answer.success not in (None, True):
            return None
        items = tuple(self._items(answer.data, scope, rows))
        if len(items) != len(answer.data):
            return None
        page = answer.pagination
        return ListPage(items, page.has_more, page.next_cursor, page.total)

    def _items(
        self, resources: list[Any], scope: str | None, rows: Mapping[str, Base]
    ) -> Iterator[Item]:
        """As many as are plainly right, from the first on; equal texts of a page are one object."""
        one: Callable[[str, str], str] = dict[str, str]().setdefault
        for resource in resources:
            id_, within, parent, position, created, updated = self._place(resource)
            if not id_ or within != scope or parent == "":
                return
            row = rows.get(id_)
            fields = self._fields(self._values(resource), row, one)
            if fields is None:
                return
            if row is not None:
                id_ = row.id
                created = row.created_at if row.created_at == created else created
            else:
                created = one(created, created)
            above = None if parent is None else one(parent, parent)
            changed = one(updated, updated)
            yield Item(self._kind.name, id_, scope, above, position, fields, created, changed)

    def _fields(
        self, values: tuple[Any, ...], row: Base | None, one: Callable[[str, str], str]
    ) -> Fields | None:
        """None for what has to be looked at the general way."""
        if row is not None and (known := self._ways.fields(row.stored, values)) is not None:
            return known
        fields: Fields = dict(zip(self._kind.content, values, strict=True))
        if UNSET in values:
            fields = {key: value for key, value in fields.items() if value is not UNSET}
        for key in self._open:
            if _is_deep(fields.get(key)):
                return None
        for key in self._immutable:
            fields[key] = one(fields[key], fields[key])
        if row is not None:
            share_fields(fields, row.stored)
        return fields


def _decoder(kind: Kind, required: Collection[str]) -> "msgspec.json.Decoder[Any]":
    fields = [_attribute(each, each.name in required) for each in kind.fields.values()]
    row = msgspec.defstruct("Row", fields, kw_only=True, gc=False)
    envelope: list[tuple[str, Any] | tuple[str, Any, Any]] = [
        ("data", list.__class_getitem__(row)),
        ("pagination", Pagination),
        ("success", Any, None),
        ("meta", Any, None),
    ]
    return msgspec.json.Decoder(msgspec.defstruct("Page", envelope))


def _attribute(field: Field, required: bool) -> tuple[str, Any] | tuple[str, Any, Any]:
    if not field.name.isidentifier() or iskeyword(field.name):
        raise _Unknown
    type_ = _type_of(field.schema)
    return (field.name, type_) if required else (field.name, type_ | UnsetType, UNSET)


def _type_of(schema: Fields) -> Any:
    if not _UNDERSTOOD.issuperset(schema) or "type" not in schema:
        raise _Unknown
    if schema["type"] == "object":
        inner = schema.get("additionalProperties", {})
        return dict.__class_getitem__((str, _type_of(inner) if inner else Any))
    named = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if not _SIMPLE.keys() >= set(named):
        raise _Unknown
    union: Any = _SIMPLE[named[0]]
    for each in named[1:]:
        union = union | _SIMPLE[each]
    return union


def _of_any_depth(kind: Kind) -> Iterator[str]:
    for name in kind.content:
        schema = kind.fields[name].schema
        if schema["type"] == "object" and not schema.get("additionalProperties"):
            yield name


def _is_deep(value: Json) -> bool:
    """Below a resource of a list in an envelope; most objects hold no others."""
    if not isinstance(value, dict) or _CONTAINERS.isdisjoint(map(type, value.values())):
        return False
    return is_deeper(value, limits.MAX_JSON_DEPTH - _ABOVE)
