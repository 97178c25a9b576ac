"""Answers to Items: what the contract says of their shape is checked here, and only here."""

from typing import Final

from cfsync.contract import Contract, Field, Kind
from cfsync.model.address import KindName
from cfsync.model.live import Item
from cfsync.model.ports import ListPage, Response
from cfsync.model.values import Fields, Json
from cfsync.remote.envelope import listed, short, single

_SHAPE: Final = frozenset({"type", "required", "json"})
"""Keywords whose violation would break what follows. Limits on values are not among them: what
stands on the site stands there, even where the contract assumed too little."""


class OffContract(Exception):
    """A whole answer with a resource that cannot be used. The message names the field."""


def page_of(contract: Contract, kind: KindName, scope: str | None, response: Response) -> ListPage:
    """Raises NotAnEnvelope, OffContract."""
    page = listed(response)
    _share(contract.kind(kind), page.resources)
    items = tuple(
        _item(contract, kind, resource, f"data[{index}]", scope=scope)
        for index, resource in enumerate(page.resources)
    )
    return ListPage(items, page.has_more, page.next_cursor, page.total)


def _share(kind: Kind, resources: list[Fields]) -> None:
    """Let equal ids, times and types of a page be one string: a tenth of an element's memory."""
    known: dict[Json, Json] = {}
    repeated = [each.name for each in kind.fields.values() if _repeats(each)]
    for resource in resources:
        for name in repeated:
            value = resource.get(name)
            if type(value) is str:
                resource[name] = known.setdefault(value, value)


def _repeats(field: Field) -> bool:
    return field.role in ("scope", "parent", "created", "updated") or field.immutable


def item_of(
    contract: Contract,
    kind: KindName,
    response: Response,
    *,
    id_: str | None = None,
    scope: str | None = None,
) -> Item:
    """The resource that was answered; it has to be the one asked for. As `page_of`."""
    item = _item(contract, kind, single(response), "data", scope=scope)
    if id_ is not None and item.id != id_:
        raise OffContract(f"data.id is {short(item.id)!r}, asked for was {id_!r}")
    return item


def _item(
    contract: Contract, kind: KindName, resource: Fields, where: str, *, scope: str | None
) -> Item:
    if not contract.is_valid(kind, resource, "resource"):
        _refuse_shape(contract, kind, resource, where)
    try:
        item = contract.item(kind, resource)
    except ValueError as error:
        raise OffContract(f"{where}: {error}") from error
    if scope is not None and item.scope != scope:
        raise OffContract(f"{where} belongs to {short(item.scope)!r}, asked for was {scope!r}")
    return item


def _refuse_shape(contract: Contract, kind: KindName, resource: Fields, where: str) -> None:
    for violation in contract.violations(kind, resource, "resource"):
        if violation.keyword in _SHAPE:
            path = "".join(f".{step}" for step in violation.path)
            raise OffContract(f"{where}{path} {violation.message}")
