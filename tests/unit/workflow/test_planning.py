from dataclasses import replace

import pytest

from cfsync.model.live import LiveState
from cfsync.workflow.planning import _cost

LIVE = LiveState((), 4)


def test_a_plan_that_sends_nothing_costs_nothing(plan, staging):
    assert _cost(plan(writes=0), LIVE, staging) == ""


def test_without_a_known_rate_only_requests_are_counted(plan, staging):
    assert _cost(plan(), LIVE, staging) == "Read with 4 requests; applying takes about 1 more."


def test_guard_readings_are_counted_once_a_page(plan, staging, write):
    updates = tuple(replace(write, verb="update", scope=f"page_{n % 2}") for n in range(6))
    assert "about 8 more" in _cost(replace(plan(), writes=updates), LIVE, staging)


@pytest.mark.parametrize(
    ("writes", "told"), [(10, "10 s at 60/min"), (600, "10 min at 60/min"), (1, "1 s at 60/min")]
)
def test_a_known_rate_gives_the_time(plan, staging, writes, told):
    slow = replace(staging, rate=1.0)
    assert told in _cost(plan(writes=writes), LIVE, slow)
