"""Who is who among siblings of the same name and type.

Equal subtrees pair first, in order; then equal own fields; then what is left, in order. So a twin
inserted in front is one new resource, and nothing that follows is rewritten. Hash buckets keep it
linear: a subtree is turned into one small number, equal numbers meaning equal subtrees.
"""

from collections import deque
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Generic, TypeAlias, TypeVar

from cfsync.contract import Contract
from cfsync.model.base import Base, leaves
from cfsync.model.desired import Desired
from cfsync.model.live import Live
from cfsync.model.values import FieldPath, Fields, IdOf, Json, Maybe, at
from cfsync.planner.index import BaseIndex
from cfsync.planner.merge import resolved
from cfsync.planner.references import mentions
from cfsync.planner.same import fits, same

Other = TypeVar("Other")
Resolve: TypeAlias = Callable[[IdOf], Json]
Shape: TypeAlias = tuple[tuple[FieldPath, ...], "tuple[Shape, ...] | None"]

_SHAPES = 8
"""Twins that declare different leaves are told apart by subtree up to this many ways."""


class Pairing(Generic[Other]):
    """Collects pairs of desired resources and others of one name; what is taken stays taken."""

    def __init__(self, left: Sequence[Desired], right: Sequence[Other]) -> None:
        self.left = list(enumerate(left))
        self.right: list[tuple[int, Other]] = list(enumerate(right))
        self.pairs: list[tuple[int, int]] = []

    def ends(self, alike: Callable[[Desired, Other], bool]) -> None:
        """Pair what is alike from the front, then from the back: the usual case, without hashes."""
        for end in (0, -1):
            while self.left and self.right and alike(self.left[end][1], self.right[end][1]):
                self.pairs.append((self.left.pop(end)[0], self.right.pop(end)[0]))

    def equal(
        self,
        of_left: Callable[[Desired], Hashable],
        of_right: Callable[[Other], Iterable[Hashable]],
    ) -> None:
        """Pair equal keys in order; the right side may answer to several."""
        buckets: dict[Hashable, deque[int]] = {}
        for place, (_, other) in enumerate(self.right):
            for key in of_right(other):
                buckets.setdefault(key, deque()).append(place)
        taken: set[int] = set()
        rest = []
        for number, wanted in self.left:
            bucket = buckets.get(of_left(wanted), deque())
            while bucket and bucket[0] in taken:
                bucket.popleft()
            if bucket:
                taken.add(bucket[0])
                self.pairs.append((number, self.right[bucket.popleft()][0]))
            else:
                rest.append((number, wanted))
        self.left = rest
        self.right = [entry for place, entry in enumerate(self.right) if place not in taken]

    def in_order(self) -> None:
        self.pairs.extend((a, b) for (a, _), (b, _) in zip(self.left, self.right, strict=False))


class Twins:
    """Pairs desired resources with base rows or live ones; remembers every subtree it has seen."""

    def __init__(self, base: BaseIndex, contract: Contract, resolve: Resolve) -> None:
        self._base = base
        self._contract = contract
        self._resolve = resolve
        self._numbers: dict[Hashable, int] = {}

    def with_rows(self, left: Sequence[Desired], right: Sequence[Base]) -> list[tuple[int, int]]:
        pairing = Pairing[Base](left, right)
        pairing.ends(self._alike_row)
        if pairing.left and pairing.right:
            pairing.equal(self._subtree, lambda row: (self._row_subtree(row),))
            pairing.equal(self._own, lambda row: (self._number(freeze(row.sent)),))
            pairing.in_order()
        return pairing.pairs

    def with_live(self, left: Sequence[Desired], right: Sequence[Live]) -> list[tuple[int, int]]:
        pairing = Pairing[Live](left, right)
        pairing.ends(_alike_live)
        for deep in (True, False):
            if pairing.left and pairing.right:
                self._by_shape(pairing, deep=deep)
        pairing.in_order()
        return pairing.pairs

    def _alike_row(self, wanted: Desired, row: Base) -> bool:
        """Whether a whole subtree is declared as it was settled."""
        fields = wanted.fields
        if not same(fields, row.sent) and not (
            mentions(fields) and same(resolved(fields, self._resolve), row.sent)
        ):
            return False
        below = self._base.below(row.id)
        children = wanted.children or ()
        return len(children) == len(below) and all(map(self._alike_row, children, below))

    def _number(self, key: Hashable) -> int:
        return self._numbers.setdefault(key, len(self._numbers))

    def _own(self, wanted: Desired) -> int:
        return self._number(freeze(wanted.fields, self._resolve))

    def _subtree(self, wanted: Desired) -> int:
        below = tuple(map(self._subtree, wanted.children or ()))
        return self._number((self._own(wanted), below))

    def _row_subtree(self, row: Base) -> int:
        below = tuple(map(self._row_subtree, self._base.below(row.id)))
        return self._number((self._number(freeze(row.sent)), below))

    def _by_shape(self, pairing: Pairing[Live], *, deep: bool) -> None:
        """Live resources hold more than is declared, so they answer once for each shape."""
        shapes = list(dict.fromkeys(_shape(wanted, deep=deep) for _, wanted in pairing.left))

        def of_left(wanted: Desired) -> Hashable:
            shape = _shape(wanted, deep=deep)
            return (shape, self._declared(wanted, shape))

        def of_right(live: Live) -> Iterable[Hashable]:
            return ((shape, self._shown(live, shape)) for shape in shapes[:_SHAPES])

        pairing.equal(of_left, of_right)

    def _declared(self, wanted: Desired, shape: Shape) -> int:
        paths, below = shape
        own = tuple(freeze(at(wanted.fields, path), self._resolve) for path in paths)
        inner = () if below is None else map(self._declared, wanted.children or (), below)
        return self._number((own, tuple(inner)))

    def _shown(self, live: Live, shape: Shape) -> int:
        paths, below = shape
        own = tuple(freeze(at(live.item.fields, path)) for path in paths)
        children = live.children or ()
        if below is None:
            return self._number((own, ()))
        if len(children) != len(below):
            return -1
        return self._number((own, tuple(map(self._shown, children, below))))


def freeze(value: Maybe, resolve: Resolve | None = None) -> Hashable:
    """A value that can be a key, equal exactly where JSON's values are equal."""
    if isinstance(value, dict):
        return ("{}", *((name, freeze(value[name], resolve)) for name in sorted(value)))
    if isinstance(value, list):
        return ("[]", *(freeze(inner, resolve) for inner in value))
    if isinstance(value, bool):
        return ("bool", value)
    if isinstance(value, IdOf) and resolve is not None:
        value = resolve(value)
    return value


def _shape(wanted: Desired, *, deep: bool) -> Shape:
    paths = tuple(sorted(leaves(wanted.fields)))
    if not deep or wanted.children is None:
        return (paths, None)
    return (paths, tuple(_shape(child, deep=True) for child in wanted.children))


def _alike_live(wanted: Desired, live: Live) -> bool:
    if not fits(wanted.fields, live.item.fields):
        return False
    if wanted.children is None:
        return True
    below = live.children or ()
    return len(wanted.children) == len(below) and all(map(_alike_live, wanted.children, below))


def own_fields(fields: Fields, key: str) -> Hashable:
    """Everything but the name."""
    return freeze({name: value for name, value in fields.items() if name != key})
