"""A folder, a server, a journal in either store, and processes that die at a point."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import psycopg
from faults.stage import AFTER, AFTER_CONTENT, BEFORE, HEAD, NEEDLES, content
from support.emulator import Serving
from support.measured import unmeasured

from cfsync.cli.errors import guarded
from cfsync.emulator.faults.grammar import Fault

LAUNCHER = Path(__file__).with_name("launcher.py")
APPLY = ("apply", "--yes", "--allow-deletes", "2")


class Journal(Protocol):
    """Where runs are written down, and how to have it again as it was."""

    name: str

    def keep(self) -> None: ...

    def restore(self) -> None:
        """As it was when it was kept, whatever a dead process left."""

    def text(self) -> str:
        """Everything that is in it."""


@dataclass(slots=True)
class InFile:
    file: Path
    kept: bytes = b""
    name: str = "SQLite"

    def keep(self) -> None:
        self.kept = self.file.read_bytes()

    def restore(self) -> None:
        for beside in ("-wal", "-shm"):
            Path(f"{self.file}{beside}").unlink(missing_ok=True)
        self.file.write_bytes(self.kept)

    def text(self) -> str:
        return "".join(one.read_text("latin-1") for one in self.file.parent.glob("journal.db*"))


@dataclass(slots=True)
class InDatabase:
    """In a database of its own on a real server."""

    url: str
    server: "psycopg.Connection[Any]"
    name: str = "PostgreSQL"

    def keep(self) -> None:
        self.server.execute("DROP DATABASE IF EXISTS faults_kept")
        self.server.execute("CREATE DATABASE faults_kept TEMPLATE faults")

    def restore(self) -> None:
        self.server.execute("DROP DATABASE IF EXISTS faults WITH (FORCE)")
        self.server.execute("CREATE DATABASE faults TEMPLATE faults_kept")

    def text(self) -> str:
        with closing(psycopg.connect(self.url)) as db:
            found = db.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'cfsync'")
            tables = [name for (name,) in found]
            rows = [
                db.execute(f'SELECT t::text FROM cfsync."{one}" t').fetchall() for one in tables
            ]
        return repr(rows)


@contextmanager
def in_database(server: str) -> Iterator[InDatabase]:
    """`server` is the URL of its database `cfsync`, which is left alone."""
    with closing(psycopg.connect(server, autocommit=True)) as db:
        for name in ("faults", "faults_kept"):
            db.execute(f"DROP DATABASE IF EXISTS {name}")
        db.execute("CREATE DATABASE faults")
        yield InDatabase(server.replace("/cfsync?", "/faults?"), db)
        for name in ("faults", "faults_kept"):
            db.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@dataclass(slots=True)
class Machine:
    path: Path
    server: Serving
    capture: Any
    journal: Journal
    site: bytes = b""
    before: list[dict[str, Any]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    more: str = ""
    """Settings of the environment: `, parallel: 1`."""

    def begin(self) -> None:
        """The site as it was, settled by an earlier run, and a configuration that wants another."""
        self.write(BEFORE)
        assert self.here("apply", "--yes") == 0
        self.site = self.server.api.store._db.serialize()
        self.journal.keep()
        self.before = self.server.api.state()
        self.write(AFTER)

    def reset(self, *faults: str) -> None:
        """As it was after the first apply."""
        self.server.api.store._db.deserialize(self.site)
        self.server.api.count_anew()
        self.server.api.faults[:] = [Fault.parse(text) for text in faults]
        self.journal.restore()

    def write(self, elements: str) -> None:
        text = HEAD.format(url=self.server.url, more=self.more).replace("settle: 10s", "settle: 0s")
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

    def points(self, *arguments: str, code: int) -> list[str]:
        """The names of all points that a process passes which nobody kills, and which ends so."""
        file = self.path / "points"
        assert self.child(*arguments, count=str(file)) == code
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

    def secrets(self) -> list[str]:
        """Where eight characters of the key stand."""
        texts = {f"output {n}": text for n, text in enumerate(self.said)}
        texts[self.journal.name] = self.journal.text()
        for file in self.path.rglob("*"):
            if file.is_file():
                texts[file.name] = file.read_bytes().decode("latin-1")
        return [place for place, text in texts.items() if any(one in text for one in NEEDLES)]
