"""Journals in one SQLite file, synced before anything is believed."""

import sqlite3
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from cfsync.errors import JournalUnreadable
from cfsync.journal.refusals import damaged, unwritable
from cfsync.journal.sql_store import SqlStore
from cfsync.journal.sqlite_file import open_to_read, open_to_write
from cfsync.model.lease import JournalKey


class SqliteStore(SqlStore):
    """See model.ports.Store."""

    db: sqlite3.Connection

    @classmethod
    def open(cls, path: Path) -> "SqliteStore":
        """Made where there is none, with its folder, readable for its owner alone."""
        return cls(open_to_write(path), str(path))

    @classmethod
    def open_readonly(cls, path: Path, *, salvage: bool = False) -> "SqliteStore | None":
        """None where there is none; makes nothing."""
        db = open_to_read(path, salvage=salvage)
        return None if db is None else cls(db, str(path), salvage=salvage)

    def prune(self, key: JournalKey, runs: Collection[str]) -> int:
        with self._lock:
            self.db.execute("PRAGMA secure_delete = ON")
            return super().prune(key, runs)

    @contextmanager
    def writing(self) -> Iterator[None]:
        with self._lock:
            try:
                self.db.execute("BEGIN IMMEDIATE")
                yield
                self.db.execute("COMMIT")
            except sqlite3.Error as error:
                raise self._told(error) from error
            finally:
                self._end()

    @contextmanager
    def reading(self) -> Iterator[None]:
        with self._lock:
            try:
                self.db.execute("BEGIN")
                yield
            except sqlite3.Error as error:
                raise self._told(error) from error
            except (TypeError, ValueError, KeyError) as error:  # a column of another type
                raise damaged(self._location, str(error)) from error
            finally:
                self._end()

    def _end(self) -> None:
        if self.db.in_transaction:
            self.db.execute("ROLLBACK")

    def _told(self, error: sqlite3.Error) -> JournalUnreadable:
        # text that is not UTF-8 is an OperationalError, too, but one without a code of SQLite's
        if isinstance(error, sqlite3.OperationalError) and hasattr(error, "sqlite_errorcode"):
            return unwritable(self._location, str(error))
        return damaged(self._location, str(error))
