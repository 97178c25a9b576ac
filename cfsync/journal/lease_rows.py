"""Rows of the table `lease`: who writes, where the chain ends, what the base adds up to."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from cfsync.journal import chain
from cfsync.journal.canonical import decode, encode
from cfsync.journal.database import Database
from cfsync.journal.refusals import damaged
from cfsync.model.lease import Holder, JournalKey, Lease

_COLUMNS: Final = (
    "id, name, environment, host, epoch, holder, since, expires, last, tip, bounds, rows"
)


@dataclass(slots=True)
class LeaseRow:
    id: int
    key: JournalKey
    epoch: int = 0
    holder: Holder | None = None
    since: float = 0.0
    expires: float = 0.0
    last: int = 0
    """`seq` of the last line; 0 before the first."""
    tip: bytes = chain.FIRST
    """Its digest, so that a tail that was cut off shows."""
    bounds: int = 0
    """How many lines are RUN_BEGIN or RUN_END."""
    rows: bytes = chain.FIRST
    """The sum of the digests of all rows of the base."""

    @property
    def lease(self) -> Lease:
        return Lease(self.key, self.epoch, self.holder, self.since, self.expires)

    def columns(self) -> tuple[object, ...]:
        key = self.key
        holder = None if self.holder is None else encode(self.holder).decode()
        times = (float(self.since), float(self.expires))
        ends = (self.last, self.tip, self.bounds, self.rows)
        return (self.id, key.name, key.environment, key.host, self.epoch, holder, *times, *ends)


def load_all(db: Database, location: str | None) -> Iterator[LeaseRow]:
    """Raises JournalUnreadable for a damaged row; not without a location, then it is passed on."""
    for row in db.execute(f"SELECT {_COLUMNS}, digest FROM lease").fetchall():  # noqa: S608 - a constant  # nosec B608
        if location is not None and _digest(row[:-1]) != row[-1]:
            raise damaged(location, "the line that holds its lease does not match its digest")
        id_, name, environment, host, epoch, holder, *rest, _ = row
        held = None if holder is None else Holder(**decode(holder.encode()))
        yield LeaseRow(id_, JournalKey(name, environment, host), epoch, held, *rest)


def add(db: Database, key: JournalKey) -> LeaseRow:
    """A row with the next number, not saved yet."""
    return LeaseRow(db.execute("SELECT coalesce(max(id), 0) + 1 FROM lease").fetchone()[0], key)


def save(db: Database, row: LeaseRow) -> None:
    columns = row.columns()
    db.execute("DELETE FROM lease WHERE id = ?", (row.id,))
    db.execute(
        "INSERT INTO lease VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (*columns, _digest(columns)),
    )


def _digest(columns: tuple[object, ...]) -> bytes:
    texts = (c.hex() if isinstance(c, bytes) else c for c in columns)
    return sha256(encode(tuple(texts))).digest()
