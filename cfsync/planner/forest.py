"""All declared resources of one plan, each with its sides, and who of the site is spoken for."""

from collections.abc import Iterable

from cfsync.contract import Contract
from cfsync.errors import CfsyncError
from cfsync.model.base import Base
from cfsync.model.live import Live
from cfsync.model.values import IdOf
from cfsync.planner.index import BaseIndex, LiveIndex
from cfsync.planner.node import Node
from cfsync.planner.references import mentions


class Forest:
    """Every declared resource, matched; and who of base and site is spoken for."""

    def __init__(
        self,
        base: BaseIndex,
        live: LiveIndex,
        contract: Contract,
        *,
        may_refer: bool = True,
        may_rest: bool = False,
    ) -> None:
        """`may_rest`: a resource about which nothing is to be decided may become quiet."""
        self.base = base
        self.live = live
        self.contract = contract
        self.may_rest = may_rest
        self.roots: list[Node] = []
        self.claimed: dict[str, Node] = {}
        """By id, also of base rows whose resource is gone from the site."""
        self.unseen = base.rows.keys() - live.by_id.keys()
        """Ids of what was settled and is not on the site, as far as that was read."""
        self._nodes: list[Node] = []
        self._busy: list[Node] | None = None
        self._refers = None if may_refer else False
        self._by_address: dict[str, Node] | None = None

    def nodes(self) -> list[Node]:
        """Parents first, siblings as declared."""
        if not self._nodes:
            stack = self.roots[::-1]
            while stack:
                node = stack.pop()
                self._nodes.append(node)
                if node.children:
                    stack.extend(reversed(node.children))
        return self._nodes

    def busy(self) -> list[Node]:
        """All that are not quiet, in the same order."""
        if self._busy is None:
            self._busy = [node for node in self.nodes() if not node.quiet]
        return self._busy

    def look_again(self) -> None:
        """Some became quiet."""
        self._busy = None

    def wake(self, nodes: Iterable[Node]) -> None:
        """Something is decided about these after all."""
        for node in nodes:
            node.quiet = False
            if node.parent is not None:
                node.parent.quiet_below = False
        self._busy = None

    @property
    def refers(self) -> bool:
        """Whether any declared field refers to another resource; asked only once."""
        if self._refers is None:
            self._refers = any(mentions(node.desired.fields) for node in self.nodes())
        return self._refers

    def rows_below(self, parent: Node | None) -> list[Base]:
        """What was settled below a declared resource, as far as that is known."""
        if parent is None:
            return self.base.below(None)
        home = parent.home
        rows = self.base.below(home) if home else []
        adrift = self.base.adrift(parent.address)
        return [*rows, *adrift] if adrift else rows

    def claim(self, node: Node, row: Base | None, live: Live | None) -> None:
        node.base = row
        node.live = live
        id_ = row.id if row is not None else live.item.id if live is not None else ""
        self.claimed[id_] = node

    def target(self, reference: IdOf) -> Node:
        """The declared resource that a reference names. Raises CfsyncError if there is none."""
        if self._by_address is None:
            self._by_address = {node.address: node for node in self.nodes()}
        node = self._by_address.get(reference.address)
        if node is None:
            raise CfsyncError(
                f"a reference names {reference.address}, which the configuration does not declare",
                next_step="cfsync validate",
            )
        return node
