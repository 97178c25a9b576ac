"""Rows in SQLite. Knows ids, scopes, parents and order; of JSON only that it can be continued."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from cfsync.errors import CfsyncError

VERSION: Final = 1

_SCHEMA: Final = """
CREATE TABLE resource (
  seq INTEGER PRIMARY KEY,                -- the tick of its creation; lists go by it
  id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  scope TEXT NOT NULL,                    -- the project of a page, the page of an element, or ''
  parent TEXT,
  key TEXT,                               -- the natural key where the API enforces it, else NULL
  body TEXT NOT NULL,                     -- JSON without updatedAt and the closing brace
  updated TEXT NOT NULL                   -- apart, since a change below moves it
);
CREATE INDEX resource_scope ON resource (scope, kind, seq);
CREATE INDEX resource_parent ON resource (parent) WHERE parent IS NOT NULL;
CREATE UNIQUE INDEX resource_key ON resource (kind, scope, key) WHERE key IS NOT NULL;
CREATE TABLE tally (scope TEXT, kind TEXT, count INTEGER, PRIMARY KEY (scope, kind)) WITHOUT ROWID;
CREATE TRIGGER tally_insert AFTER INSERT ON resource BEGIN
  INSERT INTO tally VALUES (new.scope, new.kind, 1)
  ON CONFLICT DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER tally_delete AFTER DELETE ON resource BEGIN
  UPDATE tally SET count = count - 1 WHERE scope = old.scope AND kind = old.kind;
END;
CREATE TABLE tick (last INTEGER NOT NULL);
INSERT INTO tick VALUES (0);
"""

_HISTORY: Final = """
CREATE TEMP TABLE history (
  step INTEGER PRIMARY KEY, new_seq INTEGER,
  seq INTEGER, id TEXT, kind TEXT, scope TEXT, parent TEXT, key TEXT, body TEXT, updated TEXT
);
CREATE TEMP TRIGGER history_insert AFTER INSERT ON main.resource BEGIN
  INSERT INTO history (new_seq) VALUES (new.seq);
END;
CREATE TEMP TRIGGER history_update AFTER UPDATE ON main.resource BEGIN
  INSERT INTO history VALUES (NULL, new.seq, old.seq, old.id, old.kind, old.scope, old.parent,
                              old.key, old.body, old.updated);
END;
CREATE TEMP TRIGGER history_delete AFTER DELETE ON main.resource BEGIN
  INSERT INTO history VALUES (NULL, NULL, old.seq, old.id, old.kind, old.scope, old.parent,
                              old.key, old.body, old.updated);
END;
"""

_DELETE_BELOW: Final = """
WITH RECURSIVE below (id) AS (
  SELECT ?1
  UNION SELECT resource.id FROM below JOIN resource ON resource.scope = below.id
  UNION SELECT resource.id FROM below JOIN resource ON resource.parent = below.id)
DELETE FROM resource WHERE id IN (SELECT id FROM below)
"""
_ABOVE: Final = """
WITH RECURSIVE above (id) AS (
  SELECT ?1
  UNION SELECT resource.parent FROM above JOIN resource ON resource.id = above.id
        WHERE resource.parent IS NOT NULL)
SELECT 1 FROM above WHERE id = ?2
"""


class Taken(Exception):
    """The natural key of a row is in use among its siblings."""


class Row(NamedTuple):
    """A row of `resource`, in the order of its columns."""

    seq: int
    id: str
    kind: str
    scope: str
    parent: str | None
    key: str | None
    body: str
    updated: str


class Store:
    """One connection. Whoever uses it from several threads takes turns."""

    defer: Callable[[], None] | None = None
    """Is told instead of a commit, and sees to it that one follows."""

    def __init__(self, path: Path | None = None) -> None:
        """A file, made where it is missing, or (None) memory. Raises CfsyncError."""
        self.path = path
        try:
            if path is not None:
                path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(
                path or ":memory:", isolation_level=None, check_same_thread=False, timeout=10
            )
        except (OSError, sqlite3.Error) as error:
            raise _unusable(path, str(error)) from error
        try:
            self._prepare()
        except sqlite3.Error as error:
            self._db.close()
            raise _unusable(path, str(error)) from error
        except CfsyncError:
            self._db.close()
            raise

    def close(self) -> None:
        self._db.close()

    def _prepare(self) -> None:
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")  # survives a killed process: enough here
        self._db.execute("PRAGMA wal_autocheckpoint = 10000")  # the syncs of small ones cost most
        with self.writing():
            (version,) = self._db.execute("PRAGMA user_version").fetchone()
            if version == 0:
                for statement in _statements(_SCHEMA):
                    self._db.execute(statement)
                self._db.execute(f"PRAGMA user_version = {VERSION}")
            elif version != VERSION:
                raise _unusable(self.path, f"it has format {version}, this is format {VERSION}")

    @contextmanager
    def writing(self) -> Iterator[None]:
        """All or nothing; inside another one it is part of that, and taken back alone."""
        inside = self._db.in_transaction
        self._db.execute("SAVEPOINT inner" if inside else "BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._roll_back("ROLLBACK TO inner" if inside else "ROLLBACK")
            raise
        if inside:
            self._db.execute("RELEASE inner")
        elif self.defer is None:
            self.commit()
        else:
            self.defer()

    def commit(self) -> None:
        """What was deferred. Raises sqlite3.Error, and then nothing of it remains."""
        try:
            self._db.execute("COMMIT")
        except BaseException:
            self._roll_back("ROLLBACK")
            raise

    def _roll_back(self, statement: str) -> None:
        if self._db.in_transaction:  # else a full disk has ended it
            self._db.execute(statement)

    def tick(self, micros: int) -> int:
        """The time of a write: `micros`, or a microsecond after the last one if that is later."""
        (last,) = self._db.execute(
            "UPDATE tick SET last = max(last + 1, ?) RETURNING last", (micros,)
        ).fetchone()
        return int(last)

    def last_tick(self) -> int:
        """0 in a new store."""
        (last,) = self._db.execute("SELECT last FROM tick").fetchone()
        return int(last)

    def find(self, id_: str) -> Row | None:
        row = self._db.execute("SELECT * FROM resource WHERE id = ?", (id_,)).fetchone()
        return Row._make(row) if row else None

    def rows(self) -> Iterator[Row]:
        """Everything, in the order of creation."""
        return map(
            Row._make,
            self._db.execute("SELECT * FROM resource ORDER BY seq").fetchall(),
        )

    def page(self, kind: str, scope: str, after: int, limit: int) -> list[tuple[int, str, str]]:
        """Number, body and update time of the next rows of a collection."""
        return self._db.execute(
            "SELECT seq, body, updated FROM resource"
            " WHERE scope = ? AND kind = ? AND seq > ? ORDER BY seq LIMIT ?",
            (scope, kind, after, limit),
        ).fetchall()

    def total(self, kind: str, scope: str) -> int:
        row = self._db.execute(
            "SELECT count FROM tally WHERE scope = ? AND kind = ?", (scope, kind)
        ).fetchone()
        return int(row[0]) if row else 0

    def insert(self, row: Row) -> None:
        """Raises Taken."""
        with _unique():
            self._db.execute("INSERT INTO resource VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)

    def replace(self, row: Row) -> None:
        """Number, kind and scope stay. Raises Taken."""
        with _unique():
            self._db.execute(
                "UPDATE resource SET parent = ?, key = ?, body = ?, updated = ? WHERE id = ?",
                (*row[4:], row.id),
            )

    def touch(self, ids: Iterable[str], updated: str) -> None:
        self._db.executemany(
            "UPDATE resource SET updated = ? WHERE id = ?", [(updated, id_) for id_ in ids]
        )

    def delete(self, id_: str) -> None:
        """The row and everything below it."""
        self._db.execute(_DELETE_BELOW, (id_,))

    def is_above(self, id_: str, start: str) -> bool:
        """Whether `id_` is `start` or one of its parents."""
        return self._db.execute(_ABOVE, (start, id_)).fetchone() is not None

    def keep_history(self) -> None:
        """From here on `rewound` is possible."""
        if not self._db.execute(
            "SELECT 1 FROM sqlite_temp_master WHERE name = 'history'"
        ).fetchone():
            self._db.executescript(_HISTORY)

    def forget_history(self) -> None:
        self._db.execute("DELETE FROM history")

    def step(self) -> int:
        """Where the history stands, for `rewound`."""
        (last,) = self._db.execute("SELECT coalesce(max(step), 0) FROM history").fetchone()
        return int(last)

    @contextmanager
    def rewound(self, step: int) -> Iterator[None]:
        """Reads inside see the rows as they were at `step`; nothing of it lasts."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            changes = self._db.execute(
                "SELECT * FROM history WHERE step > ? ORDER BY step DESC", (step,)
            ).fetchall()
            for _, new_seq, *old in changes:
                if new_seq is not None:
                    self._db.execute("DELETE FROM resource WHERE seq = ?", (new_seq,))
                if old[0] is not None:
                    self._db.execute("INSERT INTO resource VALUES (?, ?, ?, ?, ?, ?, ?, ?)", old)
            yield
        finally:
            self._db.execute("ROLLBACK")


@contextmanager
def _unique() -> Iterator[None]:
    try:
        yield
    except sqlite3.IntegrityError as error:
        raise Taken from error


def _statements(script: str) -> Iterator[str]:
    """Apart, because `executescript` would end the transaction that they stand in."""
    lines: list[str] = []
    for line in script.splitlines():
        lines.append(line)
        if sqlite3.complete_statement(statement := "\n".join(lines)):
            yield statement
            lines.clear()


def _unusable(path: Path | None, why: str) -> CfsyncError:
    return CfsyncError(
        "the emulator's database cannot be used",
        where=str(path),
        why=why,
        next_step=f"rm {path}  # the emulator makes a new, empty one",
    )
