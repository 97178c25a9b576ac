"""Which declared resource is which: desired to base, base to live, and what nobody declared.

Names are looked at within the parent that was already matched, so the work goes down the tree. A
base row names its resource on the site by id: a designer's rename is a rename, a designer's move
is found at its new place. Whoever has no row is put off until everybody who has one was matched:
first comes an unowned sibling of that name, then a former name, then an owned sibling that is now
called so on the site, then a former address.
"""

from collections import deque
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import TypeVar

from cfsync.contract import Contract
from cfsync.model.address import KindName
from cfsync.model.base import Base
from cfsync.model.desired import Desired, DesiredState
from cfsync.model.live import Live
from cfsync.model.values import Fields, IdOf, Json
from cfsync.planner.forest import Forest
from cfsync.planner.former import former_live, former_row
from cfsync.planner.groups import Group, claim_in_step
from cfsync.planner.growing import grown
from cfsync.planner.index import BaseIndex, LiveIndex
from cfsync.planner.node import Node
from cfsync.planner.same import same
from cfsync.planner.swaps import Swaps
from cfsync.planner.twins import Twins, freeze

Other = TypeVar("Other", Base, Live)


def match(
    desired: DesiredState,
    base: BaseIndex,
    live: LiveIndex,
    contract: Contract,
    *,
    may_rest: bool = False,
) -> Forest:
    """`may_rest` as in `Forest`.

    Raises ConfigError where a swap of names cannot be told from one that was made already.
    """
    forest = Forest(base, live, contract, may_refer=desired.refers, may_rest=may_rest)
    forest.roots = grown(desired.projects, contract)
    _Matcher(forest).run()
    return forest


class _Matcher:
    def __init__(self, forest: Forest) -> None:
        self._forest = forest
        self._twins = Twins(forest.base, forest.contract, self._resolved)
        self._swaps = Swaps(forest.base, forest.contract, self._resolved)
        self._renames = False
        self._queue: deque[Group] = deque([(None, forest.roots)])
        self._rowless: deque[Group] = deque()
        self._moved: deque[Node] = deque()
        self._traits = {name: kind.traits for name, kind in forest.contract.kinds.items()}

    def run(self) -> None:
        """Everybody with a row, from above; then groups without; then former addresses.

        Raises ConfigError where a swap of names cannot be told from one that was made already.
        """
        while True:
            if self._queue:
                self._by_row(self._queue.popleft())
            elif self._rowless:
                self._by_site(*self._rowless.popleft())
            elif self._moved:
                node = self._moved.popleft()
                self._by_former_address(node)
                self._descend(node)
            else:
                break
        if self._renames:
            self._swaps.refuse_across(self._forest)

    def _descend(self, node: Node) -> None:
        if node.children:
            self._queue.append((node, node.children))

    def _resolved(self, reference: IdOf) -> Json:
        """The id behind a reference, as far as its resource was matched already."""
        node = self._forest.target(reference)
        return reference if node.live is None else node.live.item.id

    def _by_row(self, group: Group) -> None:
        for parent, nodes in claim_in_step(self._forest, group):
            self._by_row_and_name(parent, nodes)

    def _by_row_and_name(self, parent: Node | None, nodes: Sequence[Node]) -> None:
        base, claimed = self._forest.base, self._forest.claimed
        rows = self._forest.rows_below(parent)
        free: dict[str, list[Base]] = {}
        for row in rows:
            if row.id not in claimed:
                free.setdefault(base.name(row), []).append(row)
        chained = self._rename_chains(parent, nodes, free)
        others = [node for node in nodes if id(node) not in chained] if chained else nodes
        rest = self._paired(others, free, self._claim_row, self._row_twins) if free else nodes
        rest = [*rest, *(node for node in nodes if self._made_anew(parent, node))]
        self._queue.extend((node, node.children) for node in nodes if node.children and node.base)
        if rest:
            self._rowless.append((parent, rest))

    def _paired(
        self,
        nodes: Sequence[Node],
        free: dict[str, list[Other]],
        claim: Callable[[Node, Other], None],
        twins: Callable[[list[Node], list[Other]], Iterable[tuple[int, int]]],
    ) -> list[Node]:
        """Claim by name, twins by what they are; returns who found nobody, in order."""
        groups: dict[str, list[Node]] = {}
        for node in nodes:
            groups.setdefault(node.name, []).append(node)
        found: set[int] = set()
        for name, group in groups.items():
            others = free.get(name)
            if not others:
                continue
            for left, right in twins(group, others):
                claim(group[left], others[right])
                found.add(id(group[left]))
        return [node for node in nodes if id(node) not in found]

    def _rename_chains(
        self, parent: Node | None, nodes: Sequence[Node], free: dict[str, list[Base]]
    ) -> set[int]:
        """Claim rows along `c` was `b`, `b` was `a`, where no `c` was and `a` is somebody new.

        And where names change places.

        Elsewhere a name that was settled speaks louder than a former one: `renamed_from` may stay
        in the files for ever, and must not rename again.
        """
        chained: set[int] = set()
        if all(node.desired.renamed_from is None for node in nodes):
            return chained
        self._renames = True
        for node, row in self._swaps.among(nodes, free):
            del free[self._forest.base.name(row)]
            self._claim_row(node, row)
            chained.add(id(node))
        wanted = {node.name: node for node in nodes}
        for node in nodes:
            chain: list[Node] = []
            at: Node | None = node if node.name not in free else None
            while at is not None and at.desired.renamed_from in free and at not in chain:
                chain.append(at)
                at = wanted.get(at.desired.renamed_from or "")
            if not chain or any(id(one) in chained for one in chain):
                continue
            if self._ends(parent, chain, at, free):
                for one in chain:
                    self._claim_row(one, free.pop(one.desired.renamed_from or "")[0])
                    chained.add(id(one))
        return chained

    def _ends(
        self, parent: Node | None, chain: list[Node], at: Node | None, free: dict[str, list[Base]]
    ) -> bool:
        """Whether the last former name is nobody's by now, or goes to somebody new."""
        if at is None:
            return len(chain) > 1
        rows = free[chain[-1].desired.renamed_from or ""]
        if at.desired.renamed_from is not None or at in chain or len(rows) > 1:
            return False
        if same(at.desired.fields, rows[0].sent):
            return False  # that one is who it was
        if parent is not None and parent.live is None:
            return True
        named = self._forest.live.named(parent.live if parent else None)
        return all(live.item.id in self._forest.base.rows for live in named.get(chain[0].name, ()))

    def _made_anew(self, parent: Node | None, node: Node) -> bool:
        """Whether the site deleted it and somebody made another one of the same unique key."""
        forest = self._forest
        kind = forest.contract.kind(node.kind)
        if node.base is None or node.live is not None or not kind.key_unique:
            return False
        if parent is not None and parent.live is None:
            return False
        above = parent.live if parent else None
        others = forest.live.named(above).get(node.name, ())
        if all(live.item.id in forest.base.rows for live in others):
            return False
        del forest.claimed[node.base.id]
        node.base = None
        return True

    def _claim_row(self, node: Node, row: Base) -> None:
        live = self._forest.live.by_id.get(row.id)
        if live is not None and live.item.kind != row.kind:
            live = None
        if node.address == row.address:
            node.address = row.address  # one text for both
        self._forest.claim(node, row, live)

    def _row_twins(self, nodes: Sequence[Node], rows: list[Base]) -> Iterable[tuple[int, int]]:
        """By type and content; then a changed type, in order: a replacement."""
        if len(nodes) == len(rows) == 1:
            return [(0, 0)]
        pairs = list(
            self._by_trait(
                nodes,
                rows,
                lambda row: self._trait(row.kind, row.sent),
                self._twins.with_rows,
            )
        )
        left = sorted(set(range(len(nodes))) - {a for a, _ in pairs})
        right = sorted(set(range(len(rows))) - {b for _, b in pairs})
        return [*pairs, *zip(left, right, strict=False)]

    def _trait(self, kind: KindName, fields: Fields) -> Hashable:
        return tuple(freeze(fields.get(name)) for name in self._traits[kind])

    def _by_trait(
        self,
        nodes: Sequence[Node],
        others: list[Other],
        trait: Callable[[Other], Hashable],
        pair: Callable[[Sequence[Desired], Sequence[Other]], Iterable[tuple[int, int]]],
    ) -> Iterable[tuple[int, int]]:
        lefts: dict[Hashable, list[int]] = {}
        rights: dict[Hashable, list[int]] = {}
        for number, node in enumerate(nodes):
            lefts.setdefault(self._trait(node.kind, node.desired.fields), []).append(number)
        for number, other in enumerate(others):
            rights.setdefault(trait(other), []).append(number)
        for key, left in lefts.items():
            right = rights.get(key, [])
            for a, b in pair([nodes[i].desired for i in left], [others[i] for i in right]):
                yield left[a], right[b]

    def _by_site(self, parent: Node | None, nodes: Sequence[Node]) -> None:
        """An unowned sibling, a former name, an owned sibling that is called so by now."""
        rest = self._among(parent, nodes, owned=False)
        rest = [node for node in rest if not self._by_former_name(parent, node)]
        rest = self._among(parent, rest, owned=True)
        moved = {id(node) for node in rest if node.desired.renamed_from is not None}
        self._moved.extend(node for node in rest if id(node) in moved)
        for node in nodes:
            if id(node) not in moved:
                self._descend(node)

    def _among(self, parent: Node | None, nodes: Sequence[Node], *, owned: bool) -> list[Node]:
        forest = self._forest
        if not nodes or (parent is not None and parent.live is None):
            return list(nodes)
        wanted = {node.name for node in nodes}
        free: dict[str, list[Live]] = {}
        for name, group in forest.live.named(parent.live if parent else None).items():
            if name in wanted:
                free[name] = [
                    live
                    for live in group
                    if (live.item.id in forest.base.rows) is owned
                    and live.item.id not in forest.claimed
                    and live.item.kind == nodes[0].kind
                ]
        return self._paired(nodes, free, self._claim_live, self._live_twins)

    def _live_twins(self, nodes: Sequence[Node], others: list[Live]) -> Iterable[tuple[int, int]]:
        return self._by_trait(
            nodes,
            others,
            lambda live: self._trait(live.item.kind, live.item.fields),
            self._twins.with_live,
        )

    def _claim_live(self, node: Node, live: Live) -> None:
        self._forest.claim(node, self._forest.base.rows.get(live.item.id), live)

    def _by_former_name(self, parent: Node | None, node: Node) -> bool:
        """`renamed_from: cta`, a sibling's former name."""
        forest, former = self._forest, node.desired.renamed_from
        if former is None or (parent is not None and parent.home is None):
            return False
        for row in forest.base.named(parent.home if parent else None).get(former, ()):
            if row.id not in forest.claimed and row.kind == node.kind:
                self._claim_row(node, row)
                return True
        if parent is not None and parent.live is None:
            return False
        for live in forest.live.named(parent.live if parent else None).get(former, ()):
            if live.item.id not in forest.claimed and live.item.kind == node.kind:
                self._claim_live(node, live)
                return True
        return False

    def _by_former_address(self, node: Node) -> None:
        """`renamed_from: site:index#hero/cta`, a move from another parent."""
        former = node.desired.renamed_from or ""
        row = former_row(self._forest, node, former)
        if row is not None:
            self._claim_row(node, row)
            return
        live = former_live(self._forest, node, former)
        if live is not None:
            self._claim_live(node, live)
