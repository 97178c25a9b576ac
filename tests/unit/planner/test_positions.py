"""As few requests as possible, checked against every other way."""

from itertools import combinations, pairwise
from random import Random

import pytest

from cfsync.limits import MAX_POSITION
from cfsync.planner.positions import number


def at(*positions):
    """Siblings in wanted order, made in that order; None is a new one."""
    return [None if p is None else (p, f"{i:03}", f"{i:03}") for i, p in enumerate(positions)]


def fewest(wanted):
    """The smallest number of siblings that have to be given a new number."""
    there = [place for place, one in enumerate(wanted) if one is not None]
    for changed in range(len(there) + 1):
        for kept in combinations(there, len(there) - changed):
            if can_stay(wanted, kept):
                return changed
    raise AssertionError


def can_stay(wanted, kept):
    ends = [-1, *kept, len(wanted)]
    for left, right in pairwise(ends):
        low = wanted[left][0] if left >= 0 else -1
        high = wanted[right][0] if right < len(wanted) else MAX_POSITION + 1
        tied = left >= 0 and right < len(wanted) and right == left + 1
        if high - low < right - left and not (tied and wanted[left] < wanted[right]):
            return False
    return True


@pytest.mark.parametrize("highest", [3, 8, 20, 5000, MAX_POSITION])
def test_no_other_choice_needs_fewer_requests(highest):
    random = Random(highest)
    for _ in range(400):
        lowest = random.choice([0, max(0, highest - 10)])
        wanted = [
            None
            if random.random() < 0.25
            else (random.randint(lowest, highest), str(random.randint(0, 2)), f"{i * 3 % 7}")
            for i in range(random.randint(0, 7))
        ]
        found = number(wanted)
        changed = [i for i, o in enumerate(wanted) if o and o[0] != found.positions[i]]
        assert set(changed) - set(found.moved) == set(found.renumbered)
        assert len(changed) == fewest(wanted)
        shown = [
            (found.positions[i], one[1], one[2]) if one else (found.positions[i], "9", "9")
            for i, one in enumerate(wanted)
        ]
        assert all(0 <= position <= MAX_POSITION for position in found.positions)
        assert all(left < right for left, right in pairwise(shown))


def test_new_ones_at_the_ends_go_in_steps():
    assert number(at(None, None)).positions == [1024, 2048]
    assert number(at(5000, None, None)).positions == [5000, 6024, 7048]
    assert number(at(None, 5000)).positions == [3976, 5000]


def test_new_ones_in_a_gap_are_spread_evenly():
    assert number(at(100, None, None, None, 500)).positions == [100, 200, 300, 400, 500]
    assert number(at(None, None, 9)).positions == [2, 5, 9]


def test_there_is_always_room_at_the_very_end():
    found = number(at(MAX_POSITION - 1, None, None))
    assert found.positions[-1] <= MAX_POSITION
    assert found.renumbered == [0]


def test_moving_one_of_many_is_one_request_where_there_are_gaps():
    wanted = at(*range(1024, 1024 * 201, 1024))
    found = number([*wanted[1:150], wanted[0], *wanted[150:]])
    assert (found.moved, found.renumbered) == ([149], [])


def test_the_fewest_are_called_moved_and_the_others_renumbered():
    one, two, three, four = at(0, 1, 2, 3)
    found = number([one, four, two, three])
    assert found.moved == [1]
    assert found.renumbered == [2, 3]


def test_equal_numbers_in_order_of_creation_are_left_alone():
    assert number(at(0, 0, 0, 0)).positions == [0, 0, 0, 0]


def test_between_equal_numbers_there_is_no_room():
    found = number(at(7, None, 7))
    assert len(found.renumbered) == 1
    assert found.positions == sorted(set(found.positions))


def test_no_siblings_need_no_numbers():
    assert number([]).positions == []
