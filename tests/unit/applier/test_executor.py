"""How many writes are begun at once, and in which order."""

import asyncio

import pytest

from cfsync.applier.executor import STAGES, Executor


def most_at_once(parallel, count=100):
    """Of writes that each take a few rounds of the loop."""
    running, most, done = 0, 0, []

    async def perform(number, _reading):
        nonlocal running, most
        running += 1
        most = max(most, running)
        for _ in range(3):
            await asyncio.sleep(0)
        running -= 1
        done.append(number)

    async def run():
        executor = Executor(
            perform=perform,
            guard=lambda _number: None,
            readings=None,
            parallel=parallel,
            asked_to_stop=lambda: False,
        )
        assert await executor.run(range(count), lambda _number: ()) == []

    asyncio.run(run())
    assert sorted(done) == list(range(count))
    return most


@pytest.mark.parametrize("parallel", [2, 4, 16])
def test_each_stage_of_a_write_has_as_many_as_may_be_under_way(parallel):
    assert most_at_once(parallel) == STAGES * parallel


def test_one_at_a_time_is_one_at_a_time():
    assert most_at_once(1) == 1


def test_no_more_workers_than_writes_are_started():
    assert most_at_once(16, count=5) == 5
