import math

import pytest

from cfsync.remote.pace import CAUGHT_UP, CONFIGURED_MARGIN, FLOOR, LEARNT_MARGIN, Pace


def send(pace, count, begin, seconds):
    """So many requests, evenly, all taken so far."""
    for number in range(count):
        pace.sent(begin + seconds * number / count)


def refuse(pace, count, at):
    """So many in a row."""
    for number in range(count):
        pace.sent(at + number / 10_000)
        pace.refused(at + number / 10_000)


def learnt(count=200, seconds=0.25, *, parallel=16, configured=None):
    """After a burst and a pause of a second, at 2.25 of the clock."""
    pace = Pace(configured, parallel)
    send(pace, count, 1.0, seconds)
    refuse(pace, 10, 1.0 + seconds)
    pace.paused(1.0, 2.0 + seconds)
    return pace


def leaving(pace, count, begin):
    """When so many leave as fast as they may."""
    times, due = [], begin
    for _ in range(count):
        times.append(due)
        pace.sent(due)
        due = pace.next(due)
    return times


def test_nothing_is_known_at_first():
    pace = Pace()
    pace.sent(0.0)
    assert pace.rate == math.inf
    assert pace.next(0.0) == 0.0


def test_a_configured_rate_is_kept_a_little_below():
    assert Pace(100).rate == pytest.approx(100 * CONFIGURED_MARGIN)


def test_no_more_leave_in_a_burst_and_its_pause_than_were_taken_in_them():
    times = leaving(learnt(), 1000, 2.25)
    apart = [late - early for early, late in zip(times, times[200:], strict=False)]
    assert min(apart) >= 1.25


def test_what_is_allowed_is_nearly_reached():
    times = leaving(learnt(), 1601, 2.25)
    assert times[1600] - times[0] == pytest.approx(1600 / 160 / LEARNT_MARGIN, rel=0.01)


def test_a_part_of_the_pause_is_caught_up_with():
    times = leaving(learnt(), 200, 2.25)
    assert times[199] - times[0] <= (1.25 - CAUGHT_UP) / LEARNT_MARGIN


def test_a_rate_that_was_borne_out_never_rises():
    pace = learnt()
    before = pace.rate
    leaving(pace, 20_000, 2.25)
    assert pace.rate == before


def test_a_refusal_of_so_few_that_all_were_under_way_is_no_rate_and_it_rises():
    pace = learnt(12, 0.01)
    before = pace.rate
    assert before < 13
    times = leaving(pace, 200, 2.01)
    assert times[-1] - times[0] < 6.0
    assert pace.rate > 10 * before


def test_a_lone_refusal_among_others_that_were_taken_is_no_rate_and_is_left_behind():
    pace = Pace()
    send(pace, 400, 0.0, 0.4)
    pace.refused(0.38)
    pace.paused(1.0, 1.4)
    before = pace.rate
    leaving(pace, 4000, 1.4)
    assert pace.rate > 4 * before


def test_a_rising_rate_never_goes_beyond_a_configured_one():
    pace = learnt(12, 0.01, configured=40)
    leaving(pace, 2000, 2.01)
    assert pace.rate == pytest.approx(40 * CONFIGURED_MARGIN)


def test_being_refused_while_it_rises_teaches_the_rate_of_a_small_bucket():
    pace = learnt(12, 0.01)
    send(pace, 60, 2.01, 1.5)
    send(pace, 110, 3.51, 1.0)
    refuse(pace, 3, 4.51)
    pace.paused(1.0, 5.51)
    assert 85 < pace.rate < 100
    before = pace.rate
    leaving(pace, 1000, 5.51)
    assert pace.rate == before


def test_a_second_refusal_of_what_was_sure_corrects_it():
    pace = learnt(1000, 1.0)
    send(pace, 20, 3.0, 0.05)
    refuse(pace, 10, 3.05)
    pace.paused(1.0, 4.05)
    times = leaving(pace, 401, 4.05)
    assert times[400] - times[0] == pytest.approx(400 / 20 * 1.05 / LEARNT_MARGIN, rel=0.01)


def test_a_pause_that_was_too_short_is_counted_in():
    pace = Pace()
    send(pace, 120, 0.0, 1.0)
    refuse(pace, 10, 1.0)
    pace.paused(1.0, 2.0)
    refuse(pace, 10, 2.0)  # nothing was taken in between
    pace.paused(58.0, 60.0)
    times = leaving(pace, 241, 60.0)
    assert times[240] - times[0] == pytest.approx(120.0, rel=0.02)


def test_what_was_sent_long_ago_is_forgotten():
    pace = Pace()
    send(pace, 5, 0.0, 1.0)
    send(pace, 100, 300.0, 1.0)
    refuse(pace, 10, 301.0)
    pace.paused(1.0, 302.0)
    times = leaving(pace, 501, 302.0)
    assert times[500] - times[0] == pytest.approx(10.0, rel=0.02)


def test_a_refusal_that_comes_long_after_its_request_is_counted():
    pace = Pace()
    pace.sent(0.0)
    pace.sent(100.0)
    pace.refused(0.0)
    pace.paused(1.0, 101.0)
    assert pace.rate < 2


def test_a_refusal_of_what_left_before_the_pause_is_not_counted_again():
    pace = learnt()
    before = pace.rate
    pace.sent(2.3)
    pace.refused(1.1)
    pace.refused(2.3)
    pace.paused(1.0, 3.3)  # the same refusal, found to be longer: the straggler left no trace
    assert pace.rate < before


def test_no_estimate_goes_below_the_floor():
    pace = Pace()
    pace.sent(0.0)
    pace.refused(0.0)
    pace.paused(1000.0, 1000.0)
    assert pace.rate == pytest.approx(FLOOR)
