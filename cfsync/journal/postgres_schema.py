"""The tables of a journal in PostgreSQL: SQLite's columns, in a schema of their own."""

from collections.abc import Callable, Mapping
from typing import Final

from cfsync.journal.postgres_database import PostgresDatabase
from cfsync.journal.refusals import damaged, newer

VERSION: Final = 1

TABLES: Final = (
    """CREATE TABLE lease (
  id BIGINT PRIMARY KEY,
  name TEXT NOT NULL,
  environment TEXT NOT NULL,
  host TEXT NOT NULL,
  epoch BIGINT NOT NULL,
  holder TEXT,
  since DOUBLE PRECISION NOT NULL,
  expires DOUBLE PRECISION NOT NULL,
  last BIGINT NOT NULL,
  tip BYTEA NOT NULL,
  bounds BIGINT NOT NULL,
  rows BYTEA NOT NULL,
  digest BYTEA NOT NULL
)""",
    """CREATE TABLE event (
  seq BIGINT PRIMARY KEY,
  lease BIGINT NOT NULL,
  run TEXT NOT NULL,
  epoch BIGINT NOT NULL,
  at TEXT NOT NULL,
  kind TEXT NOT NULL,
  write BIGINT,
  attempt BIGINT NOT NULL,
  body BYTEA,
  body_hash BYTEA NOT NULL,
  prev_hash BYTEA NOT NULL,
  hash BYTEA NOT NULL
)""",
    "CREATE INDEX event_bounds ON event (lease, seq) WHERE kind IN ('RUN_BEGIN', 'RUN_END')",
    """CREATE TABLE base (
  lease BIGINT NOT NULL,
  id TEXT NOT NULL,
  row BYTEA NOT NULL,
  digest BYTEA NOT NULL,
  PRIMARY KEY (lease, id)
)""",
    "CREATE TABLE version (number INTEGER NOT NULL)",
    f"INSERT INTO version VALUES ({VERSION})",  # noqa: S608 - a constant  # nosec B608
)

_FIND: Final = (
    "SELECT 1 FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
    "WHERE n.nspname = 'cfsync' AND c.relname = 'version'"
)
"""`to_regclass` would remember that there was none, even after waiting for whoever made it."""

MIGRATIONS: Final[Mapping[int, Callable[[PostgresDatabase], None]]] = {}
"""From the format of this number to the next one, inside one transaction."""


def prepare(db: PostgresDatabase, location: str) -> None:
    """Make the tables, or bring them to this version. Raises JournalUnreadable, psycopg.Error."""
    if _number(db) == VERSION:
        return
    db.execute("BEGIN")
    try:
        # two machines may come for the first time at once
        db.execute("SELECT pg_advisory_xact_lock(hashtext('cfsync'), 0)")
        if not _has_schema(db):
            db.execute("CREATE SCHEMA IF NOT EXISTS cfsync")
            for statement in TABLES:
                db.execute(statement)
        _migrate(db, location)
        db.execute("COMMIT")
    finally:
        db.rollback()


def is_there(db: PostgresDatabase, location: str, *, salvage: bool) -> bool:
    """Whether there is a journal that this version can read. Raises JournalUnreadable."""
    found = _number(db)
    if found is not None and found > VERSION and not salvage:
        raise newer(location, found, VERSION)
    return found is not None


def _migrate(db: PostgresDatabase, location: str) -> None:
    found = _number(db)
    if found is None or any(each not in MIGRATIONS for each in range(found, VERSION)):
        raise damaged(location, "its tables are not those of a journal")
    if found > VERSION:
        raise newer(location, found, VERSION)
    for each in range(found, VERSION):
        MIGRATIONS[each](db)
    if found < VERSION:
        db.execute("UPDATE version SET number = ?", (VERSION,))


def _has_schema(db: PostgresDatabase) -> bool:
    row = db.execute(_FIND).fetchone()
    return row is not None


def _number(db: PostgresDatabase) -> int | None:
    if not _has_schema(db):
        return None
    row = db.execute("SELECT max(number) FROM cfsync.version").fetchone()
    return None if row[0] is None else int(row[0])
