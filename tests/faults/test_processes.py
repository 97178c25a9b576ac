"""Rows 25 to 28 and 32 with real processes, real files and real sockets; also over PostgreSQL."""

import os
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from faults.stage import AFTER, AFTER_CONTENT, BEFORE, CANARY, HEAD, NEEDLES, content
from support.emulator import Serving, serving
from support.measured import unmeasured

from cfsync.cli.errors import guarded

LAUNCHER = Path(__file__).with_name("launcher.py")
APPLY = ("apply", "--yes", "--allow-deletes", "2", "--parallel", "1")
ENDED = (0, 1, 3)
"""As wanted; as before, with nothing ever written; as before again."""


@dataclass
class Machine:
    """A folder, a server, and processes that die."""

    path: Path
    server: Serving
    capture: Any
    journal_url: str = ""
    site: bytes = b""
    journal: bytes = b""
    before: list = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def begin(self) -> None:
        self._write(BEFORE)
        assert self.here("apply", "--yes") == 0
        self.site = self.server.api.store._db.serialize()
        self.journal = self.file.read_bytes() if not self.journal_url else b""
        self.before = self.server.api.state()
        self._write(AFTER)

    def reset(self, *faults: str) -> None:
        """As it was after the first apply."""
        from cfsync.emulator.faults.grammar import Fault

        self.server.api.store._db.deserialize(self.site)
        self.server.api.count_anew()
        self.server.api.faults[:] = [Fault.parse(text) for text in faults]
        if not self.journal_url:
            for beside in ("-wal", "-shm"):
                Path(f"{self.file}{beside}").unlink(missing_ok=True)
            self.file.write_bytes(self.journal)

    @property
    def file(self) -> Path:
        return self.path / ".cfsync" / "journal.db"

    def _write(self, elements: str) -> None:
        text = HEAD.format(url=self.server.url, more="").replace("settle: 10s", "settle: 0s")
        (self.path / "cfsync.yaml").write_text(text + elements)

    def here(self, *arguments: str) -> int:
        """In this process."""
        self.capture.readouterr()
        code = guarded(["-C", str(self.path), *arguments])
        self.said += self.capture.readouterr()
        return code

    def child(self, *arguments: str, points: tuple[int, ...] = (), **how: str) -> int:
        """In a process of its own; a negative number is the signal that ended it."""
        environ = {
            **unmeasured(os.environ),
            "FAULT_POINTS": ",".join(map(str, points)),
            **{f"FAULT_{name.upper()}": value for name, value in how.items()},
        }
        done = subprocess.run(
            [sys.executable, LAUNCHER, "-C", str(self.path), "--log-level", "debug", *arguments],
            env=environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        self.said += [done.stdout, done.stderr]
        assert "Traceback" not in done.stdout + done.stderr, done.stderr
        return done.returncode

    def points(self, *arguments: str, faults: tuple[str, ...] = ()) -> list[str]:
        """The names of all points that a process passes which nobody kills."""
        self.reset(*faults)
        file = self.path / "points"
        self.child(*arguments, count=str(file))
        return file.read_text().splitlines()

    def recovered(self, *arguments: str) -> int:
        """Brings what a dead process left to its end; before, apply refuses to touch it."""
        writes = self.server.api.log.writes
        code = self.here(*APPLY)
        if code == 0:  # it died before its run was in the journal, or after its end was
            return code
        assert (code, self.server.api.log.writes) == (5, writes), self.said[-2:]
        assert "recover -e stage" in self.said[-1]
        return self.here("recover", *arguments)

    def is_before(self) -> bool:
        return self.server.api.state() == self.before

    def is_after(self) -> bool:
        return content(self.server.api.state()[0]["children"][0]["children"]) == AFTER_CONTENT


@pytest.fixture(scope="module")
def environment():
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CFSYNC_TOKEN_STAGE", CANARY)
        for name in ("CI", "NO_COLOR", "CFSYNC_JOURNAL"):
            patch.delenv(name, raising=False)
        yield patch


@pytest.fixture
def machine(tmp_path, capfd, environment):
    with serving(token=CANARY) as server:
        machine = Machine(tmp_path, server, capfd)
        machine.begin()
        yield machine
    assert not any(needle in said for said in machine.said for needle in NEEDLES)
    for file in tmp_path.rglob("*"):
        if file.is_file():
            text = file.read_bytes().decode("latin-1")
            assert not any(needle in text for needle in NEEDLES), file


def every(count, full, step):
    return range(1, count + 1, 1 if full else step)


def test_row_25_a_kill_at_every_point_is_recovered(machine, full, figures):
    known = machine.points(*APPLY)
    assert len(known) > 30
    for point in every(len(known), full, 2):
        machine.reset()

        code = machine.child(*APPLY, points=(point,))

        assert code == -signal.SIGKILL, (known[point - 1], code)
        assert machine.recovered() in ENDED, known[point - 1]
        assert machine.is_before() or machine.is_after(), known[point - 1]
    figures.points("apply", len(known), len(known))


def test_row_25_a_person_may_go_on_after_a_kill(machine):
    known = machine.points(*APPLY)
    point = next(n for n, name in enumerate(known, 1) if name == "after POST")
    machine.reset()
    assert machine.child(*APPLY, points=(point,)) == -signal.SIGKILL

    assert machine.recovered("--direction", "forward") == 0
    assert machine.is_after()
    assert machine.here("plan", "--detailed-exitcode") == 0


def test_row_26_a_kill_at_every_point_of_an_undo_is_recovered(machine, full, figures):
    faults = ("400@w4",)
    known = machine.points(*APPLY, faults=faults)
    first = 1 + next(n for n, name in enumerate(known) if "halted" in name or "UNDO" in name)
    points = [n for n in every(len(known), full, 4) if n >= first]
    for point in points:
        machine.reset(*faults)

        code = machine.child(*APPLY, points=(point,))

        assert code == -signal.SIGKILL
        again = machine.recovered()
        assert again in ENDED, known[point - 1]
        assert machine.is_after() if again == 0 else machine.is_before(), known[point - 1]
    figures.points("undo", len(known) - first + 1, len(known) - first + 1)
    assert points


def test_row_27_a_kill_at_every_point_of_a_recovery_is_recovered(machine, full, figures):
    known = machine.points(*APPLY)
    fatal = next(n for n, name in enumerate(known, 1) if name == "after DELETE")
    recover = ("recover", "--direction", "undo")

    def killed():
        machine.reset()
        assert machine.child(*APPLY, points=(fatal,)) == -signal.SIGKILL

    killed()
    file = machine.path / "points"
    assert machine.child(*recover, count=str(file)) == 3
    passed = file.read_text().splitlines()
    assert len(passed) > 20
    for point in every(len(passed), full, 6):
        killed()
        code = machine.child(*recover, points=(point,))
        assert code == -signal.SIGKILL
        assert machine.recovered("--direction", "undo") in ENDED, passed[point - 1]
        assert machine.is_before() or machine.is_after(), passed[point - 1]
    figures.points("recover", len(passed), len(passed))


@pytest.mark.parametrize("name", ["INT", "TERM"])
def test_row_28_a_signal_ends_what_is_in_flight_and_undoes(name, machine, full):
    known = machine.points(*APPLY)
    for point in every(len(known), full, 7 if name == "INT" else 13):
        machine.reset()

        code = machine.child(*APPLY, points=(point,), signal=name)

        if code == 130:
            assert machine.is_before(), known[point - 1]
        else:
            assert (code, machine.is_after()) == (0, True), known[point - 1]


def test_row_28_a_second_signal_stops_and_the_journal_says_what_is_left(machine, full):
    known = machine.points(*APPLY)
    for point in every(len(known) - 1, full, 9):
        machine.reset()

        code = machine.child(*APPLY, points=(point, point + 1), signal="INT")

        assert code in (0, 1, 4, 130), known[point - 1]
        if code == 4:
            assert "recover" in machine.said[-2]
            assert machine.here("recover") in ENDED
        assert machine.is_before() or machine.is_after(), known[point - 1]


def test_row_32_a_file_that_may_not_grow_stops_the_run_and_recover_ends_it(machine, full):
    machine.points(*APPLY)
    size = machine.file.stat().st_size
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


@pytest.fixture(scope="module")
def postgres():
    from support.postgres import binaries
    from support.postgres import serving as database

    found = binaries()
    if found is None:
        assert not os.environ.get("CI"), "CI has to bring a PostgreSQL server"
        pytest.skip("no PostgreSQL server is installed here")
    with database(found) as url:
        yield url


@pytest.fixture
def team(tmp_path, capfd, environment, postgres):
    """A machine whose journal is in a database."""
    with serving(token=CANARY) as server, pytest.MonkeyPatch.context() as patch:
        patch.setenv("CFSYNC_JOURNAL", postgres)
        yield Machine(tmp_path, server, capfd, postgres)


def test_row_25_a_kill_at_every_point_is_recovered_with_a_journal_in_postgresql(
    team, full, figures
):
    machine = team
    machine.begin()
    known = _points_of_a_fresh_name(machine, 0)
    for point in every(len(known), full, 7):
        _rename(machine, point)
        code = machine.child(*APPLY, points=(point,))
        assert code == -signal.SIGKILL, known[point - 1]
        assert machine.recovered() in ENDED, known[point - 1]
        assert machine.is_before() or machine.is_after(), known[point - 1]
    figures.points("apply, PostgreSQL", len(known), len(known))


def _rename(machine, number):
    """A journal of its own in the same database, settled as before."""
    config = machine.path / "cfsync.yaml"
    machine.reset()
    machine._write(BEFORE)
    config.write_text(config.read_text().replace("name: acme", f"name: acme{number}"))
    assert machine.here("apply", "--yes") == 0
    machine._write(AFTER)
    config.write_text(config.read_text().replace("name: acme", f"name: acme{number}"))


def _points_of_a_fresh_name(machine, number):
    _rename(machine, number)
    file = machine.path / "points"
    assert machine.child(*APPLY, count=str(file)) == 0
    return file.read_text().splitlines()
