"""The journal as a run sees it, and as one that only reads sees it."""

import asyncio
from random import Random

import pytest

from cfsync.errors import CfsyncError
from cfsync.journal.opening import open_run, prune_history, run_in
from cfsync.journal.reading import OpenJournal, open_reader
from cfsync.model.base import PutBase
from cfsync.model.run import Record

WHERE = ("acme", "production", "api.example")


def do(journal, *records, base=()):
    asyncio.run(journal.append(records, base))


def one_run(store, key, clock, status="applied", base=()):
    journal = run_in(store, key, clock=clock, random=Random(1))
    do(journal, Record("RUN_BEGIN", {"summary": {"create": 2}}))
    do(journal, Record("INTENT", {"content": "x"}, 0), base=base)
    do(journal, Record("RUN_END", {"status": status}))
    journal.close()
    return journal.run


def test_a_run_has_a_short_name_that_sorts_by_time(store, key, clock):
    first = run_in(store, key, clock=clock, random=Random(1))
    first.close()

    assert first.run.startswith("20270115-080000-")
    assert len(first.run) == 20


def test_two_runs_of_one_second_have_two_names(store, key, clock):
    assert one_run(store, key, clock) != one_run(store, key, clock)


def test_the_first_line_says_who(store, key, clock, holder):
    run = one_run(store, key, clock)

    [summary] = OpenJournal(store, key).runs()

    assert (summary.run, summary.status) == (run, "applied")
    assert summary.who == f"{holder.user}@{holder.machine}"
    assert summary.started == "2027-01-15T08:00:00.000Z"
    assert summary.ended == summary.started
    assert summary.summary == {"create": 2}


def test_a_run_reads_its_own_lines_and_the_rows_as_they_stand(store, key, clock, row):
    journal = run_in(store, key, clock=clock, random=Random(1))
    do(journal, Record("RUN_BEGIN"), base=[PutBase(row()), PutBase(row("elem_2"))])

    assert [event.record.kind for event in asyncio.run(journal.events())] == ["RUN_BEGIN"]
    assert set(asyncio.run(journal.base())) == {"elem_1", "elem_2"}
    assert set(asyncio.run(journal.base(["elem_2"]))) == {"elem_2"}
    journal.close()


def test_a_run_that_waits_is_resumed_under_its_own_name(store, a_run, key, clock):
    store.release(a_run)
    journal = run_in(store, key, clock=clock, random=Random(1), resume=True)
    do(journal, Record("RUN_END", {"status": "undone"}))
    journal.close()

    assert journal.run == "r2"
    assert OpenJournal(store, key).waiting() is None
    with pytest.raises(CfsyncError, match="no run waits"):
        run_in(store, key, clock=clock, random=Random(1), resume=True)


def test_what_waits_is_the_run_that_never_ended(store, a_run, key):
    waiting = OpenJournal(store, key).waiting()

    assert (waiting.run, waiting.status, waiting.ended) == ("r2", "waiting", None)


@pytest.mark.parametrize(("status", "exists"), [("applied", True), ("undone", False)])
def test_there_is_a_base_once_a_run_was_applied(status, exists, store, key, clock):
    one_run(store, key, clock, status)

    assert OpenJournal(store, key).base().exists is exists


def test_rows_are_a_base_too(store, key, clock, row):
    one_run(store, key, clock, "stopped", [PutBase(row())])

    base = OpenJournal(store, key).base()

    assert (base.exists, base.rows) == (True, {"elem_1": row()})


def test_reading_makes_nothing_where_there_is_nothing(tmp_path):
    path = tmp_path / "kept" / "journal.db"

    with open_reader(str(path), *WHERE) as journal:
        assert journal.base().exists is False
        assert (journal.runs(), journal.events("r1"), journal.waiting()) == ((), (), None)
        journal.verify()

    assert not path.parent.exists()


def test_reading_leaves_no_files_of_its_own_behind(location, clock, row):
    with open_run(str(location), *WHERE, clock=clock, random=Random(1)) as journal:
        do(journal, Record("RUN_BEGIN"), base=[PutBase(row())])
    before = sorted(location.parent.iterdir())

    with open_reader(str(location), *WHERE) as reader:
        assert len(reader.base().rows) == 1
        assert sorted(location.parent.iterdir()) == before


def test_reading_sees_what_a_run_under_way_has_written(location, clock, row):
    with open_run(str(location), *WHERE, clock=clock, random=Random(1)) as journal:
        do(journal, Record("RUN_BEGIN"), base=[PutBase(row())])
        with open_reader(str(location), *WHERE) as reader:
            assert len(reader.base().rows) == 1
            assert reader.waiting().run == journal.run


def test_pruning_keeps_the_newest_and_what_waits(location, clock):
    runs = []
    for n in range(4):
        with open_run(str(location), *WHERE, clock=clock, random=Random(n)) as journal:
            do(journal, Record("RUN_BEGIN"), Record("INTENT", {"content": "secret words"}, 0))
            if n < 3:
                do(journal, Record("RUN_END", {"status": "applied"}))
            runs.append(journal.run)
        clock.pass_(1)

    assert prune_history(str(location), *WHERE, keep=1) == 2

    with open_reader(str(location), *WHERE) as reader:
        bodies = [reader.events(run)[1].record.body for run in runs]
        assert bodies == [{}, {}, {"content": "secret words"}, {"content": "secret words"}]
        reader.verify()


def test_pruning_a_journal_that_is_not_there_makes_none(location):
    assert prune_history(str(location), *WHERE) == 0
    assert not location.exists()
