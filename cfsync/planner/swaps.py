"""Names that change places: `a` was `b`, and `b` was `a`, in circles of any length.

`renamed_from` may stay in the files for ever, so a circle alone does not tell whether the names
are still to be swapped, or were swapped by an earlier apply. What was last settled tells it: each
resource is declared with the content that stands under its former name, or under its own. Where
neither is so, nobody guesses.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import Literal, TypeAlias

from cfsync.contract import Contract
from cfsync.errors import ConfigError, Problem
from cfsync.model.address import Address
from cfsync.model.base import Base
from cfsync.model.values import IdOf, Json
from cfsync.planner.forest import Forest
from cfsync.planner.index import BaseIndex
from cfsync.planner.merge import resolved
from cfsync.planner.node import Node
from cfsync.planner.twins import own_fields

Vote: TypeAlias = Literal["swap", "stay"]
Resolve: TypeAlias = Callable[[IdOf], Json]


class Swaps:
    """`resolve` gives the id behind a reference, as far as that is known while matching."""

    def __init__(self, base: BaseIndex, contract: Contract, resolve: Resolve) -> None:
        self._base = base
        self._contract = contract
        self._resolve = resolve

    def among(self, nodes: Sequence[Node], free: dict[str, list[Base]]) -> list[tuple[Node, Base]]:
        """Who of these siblings is which row, where names are still to be swapped.

        Raises ConfigError where that cannot be told.
        """
        found: list[tuple[Node, Base]] = []
        for circle in _circles(nodes, free):
            pairs = [(node, free[_former(node) or ""][0]) for node in circle]
            votes = {
                vote
                for node, former in pairs
                if (vote := self._vote(node, free[node.name][0], former)) is not None
            }
            if votes == {"swap"} or not circle[0].desired.mark.line:  # no file, so nothing is old
                found += pairs
            elif votes != {"stay"}:
                raise _undecided(circle)
        return found

    def refuse_across(self, forest: Forest) -> None:
        """Two that change places between different parents: not in one go, and never in silence.

        Raises ConfigError.
        """
        by_address = {node.address: node for node in forest.nodes() if node.desired.renamed_from}
        for node in by_address.values():
            other = by_address.get(node.desired.renamed_from or "")
            if other is None or other.desired.renamed_from != node.address:
                continue
            if other.parent is node.parent or not node.desired.mark.line:
                continue
            if node.base is None or other.base is None:
                continue
            votes = {
                self._vote(node, node.base, other.base),
                self._vote(other, other.base, node.base),
            }
            if "stay" not in votes:
                raise _undecided([node, other])

    def _vote(self, node: Node, own: Base, former: Base) -> Vote | None:
        """Whose content is declared; who stands below counts where that says nothing."""
        for look, look_at in ((self._own, self._settled), (_inner, self._inner_settled)):
            wanted = look(node)
            stays, swaps = wanted == look_at(own), wanted == look_at(former)
            if stays != swaps:
                return "stay" if stays else "swap"
        return None

    def _own(self, node: Node) -> Hashable:
        fields = resolved(node.desired.fields, self._resolve)
        return own_fields(fields, self._contract.kind(node.kind).key)

    def _settled(self, row: Base) -> Hashable:
        return own_fields(row.sent, self._contract.kind(row.kind).key)

    def _inner_settled(self, row: Base) -> Hashable:
        return tuple(self._base.name(one) for one in self._base.below(row.id))


def _inner(node: Node) -> Hashable:
    return tuple(child.name for child in node.children)


def _former(node: Node) -> str | None:
    """The former name among the same siblings, also where it is written as a whole address."""
    former = node.desired.renamed_from
    if former is None or node.parent is None or not former.startswith(node.parent.address):
        return former
    try:
        address = Address.parse(former)
    except ValueError:
        return former
    if str(address.parent) != node.parent.address:
        return former
    return address.path[-1].name if address.path else address.page


def _circles(nodes: Sequence[Node], free: dict[str, list[Base]]) -> Iterator[list[Node]]:
    """Each node once; only of names that are settled, and each for one resource."""
    named: dict[str, Node | None] = {}
    for node in nodes:
        name = node.name
        lonely = name not in named and len(free.get(name, ())) == 1
        named[name] = node if lonely else None
    seen: set[int] = set()
    for node in nodes:
        circle: list[Node] = []
        at: Node | None = node
        while at is not None and id(at) not in seen:
            seen.add(id(at))
            circle.append(at)
            at = named.get(_former(at) or "")
        if at in circle[:-1]:
            yield circle[circle.index(at) :]


def _undecided(circle: Sequence[Node]) -> ConfigError:
    first = circle[0]
    mark, name = first.desired.mark, first.name
    told = ", and ".join(f"'{node.address}' was '{node.desired.renamed_from}'" for node in circle)
    return ConfigError(
        [
            Problem(
                mark.file,
                mark.line,
                mark.column,
                f"{told}: whether they have been swapped already cannot be told",
                expected="no renamed_from, if they have; else a third name in between: "
                f"call this one '{name}-2', apply, then swap the rest in a second apply",
            )
        ]
    )
