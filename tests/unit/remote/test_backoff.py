import random

import pytest

from cfsync import limits
from cfsync.remote.backoff import delay, retry_after

NOW = 1_800_000_000.0  # Fri, 15 Jan 2027 08:00:00 GMT


def test_the_wait_doubles_up_to_a_cap_and_is_jittered_from_nothing():
    class Highest(random.Random):
        def uniform(self, a, b):
            assert a == 0.0
            return b

    assert [delay(Highest(), attempt) for attempt in range(1, 9)] == [
        0.5, 1.0, 2.0, 4.0, 8.0, 16.0, limits.BACKOFF_CAP, limits.BACKOFF_CAP,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("7", 7.0),
        (" 7 ", 7.0),
        ("0", 0.0),
        ("1000000000", 1e9),
        ("9" * 5000, 999_999_999_999.0),
        ("Fri, 15 Jan 2027 08:00:30 GMT", 30.0),
        ("Fri, 15 Jan 2027 07:00:00 GMT", 0.0),
    ],
)
def test_seconds_and_dates_are_understood(value, seconds):
    assert retry_after(value, NOW) == seconds


@pytest.mark.parametrize("value", [None, "", "soon", "-5", "1.5e3", "٣", "Fri, 99 Jan 2027", "nan"])
def test_what_says_nothing_is_none(value):
    assert retry_after(value, NOW) is None
