"""Finds what a whole former address meant: by the names that were settled, else by the site's."""

from typing import TypeVar

from cfsync.model.address import Address
from cfsync.model.base import Base
from cfsync.model.live import Live
from cfsync.planner.forest import Forest
from cfsync.planner.node import Node

Other = TypeVar("Other", Base, Live)


def former_row(forest: Forest, node: Node, former: str) -> Base | None:
    """The unclaimed row at that address, if the API can move it to where it is declared now."""
    address = _parsed(former, node)
    if address is None:
        return None
    row = _nth(forest.base.named(None), address.project, 1)
    if address.page is not None:
        row = row and _nth(forest.base.named(row.id), address.page, 1)
    id_ = row.id if row is not None else _declared(forest, address)
    for step in address.path:
        row = _nth(forest.base.named(id_), step.name, step.nth) if id_ else None
        id_ = row.id if row is not None else None
    if row is None or row.id in forest.claimed or row.kind != node.kind:
        return None
    return row if _row_scope(forest, row) == _scope(node) else None


def former_live(forest: Forest, node: Node, former: str) -> Live | None:
    """The same among what nobody owns or claimed on the site."""
    address = _parsed(former, node)
    if address is None:
        return None
    live = _nth(forest.live.named(None), address.project, 1)
    if address.page is not None:
        live = live and _nth(forest.live.named(live), address.page, 1)
    for step in address.path:
        live = live and _nth(forest.live.named(live), step.name, step.nth)
    if live is None or live.item.id in forest.claimed or live.item.kind != node.kind:
        return None
    return live if live.item.scope == _scope(node) else None


def _parsed(former: str, node: Node) -> Address | None:
    try:
        address = Address.parse(former)
    except ValueError:
        return None
    return address if address.kind == node.kind else None


def _nth(names: dict[str, list[Other]], name: str, nth: int) -> Other | None:
    found = names.get(name, [])
    return found[nth - 1] if len(found) >= nth else None


def _declared(forest: Forest, address: Address) -> str | None:
    """The page may have been renamed by the same configuration: then its new address does."""
    above = str(Address(address.project, address.page))
    for root in forest.roots:
        for node in (root, *root.children):
            if node.address == above:
                return node.home
    return None


def _scope(node: Node) -> str | None:
    """The id of the page of an element, of the project of a page: a resource never leaves it."""
    above = node.parent
    while above is not None and above.kind == node.kind:
        above = above.parent
    return above.home if above is not None else None


def _row_scope(forest: Forest, row: Base) -> str | None:
    live = forest.live.by_id.get(row.id)
    if live is not None:
        return live.item.scope
    above = forest.base.rows.get(row.parent or "")
    while above is not None and above.kind == row.kind:
        above = forest.base.rows.get(above.parent or "")
    return above.id if above is not None else row.parent
