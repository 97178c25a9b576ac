"""One sync for many callers, each of whom returns when its own lines are durable."""

import asyncio
import time

import pytest

from cfsync.errors import JournalUnreadable
from cfsync.journal.group_commit import GroupCommit, InlineCommit
from cfsync.journal.hold import Hold
from cfsync.model.lease import JournalKey, Lease


class CountingStore:
    """Takes everything, slowly enough for others to gather; may be told to fail."""

    def __init__(self, fails=None):
        self.batches = []
        self.fails = fails

    def commit(self, lease, entries, *, until):
        if self.fails:
            raise self.fails
        time.sleep(0.002)
        self.batches.append([entry.run for entry in entries])


@pytest.fixture
def hold(store, take, clock):
    return Hold(take(store, now=clock.now(), until=clock.now() + 90), clock, 90.0)


@pytest.fixture
def bare_hold(clock):
    return Hold(Lease(JournalKey("a", "b", "c"), 1, None, 0.0, clock.now() + 90), clock, 90.0)


def test_what_gathers_while_one_is_written_goes_together(bare_hold, entry):
    store = CountingStore()

    async def go():
        commits = GroupCommit(store, bare_hold)
        await asyncio.gather(*(commits.append(entry("INTENT", run=str(n))) for n in range(50)))
        commits.close()

    asyncio.run(go())

    assert [run for batch in store.batches for run in batch] == [str(n) for n in range(50)]
    assert len([batch for batch in store.batches if batch]) < 25


def test_every_caller_learns_that_the_disk_failed(bare_hold, entry):
    store = CountingStore(fails=JournalUnreadable("full"))

    async def go():
        commits = GroupCommit(store, bare_hold)
        appends = (commits.append(entry("INTENT")) for _ in range(3))
        results = await asyncio.gather(*appends, return_exceptions=True)
        commits.close()
        return results

    assert [str(error) for error in asyncio.run(go())] == ["full"] * 3


def test_an_error_that_nobody_foresaw_is_a_failed_disk(bare_hold, entry):
    store = CountingStore(fails=MemoryError())

    async def go():
        commits = GroupCommit(store, bare_hold)
        try:
            with pytest.raises(JournalUnreadable, match="MemoryError"):
                await commits.append(entry("INTENT"))
        finally:
            commits.close()

    asyncio.run(go())


def test_a_caller_that_was_cancelled_does_not_disturb_the_others(bare_hold, entry):
    store = CountingStore()

    async def go():
        commits = GroupCommit(store, bare_hold)
        tasks = [asyncio.ensure_future(commits.append(entry("INTENT"))) for _ in range(3)]
        await asyncio.sleep(0)
        tasks[1].cancel()
        results = await asyncio.gather(*tasks, return_exceptions=True)
        commits.close()
        return results

    first, second, third = asyncio.run(go())
    assert (first, third) == (None, None)
    assert isinstance(second, asyncio.CancelledError)


def test_nothing_is_taken_once_closed(bare_hold, entry):
    async def go():
        commits = GroupCommit(CountingStore(), bare_hold)
        commits.close()
        with pytest.raises(JournalUnreadable, match="closed"):
            await commits.append(entry("INTENT"))

    asyncio.run(go())


def test_the_lease_is_renewed_while_nothing_is_appended(clock):
    hold = Hold(Lease(JournalKey("a", "b", "c"), 1, None, 0.0, clock.now() + 0.05), clock, 0.03)
    store = CountingStore()
    commits = GroupCommit(store, hold)
    deadline = time.monotonic() + 5
    while len(store.batches) < 2 and time.monotonic() < deadline:
        time.sleep(0.005)
    commits.close()

    assert [] in store.batches


@pytest.mark.parametrize("kind", [GroupCommit, InlineCommit])
def test_lines_are_durable_when_append_returns(kind, store, hold, entry, key):
    async def go():
        commits = kind(store, hold)
        await commits.append(entry("RUN_BEGIN"))
        found = store.tail(key)
        commits.close()
        return found

    assert asyncio.run(go()).record.kind == "RUN_BEGIN"
