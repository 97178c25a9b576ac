"""Two resources that would be one: the API allows a natural key once among siblings."""

from collections.abc import Iterable, Iterator

from cfsync.contract import Contract
from cfsync.desired.frame import CHILDREN
from cfsync.desired.marked import MarkedMap
from cfsync.errors import Problem
from cfsync.model.address import KindName
from cfsync.model.values import Json


def twins(siblings: Iterable[Json], kind: KindName, contract: Contract) -> Iterator[Problem]:
    """A problem for each resource whose key an earlier sibling has, here and below.

    Takes anything: what is no resource at all is reported elsewhere.
    """
    if not contract.kind(kind).key_unique:
        return
    key, first = contract.kind(kind).key, dict[str, MarkedMap]()
    for node in siblings:
        if not isinstance(node, MarkedMap):
            continue
        name = node.get(key)
        if isinstance(name, str) and first.setdefault(name, node) is not node:
            yield node.source.problem(
                node.place_of(key),
                f"the {kind} '{name}' is declared twice; first at {first[name].mark_of(key)}",
                expected=f"every {kind} once, with its own {key}",
            )
        below = node.get(CHILDREN[kind])
        if isinstance(below, list):
            yield from twins(below, contract.child_kind(kind), contract)
