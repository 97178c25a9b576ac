"""Rows 25 to 28 and 32 with real processes, real journals and real sockets."""

import signal

import pytest
from faults.processes import APPLY, InFile, Machine, in_database
from faults.stage import CANARY
from support.emulator import serving

ENDED = (0, 1, 3)
"""As wanted; as before, with nothing ever written; as before again."""


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def journal(request, plain_environ, tmp_path, monkeypatch):
    if request.param == "SQLite":
        yield InFile(tmp_path / ".cfsync" / "journal.db")
        return
    with in_database(request.getfixturevalue("postgres")) as journal:
        monkeypatch.setenv("CFSYNC_JOURNAL", journal.url)
        yield journal


only_in_a_file = pytest.mark.parametrize("journal", ["SQLite"], indirect=True)


@pytest.fixture
def machine(journal, tmp_path, capfd):
    with serving(token=CANARY) as server:
        # one write at a time, so that the n-th point is always the same one
        machine = Machine(tmp_path, server, capfd, journal, more=", parallel: 1")
        machine.begin()
        machine.reset()
        yield machine
        assert not machine.secrets()


@pytest.fixture
def every(full, journal):
    """Of so many points each one, or for a slice each n-th; fewer where each takes longer."""

    def every(count, step):
        slower = 1 if journal.name == "SQLite" else 3
        return range(1, count + 1, 1 if full else step * slower)

    return every


def test_row_25_a_kill_at_every_point_is_recovered(machine, every, figures):
    known = machine.points(*APPLY, code=0)
    assert len(known) > 30
    with figures.points("apply", machine.journal.name, len(known)) as tried:
        for point in every(len(known), 2):
            machine.reset()

            code = machine.child(*APPLY, points=(point,))

            assert code == -signal.SIGKILL, (known[point - 1], code)
            assert machine.recovered() in ENDED, known[point - 1]
            assert machine.is_before() or machine.is_after(), known[point - 1]
            tried.append(point)
    assert tried


def test_row_25_a_person_may_go_on_after_a_kill(machine):
    known = machine.points(*APPLY, code=0)
    point = next(n for n, name in enumerate(known, 1) if name == "after POST")
    machine.reset()
    assert machine.child(*APPLY, points=(point,)) == -signal.SIGKILL

    assert machine.recovered("--direction", "forward") == 0
    assert machine.is_after()
    assert machine.here("plan", "--detailed-exitcode") == 0


def test_row_26_a_kill_at_every_point_of_an_undo_is_recovered(machine, every, figures):
    faults = ("400@w4",)
    machine.reset(*faults)
    known = machine.points(*APPLY, code=3)
    first = 1 + next(n for n, name in enumerate(known) if "halted" in name or "UNDO" in name)
    with figures.points("undo", machine.journal.name, len(known) - first + 1) as tried:
        for point in every(len(known), 4):
            if point < first:
                continue
            machine.reset(*faults)

            code = machine.child(*APPLY, points=(point,))

            assert code == -signal.SIGKILL
            again = machine.recovered()
            assert again in ENDED, known[point - 1]
            assert machine.is_after() if again == 0 else machine.is_before(), known[point - 1]
            tried.append(point)
    assert tried


def test_row_27_a_kill_at_every_point_of_a_recovery_is_recovered(machine, every, figures):
    known = machine.points(*APPLY, code=0)
    fatal = next(n for n, name in enumerate(known, 1) if name == "after DELETE")
    recover = ("recover", "--direction", "undo")

    def killed():
        machine.reset()
        assert machine.child(*APPLY, points=(fatal,)) == -signal.SIGKILL

    killed()
    passed = machine.points(*recover, code=3)
    assert len(passed) > 20
    with figures.points("recover", machine.journal.name, len(passed)) as tried:
        for point in every(len(passed), 6):
            killed()
            code = machine.child(*recover, points=(point,))
            assert code == -signal.SIGKILL
            assert machine.recovered("--direction", "undo") in ENDED, passed[point - 1]
            assert machine.is_before() or machine.is_after(), passed[point - 1]
            tried.append(point)
    assert tried


@pytest.mark.parametrize("name", ["INT", "TERM"])
def test_row_28_a_signal_ends_what_is_in_flight_and_undoes(name, machine, every):
    known = machine.points(*APPLY, code=0)
    for point in every(len(known), 7 if name == "INT" else 13):
        machine.reset()

        code = machine.child(*APPLY, points=(point,), signal=name)

        if code == 130:
            assert machine.is_before(), known[point - 1]
        else:
            assert (code, machine.is_after()) == (0, True), known[point - 1]


def test_row_28_a_second_signal_stops_and_the_journal_says_what_is_left(machine, every):
    known = machine.points(*APPLY, code=0)
    for point in every(len(known) - 1, 9):
        machine.reset()

        code = machine.child(*APPLY, points=(point, point + 1), signal="INT")

        assert code in (0, 1, 4, 130), known[point - 1]
        if code == 4:
            assert "recover" in machine.said[-2]
            assert machine.here("recover") in ENDED
        assert machine.is_before() or machine.is_after(), known[point - 1]


@only_in_a_file
def test_row_32_a_file_that_may_not_grow_stops_the_run_and_recover_ends_it(machine, full):
    size = machine.journal.file.stat().st_size
    stopped = 0
    for more in range(0, 200_000, 2_000 if full else 24_000):
        machine.reset()

        code = machine.child(*APPLY, fsize=str(size // 2 + more))

        stopped += code in (4, 5)
        assert code in (0, 1, 4, 5), more
        if code in (1, 5):
            assert machine.server.api.log.writes == 0
        if code:
            machine.recovered()
        assert machine.is_before() or machine.is_after(), more
    assert stopped
