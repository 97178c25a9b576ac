"""Where a journal is: a file, or a PostgreSQL database; and the system's lock that goes with it."""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cfsync.journal.canonical import encode
from cfsync.journal.filelock import FileLock, signed_by
from cfsync.journal.locations import is_database
from cfsync.journal.refusals import lock_held, postgres_missing
from cfsync.journal.sql_store import SqlStore
from cfsync.journal.sqlite import SqliteStore
from cfsync.model.lease import Holder, JournalKey, Lease

if TYPE_CHECKING:
    from cfsync.journal.postgres import PostgresStore

_READINGS: Final = 50


def exists(location: str) -> bool:
    """Whether there may be something to open; a database is asked when opened."""
    return is_database(location) or Path(location).exists()


def open_store(location: str) -> SqlStore:
    """To write; made where there is none. Raises JournalUnreadable."""
    if is_database(location):
        return _postgres().open(location)
    return SqliteStore.open(Path(location))


def open_readonly(location: str, *, salvage: bool = False) -> SqlStore | None:
    """None where there is none; makes nothing. Raises JournalUnreadable."""
    if is_database(location):
        return _postgres().open_readonly(location, salvage=salvage)
    return SqliteStore.open_readonly(Path(location), salvage=salvage)


def open_locked(
    location: str, key: JournalKey, holder: Holder, now: float
) -> tuple[SqlStore, Callable[[], None]]:
    """The store under a lock that a dying process gives back, and how to give it back oneself.

    Raises LockHeld, JournalUnreadable.
    """
    store = open_store(location)
    try:
        return store, _lock(store, location, key, holder, now)
    except BaseException:
        store.close()
        raise


def _lock(
    store: SqlStore, location: str, key: JournalKey, holder: Holder, now: float
) -> Callable[[], None]:
    if is_database(location):
        free, other = _advisory_lock(store, key), None
    else:
        lock = FileLock.take(Path(location), key, holder)
        free = None if lock is None else _both(lock.free, store.close)
        other = None if lock is not None else signed_by(Path(location), key)
    if free is None:
        raise lock_held(_lease(store, key) or Lease(key, 0, other, now, now))
    return free


def _lease(store: SqlStore, key: JournalKey) -> Lease | None:
    """Whoever has the lock writes its lease next: it is there at most some readings later."""
    for _ in range(_READINGS):
        lease = store.lease(key)
        if lease is not None and lease.holder is not None:
            return lease
    return None


def _advisory_lock(store: SqlStore, key: JournalKey) -> Callable[[], None] | None:
    assert isinstance(store, _postgres())  # noqa: S101 - what open_store gives for a database
    digest = sha256(encode((key.name, key.environment, key.host))).digest()
    number = int.from_bytes(digest[:8], signed=True)
    return store.close if store.take_advisory_lock(number) else None


def _both(first: Callable[[], None], second: Callable[[], None]) -> Callable[[], None]:
    def free() -> None:
        first()
        second()

    return free


def _postgres() -> "type[PostgresStore]":
    """Imported when a database is named: psycopg is an extra, and needs libpq besides."""
    try:
        from cfsync.journal.postgres import PostgresStore  # noqa: PLC0415 - see above
    except ImportError as error:
        raise postgres_missing(str(error)) from error
    return PostgresStore
