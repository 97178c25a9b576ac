"""Signals, the lease, and a journal that fails: a run ends in order, or says what is left."""

import asyncio

import pytest

from cfsync.applier.halts import Interrupted
from cfsync.applier.stop import Level, StopRequest
from cfsync.errors import JournalUnreadable
from cfsync.model.run import Failure, NotDone


def pages(world, small, count=12):
    for n in range(count):
        world.plan_writes.create("page", small.project, f"p{n}", name="P", slug=f"p{n}")


def test_the_first_signal_lets_what_is_in_flight_end_and_undoes(world, small):
    pages(world, small)
    before = world.site.shape()
    world.site.on_write[1] = world.stop.ask

    result = world.apply()

    assert (result.status, result.interrupted) == ("undone", True)
    assert 0 < result.done == result.undone <= world.environment.parallel
    assert result.failure.code == "interrupted"
    assert world.site.shape() == before


def test_the_second_signal_leaves_the_rest_to_recover(world, small):
    pages(world, small, count=36)
    before = world.site.shape()
    world.site.on_write[24] = world.stop.ask
    world.site.always = lambda what: world.stop.ask() if what[0] == "delete" else None

    result = world.apply()

    assert (result.status, result.interrupted) == ("waiting", True)
    assert result.left
    assert "UNDO_BEGIN" in world.kinds()
    world.stop = StopRequest()
    world.site.always = None
    assert world.recover().status == "undone"
    assert world.site.shape() == before


def test_two_signals_at_once_stop_without_an_undo(world, small):
    pages(world, small)

    def twice():
        world.stop.ask()
        world.stop.ask()

    world.site.on_write[1] = twice

    result = world.apply()

    assert result.status == "waiting"
    assert "UNDO_BEGIN" not in world.kinds()


def test_a_second_signal_ends_the_wait_for_what_is_unknown(world, small):
    pages(world, small, 1)
    world.site.faults = {0: "lost-after"}
    sleep = world.clock.sleep

    async def asked_while_sleeping(seconds):
        world.stop.ask()
        world.stop.ask()
        await sleep(seconds)

    world.clock.sleep = asked_while_sleeping

    result = world.apply()

    assert result.status == "waiting"
    assert [left.why for left in result.left] == ["begun, and not known to be done"]


def test_a_signal_under_on_error_stop_undoes_nothing(world, small):
    pages(world, small)
    world.site.on_write[1] = world.stop.ask

    result = world.apply(on_error="stop")

    assert (result.status, result.interrupted) == ("waiting", True)
    assert "UNDO_BEGIN" not in world.kinds()
    world.stop = StopRequest()
    assert world.recover(direction="forward").status == "applied"


def test_a_signal_after_the_last_write_changes_nothing(world, small):
    pages(world, small, 1)
    world.site.on_read[1] = world.stop.ask

    assert world.apply().status == "applied"


def test_a_third_signal_is_the_same_as_the_second():
    stop = StopRequest()
    for _ in range(3):
        stop.ask()

    assert stop.level is Level.STOP
    with pytest.raises(Interrupted):
        stop.check()


def test_a_clock_that_fails_is_not_hidden_by_a_wait():
    class Broken:
        async def sleep(self, seconds):
            raise OSError("no clock")

    with pytest.raises(OSError, match="no clock"):
        asyncio.run(StopRequest().sleep(Broken(), 1))


def test_nothing_is_sent_once_the_lease_may_end_before_the_request(world, small):
    pages(world, small, 2)
    world.environment = type(world.environment)(
        "test", "https://x", "site.example", "", timeout=91.0
    )

    result = world.apply()

    assert (result.status, result.failure.code, world.site.sent) == ("waiting", "lease-lost", 0)


@pytest.mark.parametrize("at", [0, 1, 2, 3])
def test_a_journal_that_fails_lets_nothing_more_be_sent(at, world, small):
    pages(world, small, 3)
    open_ = world.open
    sent_then = []

    def failing(**how):
        journal = open_(**how)
        append = journal._journal.append
        count = iter(range(100))

        async def fail(records, base=()):
            if next(count) >= at:
                sent_then.append(world.site.sent)
                raise JournalUnreadable("the disk is full")
            await append(records, base)

        journal._journal.append = fail
        return journal

    world.open = failing

    result = world.apply()

    assert result.status == "waiting"
    assert (result.failure.code, result.failure.message) == (
        "journal-unreadable",
        "the disk is full",
    )
    assert world.site.sent <= 3
    assert world.site.sent == sent_then[-1]


def test_a_journal_that_cannot_be_read_back_lets_no_undo_begin(world, small):
    pages(world, small, 2)
    world.site.faults = {1: "400"}
    open_ = world.open

    def unreadable(**how):
        journal = open_(**how)

        async def events():
            raise JournalUnreadable("a line does not match its digest")

        journal._journal.events = events
        return journal

    world.open = unreadable

    result = world.apply()

    assert result.status == "waiting"
    assert [what[0] for what in world.site.writes] == ["create", "create"]


def test_a_writer_whose_lease_was_lost_ends_the_run_without_an_undo(world, small):
    pages(world, small, 1)
    failure = Failure("lease-lost", "another run may have taken over")

    async def create(*args):
        return NotDone(failure)

    world.site.create = create

    result = world.apply()

    assert (result.status, result.failure) == ("waiting", failure)
    assert "UNDO_BEGIN" not in world.kinds()
