"""The tables of a journal in SQLite, and how a file is recognised as one."""

import sqlite3
from collections.abc import Callable, Mapping
from typing import Final

from cfsync.journal.refusals import damaged, newer

VERSION: Final = 1
APPLICATION: Final = 0x63667379
"""`cfsy`"""

TABLES: Final = (
    """CREATE TABLE lease (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  environment TEXT NOT NULL,
  host TEXT NOT NULL,
  epoch INTEGER NOT NULL,
  holder TEXT,
  since REAL NOT NULL,
  expires REAL NOT NULL,
  last INTEGER NOT NULL,
  tip BLOB NOT NULL,
  bounds INTEGER NOT NULL,
  rows BLOB NOT NULL,
  digest BLOB NOT NULL
)""",
    """CREATE TABLE event (
  seq INTEGER PRIMARY KEY,
  lease INTEGER NOT NULL,
  run TEXT NOT NULL,
  epoch INTEGER NOT NULL,
  at TEXT NOT NULL,
  kind TEXT NOT NULL,
  write INTEGER,
  attempt INTEGER NOT NULL,
  body BLOB,
  body_hash BLOB NOT NULL,
  prev_hash BLOB NOT NULL,
  hash BLOB NOT NULL
)""",
    """CREATE INDEX event_bounds ON event (lease, seq) WHERE kind IN ('RUN_BEGIN', 'RUN_END')""",
    """CREATE TABLE base (
  lease INTEGER NOT NULL,
  id TEXT NOT NULL,
  row BLOB NOT NULL,
  digest BLOB NOT NULL,
  PRIMARY KEY (lease, id)
) WITHOUT ROWID""",
)

MIGRATIONS: Final[Mapping[int, Callable[[sqlite3.Connection], None]]] = {}
"""From the format of this number to the next one, inside one transaction."""


def create(db: sqlite3.Connection) -> None:
    db.execute("BEGIN IMMEDIATE")
    for statement in TABLES:
        db.execute(statement)
    db.execute(f"PRAGMA application_id = {APPLICATION}")
    db.execute(f"PRAGMA user_version = {VERSION}")
    db.execute("COMMIT")


def check(db: sqlite3.Connection, location: str, *, migrate: bool) -> None:
    """Raises JournalUnreadable when this is no journal, a damaged one, or a newer one."""
    if _number(db, "application_id") != APPLICATION:
        raise damaged(location, "it is not a journal of cfsync")
    found = _number(db, "user_version")
    if found > VERSION:
        raise newer(location, found, VERSION)
    if found < VERSION and migrate:
        _migrate(db, location, found)
    if migrate or found == VERSION:
        _check_tables(db, location)


def _number(db: sqlite3.Connection, pragma: str) -> int:
    return int(db.execute(f"PRAGMA {pragma}").fetchone()[0])


def _migrate(db: sqlite3.Connection, location: str, found: int) -> None:
    if any(version not in MIGRATIONS for version in range(found, VERSION)):
        raise damaged(location, f"its format {found} never existed")
    db.execute("BEGIN IMMEDIATE")
    for version in range(found, VERSION):
        MIGRATIONS[version](db)
    db.execute(f"PRAGMA user_version = {VERSION}")
    db.execute("COMMIT")


def _check_tables(db: sqlite3.Connection, location: str) -> None:
    found = {row[0] for row in db.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")}
    if found != set(TABLES):
        raise damaged(location, "its tables are not those of a journal")
