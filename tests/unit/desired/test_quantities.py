import pytest

from cfsync.desired.quantities import duration, positive_duration, rate


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("30s", 30),
        ("500ms", 0.5),
        ("1.5 s", 1.5),
        ("2m", 120),
        ("2min", 120),
        ("1h", 3600),
        ("0s", 0),
    ],
)
def test_durations_are_a_number_and_a_unit(text, seconds):
    assert duration(text) == seconds


@pytest.mark.parametrize(
    "text", ["", "30", "s", "3 weeks", "-1s", "1s ", "1e3s", "٣s", "9999999999s"]
)
def test_what_is_no_duration_is_refused_with_the_units(text):
    with pytest.raises(ValueError, match="ms, s, min, h"):
        duration(text)


def test_a_duration_longer_than_a_day_is_refused():
    assert duration("24h") == 86_400
    with pytest.raises(ValueError, match="longer than a day"):
        duration("25h")


def test_a_time_for_a_request_is_more_than_none():
    assert positive_duration("1ms") == 0.001
    with pytest.raises(ValueError, match="no time at all"):
        positive_duration("0s")


@pytest.mark.parametrize(("text", "per_second"), [("120/min", 2), ("5/s", 5), ("36 / h", 0.01)])
def test_rates_are_requests_per_time(text, per_second):
    assert rate(text) == pytest.approx(per_second)


@pytest.mark.parametrize("text", ["", "120", "120/week", "/s", "-1/s", "1/2/s"])
def test_what_is_no_rate_is_refused_with_an_example(text):
    with pytest.raises(ValueError, match="120/min"):
        rate(text)


@pytest.mark.parametrize("text", ["0/s", "20000/s"])
def test_a_rate_out_of_range_is_refused(text):
    with pytest.raises(ValueError, match="out of range"):
        rate(text)
