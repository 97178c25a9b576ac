"""Where a journal is: a file, or a PostgreSQL database; and the system's lock that goes with it."""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from cfsync.journal.canonical import encode
from cfsync.journal.filelock import FileLock
from cfsync.journal.refusals import lock_held
from cfsync.journal.sql_store import SqlStore
from cfsync.journal.sqlite import SqliteStore
from cfsync.model.lease import JournalKey, Lease


def is_database(location: str) -> bool:
    return location.startswith(("postgresql://", "postgres://"))


def exists(location: str) -> bool:
    """Whether there may be something to open; a database is asked when opened."""
    return is_database(location) or Path(location).exists()


def open_store(location: str) -> SqlStore:
    """To write; made where there is none. Raises JournalUnreadable."""
    if is_database(location):
        from cfsync.journal.postgres import PostgresStore  # noqa: PLC0415 - an extra

        return PostgresStore.open(location)
    return SqliteStore.open(Path(location))


def open_readonly(location: str, *, salvage: bool = False) -> SqlStore | None:
    """None where there is none; makes nothing. Raises JournalUnreadable."""
    if is_database(location):
        from cfsync.journal.postgres import PostgresStore  # noqa: PLC0415 - an extra

        return PostgresStore.open_readonly(location, salvage=salvage)
    return SqliteStore.open_readonly(Path(location), salvage=salvage)


def open_locked(location: str, key: JournalKey, now: float) -> tuple[SqlStore, Callable[[], None]]:
    """The store under a lock that a dying process gives back, and how to give it back oneself.

    Raises LockHeld, JournalUnreadable.
    """
    store = open_store(location)
    try:
        free = _lock(store, location, key)
    except BaseException:
        store.close()
        raise
    if free is None:
        held = store.lease(key) or Lease(key, 0, None, now, now)
        store.close()
        raise lock_held(held)
    return store, free


def _lock(store: SqlStore, location: str, key: JournalKey) -> Callable[[], None] | None:
    if not is_database(location):
        lock = FileLock.take(Path(location), key)
        return None if lock is None else _both(lock.free, store.close)
    from cfsync.journal.postgres import PostgresStore  # noqa: PLC0415 - an extra

    assert isinstance(store, PostgresStore)  # noqa: S101 - what open_store gives for a database
    digest = sha256(encode((key.name, key.environment, key.host))).digest()
    number = int.from_bytes(digest[:8], signed=True)
    return store.close if store.take_advisory_lock(number) else None


def _both(first: Callable[[], None], second: Callable[[], None]) -> Callable[[], None]:
    def free() -> None:
        first()
        second()

    return free
