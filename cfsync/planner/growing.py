"""What the files declare as nodes of a plan, each with its address."""

from collections.abc import Iterable, Mapping

from cfsync.contract import Contract
from cfsync.model.address import KindName
from cfsync.model.desired import Desired
from cfsync.planner.node import Node, address_below, is_plain, prefix_below, step_label


def grown(declared: Iterable[Desired], contract: Contract) -> list[Node]:
    """Nodes for declared siblings and all that is declared below them."""
    keys = {name: kind.key for name, kind in contract.kinds.items()}
    roots = _siblings(None, declared, keys)
    stack = list(roots)
    while stack:
        above = stack.pop()
        wanted = above.desired.children
        if wanted and not above.desired.delete:
            above.children = _siblings(above, wanted, keys)
            stack += above.children
    return roots


def _siblings(
    above: Node | None, declared: Iterable[Desired], keys: Mapping[KindName, str]
) -> list[Node]:
    address = None if above is None else above.address
    prefix = prefix_below(address)
    seen: dict[str, int] = {}
    nodes: list[Node] = []
    for one in declared:
        kind = one.kind
        name = str(one.fields.get(keys[kind], ""))
        nth = seen[name] = seen.get(name, 0) + 1
        if kind == "element":  # nearly all: what is before the name is the same for all
            place = prefix + (name if nth == 1 and is_plain(name) else step_label(name, nth))
        else:
            place = address_below(kind, address, name, nth)
        nodes.append(Node(kind, one, above, place, (name, nth)))
    return nodes
