"""Numbers for siblings, so that as few as possible have to be written.

Given siblings in the order they should have, those keep their number that form a longest
subsequence in which every gap can hold what goes between. With p the positions and i, j places in
the wanted order, i and j may be kept next to each other if p[j] - p[i] >= j - i: there is room for
everything between, strictly. With q = p - place that is q[i] <= q[j]: a longest non-decreasing
subsequence, found with a Fenwick tree of maxima in O(n log n). Only direct neighbours may also
share a number, where their creation times already put them in order.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from cfsync.limits import MAX_POSITION, POSITION_STEP

Shown: TypeAlias = tuple[int, str, str]
"""(position, created at, id): the order in which siblings are shown."""


@dataclass(frozen=True, slots=True)
class Numbering:
    """`positions` has a number for each sibling in the wanted order, kept ones included.

    `moved` are the places of those out of order, the fewest that there can be: whoever is not in a
    longest common subsequence. Such a one may keep its number where its neighbours change theirs.
    `renumbered` are the places of the others that get a new number.
    """

    positions: list[int]
    moved: list[int]
    renumbered: list[int]


def number(wanted: Sequence[Shown | None]) -> Numbering:
    """Numbers for siblings in wanted order; None is one that has no number yet."""
    kept = _longest_kept(wanted)
    positions: list[int] = []
    before, low = -1, -1
    for place in (*kept, len(wanted)):
        shown = wanted[place] if place < len(wanted) else None
        high = MAX_POSITION + 1 if shown is None else shown[0]
        first, last = before < 0, shown is None
        positions += _spread(low, high, place - before - 1, first=first, last=last)
        if shown is not None:
            positions.append(shown[0])
            before, low = place, shown[0]
    changed = [
        i for i, shown in enumerate(wanted) if shown is not None and shown[0] != positions[i]
    ]
    moved = min(_out_of_order(wanted, kept), _out_of_order(wanted, ()), key=len)
    return Numbering(positions, moved, [i for i in changed if i not in set(moved)])


def _longest_kept(wanted: Sequence[Shown | None]) -> list[int]:
    """Places of a largest set that can keep its numbers."""
    count = len(wanted)
    slack = [None if one is None else one[0] - place for place, one in enumerate(wanted)]
    ranks = sorted({q for q in slack if q is not None})
    tree = _Maxima(len(ranks))
    lengths = [0] * count
    before = [-1] * count
    for place, one in enumerate(wanted):
        q = slack[place]
        if one is None or q is None:
            continue
        rank = bisect_left(ranks, q)
        lengths[place], before[place] = tree.best(rank)
        neighbour = wanted[place - 1] if place else None
        if (
            neighbour is not None
            and lengths[place - 1] > lengths[place]
            and neighbour[0] == one[0]
            and neighbour < one
        ):
            lengths[place], before[place] = lengths[place - 1], place - 1
        if lengths[place] or q >= 0:  # the first kept one leaves room for all before it
            lengths[place] += 1
            tree.raise_to(rank, lengths[place], place)
    ends = [i for i, q in enumerate(slack) if q is not None and q <= MAX_POSITION - count + 1]
    place = max(ends, key=lengths.__getitem__, default=-1)  # the last one, for all behind it
    kept = []
    while place >= 0 and lengths[place]:
        kept.append(place)
        place = before[place]
    return kept[::-1]


class _Maxima:
    """Fenwick tree: the longest chain, and where it ends, among all ranks up to one."""

    def __init__(self, size: int) -> None:
        self._best = [(0, -1)] * (size + 1)

    def best(self, rank: int) -> tuple[int, int]:
        found = (0, -1)
        node = rank + 1
        while node:
            if self._best[node][0] > found[0]:
                found = self._best[node]
            node &= node - 1
        return found

    def raise_to(self, rank: int, length: int, place: int) -> None:
        node = rank + 1
        while node < len(self._best):
            if self._best[node][0] < length:
                self._best[node] = (length, place)
            node += node & -node


def _spread(low: int, high: int, count: int, *, first: bool, last: bool) -> list[int]:
    """`count` numbers between `low` and `high`, both excluded: in steps at the ends, else even."""
    if last and low + count * POSITION_STEP < high:
        start = 0 if first else low
        return [start + POSITION_STEP * step for step in range(1, count + 1)]
    if first and high - count * POSITION_STEP >= 0:
        return [high - POSITION_STEP * step for step in range(count, 0, -1)]
    return [low + (high - low) * step // (count + 1) for step in range(1, count + 1)]


def _out_of_order(wanted: Sequence[Shown | None], kept: Sequence[int]) -> list[int]:
    """The fewest places that are not in one order with the rest, whoever is kept being in order."""
    out: list[int] = []
    before, low = -1, (-1, "", "")
    for place in (*kept, len(wanted)):
        shown = wanted[place] if place < len(wanted) else None
        high = shown or (MAX_POSITION + 1, "", "")
        between = [(i, wanted[i]) for i in range(before + 1, place)]
        inside = [(i, one) for i, one in between if one is not None and low < one < high]
        in_order = _longest_increasing(inside)
        out += [i for i, one in between if one is not None and i not in in_order]
        before, low = place, high
    return out


def _longest_increasing(entries: Sequence[tuple[int, Shown]]) -> set[int]:
    """Places of a longest increasing subsequence (patience sorting)."""
    tops: list[Shown] = []
    ends: list[int] = []
    before: dict[int, int] = {}
    for place, shown in entries:
        pile = bisect_left(tops, shown)
        before[place] = ends[pile - 1] if pile else -1
        if pile == len(tops):
            tops.append(shown)
            ends.append(place)
        else:
            tops[pile], ends[pile] = shown, place
    found: set[int] = set()
    place = ends[-1] if ends else -1
    while place >= 0:
        found.add(place)
        place = before[place]
    return found
