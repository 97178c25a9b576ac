"""Journals in a PostgreSQL database, so that many machines share base, history and lock."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

import psycopg

from cfsync.errors import JournalUnreadable
from cfsync.journal.locations import shown
from cfsync.journal.postgres_database import PostgresDatabase, connect
from cfsync.journal.postgres_schema import is_there, prepare
from cfsync.journal.refusals import damaged, unreadable, unwritable
from cfsync.journal.sql_store import SqlStore
from cfsync.model.lease import Lease

_WRITER = "SELECT pg_advisory_xact_lock(hashtext('cfsync'), 0)"
"""Writers go one after another, as SQLite's do: the chain has one end."""


class PostgresStore(SqlStore):
    """See model.ports.Store. A connection that breaks is a disk that fails: nothing more is sent.

    A commit whose answer is lost may or may not stand; either way the store takes nothing more, and
    whoever opens it next reads what is there.
    """

    db: PostgresDatabase
    _url = ""

    @classmethod
    def open(cls, url: str) -> "PostgresStore":
        """Makes the tables where there are none. Raises JournalUnreadable."""
        db = connect(url)
        try:
            prepare(db, shown(url))
        except psycopg.Error as error:
            db.close()
            raise _not_written(shown(url), error) from error
        except BaseException:
            db.close()
            raise
        store = cls(db, shown(url))
        store._url = url
        return store

    @classmethod
    def open_readonly(cls, url: str, *, salvage: bool = False) -> "PostgresStore | None":
        """None where no journal was ever made; a role that may only read is enough."""
        db = connect(url)
        try:
            db.execute("SET default_transaction_read_only = on")
            if is_there(db, shown(url), salvage=salvage):
                return cls(db, shown(url), salvage=salvage)
        except psycopg.Error as error:
            db.close()
            raise _not_read(shown(url), error) from error
        except BaseException:
            db.close()
            raise
        db.close()
        return None

    def release(self, lease: Lease) -> None:
        """Over a new connection where the old one broke, or the next runner would wait for long."""
        try:
            super().release(lease)
        except JournalUnreadable:
            if not self.db.broken:
                raise
            with closing(PostgresStore.open(self._url)) as again:
                super(PostgresStore, again).release(lease)

    def take_advisory_lock(self, number: int) -> bool:
        """Held by this connection until it closes; the server frees it when the process dies."""
        with self._lock:
            try:
                row = self.db.execute("SELECT pg_try_advisory_lock(?)", (number,)).fetchone()
            except psycopg.Error as error:
                raise _not_written(self._location, error) from error
            return bool(row[0])

    @contextmanager
    def writing(self) -> Iterator[None]:
        with self._lock:
            try:
                self.db.execute("BEGIN")
                self.db.execute(_WRITER)
                yield
                self.db.execute("COMMIT")
            except psycopg.Error as error:
                raise _not_written(self._location, error) from error
            finally:
                self.db.rollback()

    @contextmanager
    def reading(self) -> Iterator[None]:
        with self._lock:
            try:
                self.db.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                yield
            except psycopg.Error as error:
                raise _not_read(self._location, error) from error
            except (TypeError, ValueError, KeyError) as error:  # a column of another type
                raise damaged(self._location, str(error)) from error
            finally:
                self.db.rollback()


def _not_written(location: str, error: psycopg.Error) -> JournalUnreadable:
    remedy = "see that the database can be reached and written to"
    return unwritable(location, _first_line(error), remedy=remedy)


def _not_read(location: str, error: psycopg.Error) -> JournalUnreadable:
    return unreadable(location, _first_line(error))


def _first_line(error: psycopg.Error) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
