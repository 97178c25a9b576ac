"""Everything that is stored, as a tree: for comparing two states, and for finding by address."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from cfsync.contract import Contract, Kind
from cfsync.emulator.resources import fields_of
from cfsync.emulator.store import Row
from cfsync.model.address import Address
from cfsync.model.values import Fields, Json


@dataclass(slots=True)
class Node:
    row: Row
    kind: Kind
    fields: Fields
    """All but `updatedAt`."""
    children: "list[Node]" = field(default_factory=list)

    @property
    def name(self) -> str:
        return str(self.fields[self.kind.key])

    @property
    def order(self) -> tuple[int, str, str]:
        """As the site shows siblings; kinds without a position by name."""
        roles = self.kind.roles
        if "position" not in roles:
            return (0, self.name, self.row.id)
        return (self.fields[roles["position"]], self.fields[roles["created"]], self.row.id)


def nodes(rows: Iterable[Row], contract: Contract) -> list[Node]:
    """The topmost nodes, siblings in order."""
    by_name = {str(kind.name): kind for kind in contract.kinds.values()}
    by_id = {row.id: Node(row, by_name[row.kind], fields_of(row)) for row in rows}
    top: list[Node] = []
    for node in by_id.values():
        above = by_id.get(node.row.parent or node.row.scope)
        (top if above is None else above.children).append(node)
    for children in (top, *(node.children for node in by_id.values())):
        children.sort(key=lambda each: each.order)
    return top


def addresses(top: Iterable[Node]) -> Iterator[tuple[str, Node]]:
    """Every node with its address, parents first."""
    for node in top:
        address = Address(node.name)
        yield str(address), node
        yield from _below(node, address)


def tree(rows: Iterable[Row], contract: Contract, *, ids: bool) -> list[Fields]:
    """Projects, each with what stands below it under `children`.

    Without ids it is what a visitor could tell apart: no ids and times, and an id that stands
    inside a value is written as the address of what it names. With ids it is everything.
    """
    top = nodes(rows, contract)
    names = {} if ids else {node.row.id: f"id:{address}" for address, node in addresses(top)}
    return [_plain(node, names, ids=ids) for node in top]


def _plain(node: Node, names: dict[str, str], *, ids: bool) -> Fields:
    roles = node.kind.roles
    if ids:
        fields = node.fields | {roles["updated"]: node.row.updated}
    else:
        hidden = {name for role, name in roles.items() if role != "position"}
        fields = {
            name: _named(value, names) for name, value in node.fields.items() if name not in hidden
        }
    return fields | {"children": [_plain(each, names, ids=ids) for each in node.children]}


def _named(value: Json, names: dict[str, str]) -> Json:
    if isinstance(value, str):
        return names.get(value, value)
    if isinstance(value, list):
        return [_named(each, names) for each in value]
    if isinstance(value, dict):
        return {key: _named(each, names) for key, each in value.items()}
    return value


def _below(node: Node, address: Address) -> Iterator[tuple[str, Node]]:
    seen: dict[str, int] = {}
    for child in node.children:
        seen[child.name] = nth = seen.get(child.name, 0) + 1
        below = address.child(child.name, nth)
        yield str(below), child
        yield from _below(child, below)
