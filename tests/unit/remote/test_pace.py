import math

from cfsync.remote.pace import CONFIGURED_MARGIN, FLOOR, MARGIN, Pace


def sent(pace, count, begin, end):
    """So many requests, evenly, all taken."""
    for number in range(count):
        pace.sent(begin + (end - begin) * number / count)
        pace.taken()


def test_nothing_is_known_at_first():
    assert Pace().rate == math.inf


def test_a_configured_rate_is_kept_a_little_below():
    assert Pace(100).rate == 100 * CONFIGURED_MARGIN


def test_what_was_taken_until_the_pause_ended_is_what_is_allowed():
    pace = Pace()
    sent(pace, 120, 0, 3)
    pace.refused(until=60)
    assert pace.rate == MARGIN * 2


def test_a_pause_that_was_too_short_is_counted_in():
    pace = Pace()
    sent(pace, 120, 0, 1)
    pace.refused(until=2)
    assert pace.rate == MARGIN * 60
    pace.sent(2)
    pace.refused(until=60)  # nothing was taken in between
    assert pace.rate == MARGIN * 2


def test_the_rate_rises_late_and_only_while_it_is_used():
    pace = Pace()
    sent(pace, 100, 0, 1)
    pace.refused(until=2)
    learnt = pace.rate
    sent(pace, 100, 2, 7)
    assert learnt < pace.rate < 1.02 * learnt
    pace.sent(50)  # a long wait proves nothing
    assert pace.rate < 1.03 * learnt
    sent(pace, 4000, 50, 90)
    assert pace.rate > 1.5 * learnt


def test_a_rate_that_was_refused_is_not_tried_again():
    pace = Pace()
    sent(pace, 100, 0, 1)
    pace.refused(until=2)
    sent(pace, 6000, 2, 42)
    tripped = pace.rate
    pace.refused(until=43)
    sent(pace, 5000, 43, 143)
    assert pace.rate == MARGIN * tripped


def test_what_was_sent_long_ago_does_not_count():
    pace = Pace()
    sent(pace, 5, 0, 1)
    sent(pace, 100, 300, 301)
    pace.refused(until=302)
    assert pace.rate == MARGIN * 50


def test_no_estimate_goes_below_the_floor():
    pace = Pace()
    pace.sent(0)
    pace.refused(until=1000)
    assert pace.rate == MARGIN * FLOOR


def test_two_estimates_that_agree_are_not_gone_beyond():
    pace = Pace()
    sent(pace, 100, 0, 1)
    pace.refused(until=2)  # 50 a second
    sent(pace, 950, 2, 21)
    pace.refused(until=22)  # 47.5 a second
    sent(pace, 5000, 22, 122)
    assert pace.rate == 50


def test_a_long_even_stretch_teaches_more_than_its_average():
    pace = Pace()
    sent(pace, 10, 0, 1)
    pace.refused(until=2)  # five a second
    sent(pace, 600, 2, 42)  # 15 on average, but the pace has risen far beyond
    tried = pace.rate
    pace.refused(until=43)
    assert pace.rate == MARGIN * 0.75 * tried
