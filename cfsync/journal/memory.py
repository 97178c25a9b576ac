"""A journal that lives as long as this object: for tests, and for runs that keep nothing."""

import sqlite3

from cfsync.journal import schema
from cfsync.journal.sqlite import SqliteStore


class MemoryStore(SqliteStore):
    """The same tables and checks, without a disk. `close` keeps it, as a file is kept."""

    def __init__(self) -> None:
        db = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        schema.create(db)
        super().__init__(db, ":memory:")

    def close(self) -> None:
        """Nothing is lost: the next run may open the same object."""
