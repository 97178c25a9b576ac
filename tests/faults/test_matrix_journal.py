"""Rows 29 to 37, as far as they need no process of their own: journal, lock, mistakes inside."""

import sqlite3
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from faults.chooser import explore
from faults.play import Tally, play
from faults.scenarios import four_changes
from faults.stage import JumpingClock, StageTransport
from faults.test_matrix_wire import undone
from faults.world import Budget

from cfsync.errors import JournalUnreadable
from cfsync.journal.holder import this_process
from cfsync.journal.opening import open_run
from cfsync.journal.reading import open_reader
from cfsync.journal.sqlite import SqliteStore
from cfsync.model.lease import JournalKey

KEY = JournalKey("acme", "stage", "127.0.0.1:9")


class Counted:
    """Raises at the k-th call, once."""

    def __init__(self, error, at):
        self.error = error
        self.left = at

    def __call__(self):
        self.left -= 1
        if self.left == 0:
            raise self.error


@pytest.mark.parametrize("error", [MemoryError, RecursionError, KeyError("a secret local")])
def test_row_29_an_error_inside_at_any_request_is_as_a_crash_and_undone(
    error, new_stage, monkeypatch
):
    for k in range(4, 13):
        stage = new_stage()
        count = Counted(error, k)
        send = StageTransport.send

        async def failing(self, request, count=count, send=send):
            count()
            return await send(self, request)

        with monkeypatch.context() as patch:
            patch.setattr(StageTransport, "send", failing)
            answer = stage.apply()

        assert "a secret local" not in answer.out + answer.err
        assert answer.code in (0, 1, 3, 4), (k, answer)
        if answer.code == 4:
            assert stage.run("recover").code in (0, 3), k
        assert stage.is_before() or stage.is_after(), k


def test_row_29_an_error_inside_at_any_append_is_as_a_crash(new_stage, monkeypatch):
    for k in range(2, 18):
        stage = new_stage()
        count = Counted(MemoryError, k)
        commit = SqliteStore.commit

        def failing(self, *given, count=count, commit=commit, **named):
            count()
            commit(self, *given, **named)

        with monkeypatch.context() as patch:
            patch.setattr(SqliteStore, "commit", failing)
            answer = stage.apply()

        assert answer.code in (0, 3, 4, 5), (k, answer)
        if answer.code in (4, 5) and not stage.is_before():
            assert "recover" in answer.said
        if answer.code in (4, 5):
            stage.run("recover")
        assert stage.is_before() or stage.is_after(), k


def test_row_30_a_step_of_an_undo_refused_for_ever_lets_the_others_go_on(new_stage):
    stage = new_stage("400@w4", "400@w5.. on=a")

    answer = stage.apply()

    assert answer.code == 4
    assert "my-site:index#a" in answer.said
    assert stage.names() == ["a", "b"]  # c and d are gone again
    again = stage.run("recover")
    assert again.code == 4
    skipped = stage.run("recover", "--skip", "my-site:index#a")
    assert skipped.code == 4
    assert "my-site:index#a" in skipped.said
    stage.api.faults.clear()
    assert stage.run("recover").code == 0  # nothing waits any more
    assert stage.run("apply", "--yes", "--allow-deletes", "2").code in (0, 6)


def test_row_32_a_disk_that_is_full_at_any_append_sends_nothing_more(new_stage, monkeypatch):
    for k in range(2, 18):
        stage = new_stage()
        count = Counted(sqlite3.OperationalError("database or disk is full"), k)
        full = Counted(None, 0)
        commit = SqliteStore.commit

        def failing(self, *given, count=count, commit=commit, full=full, **named):
            try:
                if full.error is None:
                    count()
            except sqlite3.OperationalError as error:
                full.error = error
            if full.error is not None:
                raise JournalUnreadable("the journal takes no more entries: disk is full")
            commit(self, *given, **named)

        with monkeypatch.context() as patch:
            patch.setattr(SqliteStore, "commit", failing)
            answer = stage.apply()
        sent = stage.api.log.writes

        assert answer.code in (0, 4, 5), (k, answer)
        if answer.code == 5:
            assert sent == 0
            assert stage.is_before()
        if answer.code == 4:
            assert "recover" in answer.said
            assert stage.run("recover").code in (0, 3), k
        assert stage.is_before() or stage.is_after(), k


def answers(path):
    """Everything that can be asked of a journal.

    Without the numbers of lines, which say where one stands in its file and are others in a copy:
    that they are all there, and their order, is what the chain proves.
    """
    with open_reader(str(path), KEY.name, KEY.environment, KEY.host) as journal:
        journal.verify()
        runs = journal.runs()
        lines = [[replace(line, seq=0) for line in journal.events(run.run)] for run in runs]
        return (runs, lines, journal.base(), journal.waiting())


def test_row_33_every_flipped_byte_is_detected_or_without_effect(stage, full, tmp_path):
    stage.fault("400@w4")
    assert stage.apply("--on-error", "stop").code == 4
    whole = tmp_path / "whole.db"
    _copy_journal(stage.journal, whole)
    raw = whole.read_bytes()
    told = answers(whole)
    damaged = tmp_path / "damaged.db"
    detected = 0
    for place in range(0, len(raw), 1 if full else 61):
        flipped = bytearray(raw)
        flipped[place] ^= 0x55
        damaged.write_bytes(flipped)
        try:
            same = answers(damaged) == told
        except JournalUnreadable:
            detected += 1
        else:
            assert same, f"byte {place} changed an answer, and nobody noticed"
    assert detected > 50


def _copy_journal(source: Path, target: Path) -> None:
    """In one file, nothing left in a write-ahead log."""
    with sqlite3.connect(source) as db:
        db.execute("VACUUM INTO ?", (str(target),))
    db.close()


@pytest.mark.parametrize("damage", ["truncate", "garbage", "newer", "orphan"])
def test_row_33_a_damaged_journal_is_named_and_never_begun_afresh(damage, stage):
    stage.fault("400@w4")
    assert stage.apply("--on-error", "stop").code == 4
    raw = stage.journal.read_bytes()
    part_way = stage.api.state()
    if damage == "newer":
        with sqlite3.connect(stage.journal) as db:
            db.execute("PRAGMA user_version = 999")
        db.close()
    elif damage == "orphan":
        wal = Path(f"{stage.journal}-wal")
        wal.write_bytes(wal.read_bytes() if wal.exists() else b"x" * 64)
        stage.journal.unlink()
    else:
        for beside in ("-wal", "-shm"):
            Path(f"{stage.journal}{beside}").unlink(missing_ok=True)
        text = raw[: len(raw) // 2] if damage == "truncate" else b"not a database" * 99
        stage.journal.write_bytes(text)
    stage.api.count_anew()

    for command in (("apply", "--yes"), ("recover",), ("plan",)):
        answer = stage.run(*command)
        assert answer.code == 5, (command, answer)
        assert "journal" in answer.said
    assert stage.api.log.writes == 0
    assert stage.api.state() == part_way


def test_row_34_a_second_apply_is_refused_at_once_and_names_the_first(stage):
    run = open_run(
        str(stage.journal), KEY.name, KEY.environment, KEY.host,
        clock=JumpingClock(), random=Random(1),
    )  # fmt: skip
    with run:
        answer = stage.apply()

    assert (answer.code, stage.is_before(), stage.api.log.writes) == (5, True, 0)
    here = this_process(Random(1))
    assert str(here.pid) in answer.said
    assert here.machine in answer.said
    assert "since 20" in answer.said


def test_row_35_two_machines_without_a_shared_journal_duplicate_nothing_in_silence():
    scenario, tally = four_changes(), Tally()

    for _ in explore(lambda choose: play(scenario, choose, Budget(rivals=1, window=True), tally)):
        pass

    assert tally.schedules > 5
    assert tally.ended["undone"] + tally.ended["stopped"] > 0


def test_row_36_a_holder_that_slept_beyond_its_lease_sends_nothing():
    scenario, tally = four_changes(), Tally()

    for _ in explore(lambda choose: play(scenario, choose, Budget(jumps=1), tally)):
        pass

    assert tally.schedules > 10
    assert tally.recoveries > 5  # found in the journal, and brought to an end by the next one


def _lease_of(stage, holder, until):
    """As if that process held the environment."""
    store = SqliteStore.open(stage.journal)
    now = JumpingClock().now()
    lease = store.take(KEY, holder, now=now, until=now + until, may_take=lambda _: True)
    store.close()
    return lease


@pytest.mark.parametrize(
    "dead",
    [
        replace(this_process(Random(1)), pid=99_999_999),
        replace(this_process(Random(1)), started="12345"),  # its number was given out again
        replace(this_process(Random(1)), boot="another-boot pid:[1]"),
    ],
)
def test_row_37_a_lock_left_by_a_dead_process_is_taken_over(dead, stage):
    _lease_of(stage, dead, until=90.0)

    assert stage.apply().code == 0
    assert stage.is_after()


def test_row_37_a_lock_held_elsewhere_is_taken_over_only_after_its_lease_and_settle(stage):
    _lease_of(stage, replace(this_process(Random(1)), machine="elsewhere"), until=90.0)

    answer = stage.apply()
    assert (answer.code, "elsewhere" in answer.said) == (5, True)
    JumpingClock.passed += 95.0  # the lease is over, settle is not
    assert stage.apply().code == 5
    JumpingClock.passed += 10.0
    assert stage.apply().code == 0


def test_row_37_a_run_left_by_a_dead_process_is_recovered_first(stage):
    stage.fault("400@w3")
    assert stage.apply("--on-error", "stop").code == 4
    stage.api.faults.clear()

    refused = stage.apply()

    assert refused.code == 5
    assert "recover -e stage" in refused.said
    recovered = stage.run("recover")
    assert undone(stage, recovered)
