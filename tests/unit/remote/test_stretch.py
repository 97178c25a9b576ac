import math

import pytest

from cfsync.remote.stretch import Estimate, Stretch

NEVER = -math.inf


def evenly(count, begin, end):
    return tuple(begin + (end - begin) * number / count for number in range(count))


def test_a_burst_and_the_pause_after_it_show_what_is_allowed():
    stretch = Stretch(evenly(250, 0, 0.25), (0.25,), NEVER)
    assert stretch.densest(1.25) == Estimate(250, 1.25)


def test_time_in_which_nobody_asked_is_left_out():
    early = evenly(10, 0, 0.1)
    stretch = Stretch(early + evenly(250, 30, 30.25), (30.25,), NEVER)
    assert stretch.densest(31.25) == Estimate(250, 1.25)


def test_what_had_gathered_in_the_pause_before_counts_from_its_end():
    stretch = Stretch(evenly(110, 10.1, 10.2), (10.2,), since=10.0)
    assert stretch.densest(11.2).span == pytest.approx(1.2)
    assert stretch.densest(11.2).count == 110


def test_where_nothing_was_taken_one_is_after_the_pause():
    assert Stretch((), (5.0, 5.1), NEVER).densest(15.0) == Estimate(1, 10.0)


def test_the_end_is_the_last_that_left_whatever_became_of_it():
    assert Stretch((1.0, 2.0), (1.5,), NEVER).end == 2.0
    assert Stretch((1.0,), (1.5,), NEVER).end == 1.5
    assert Stretch((), (1.5,), NEVER).end == 1.5


def test_what_came_into_a_small_bucket_is_what_was_taken_beyond_its_size():
    # ten at once, then a second at a hundred a second with a request of doubt
    stretch = Stretch(evenly(121, 0, 1.1), (1.1,), since=0.0)
    assert stretch.beyond(Estimate(10, 0.0)) == pytest.approx(110 / 1.1)


def test_too_short_a_time_shows_nothing_of_a_small_bucket():
    assert Stretch(evenly(40, 0, 0.4), (0.4,), since=0.0).beyond(Estimate(10, 0.0)) == 0.0


def test_a_refusal_among_requests_that_were_taken_bears_nothing_out():
    stretch = Stretch((0.0, 0.01, 0.03, 0.04, 0.05), (0.02,), NEVER)
    assert not stretch.bears_out(10.0)


def test_refusals_all_around_bear_it_out():
    assert Stretch((0.0, 0.01), (0.02, 0.03, 0.04), NEVER).bears_out(10.0)
    assert Stretch((0.0, 0.01, 0.03), (0.02, 0.04, 0.05), NEVER).bears_out(10.0)


def test_more_taken_than_refused_bears_out_a_rate_that_lets_so_many_through():
    stretch = Stretch((0.0, 0.02, 0.03, 0.04, 0.05), (0.01, 0.06), NEVER)
    assert stretch.bears_out(60.0)
    assert not stretch.bears_out(20.0)


def test_a_refusal_with_nothing_beside_it_contradicts_nothing():
    assert Stretch((0.0, 0.1, 0.2), (0.3,), NEVER).bears_out(10.0)
