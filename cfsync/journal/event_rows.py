"""Rows of the table `event`: the lines of the journal, each chained to the one before."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import astuple, dataclass
from hashlib import sha256
from typing import Final, TypeAlias

from cfsync.journal import chain
from cfsync.journal.canonical import decode, encode, packed, unpacked
from cfsync.journal.chain import Link
from cfsync.journal.database import Database
from cfsync.journal.lease_rows import LeaseRow
from cfsync.model.lease import Entry, JournalKey
from cfsync.model.run import Event, Record, RecordKind

_BOUNDS: Final = ("RUN_BEGIN", "RUN_END")
_SELECT: Final = (
    "SELECT seq, run, epoch, at, kind, write, attempt, body, body_hash, prev_hash, hash FROM event"
)
_INSERT: Final = "INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"

Columns: TypeAlias = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A row as it stands in the file, believed only once its digests fit."""

    seq: int
    run: str
    epoch: int
    at: str
    kind: RecordKind
    write: int | None
    attempt: int
    body: bytes | None
    """None: pruned."""
    body_hash: bytes
    prev_hash: bytes
    hash: bytes

    def event(self, key: JournalKey) -> Event | None:
        """None when it does not match its digests."""
        link = Link(key, self.run, self.epoch, self.at, self.kind, self.write, self.attempt)
        if chain.digest(self.prev_hash, link, self.body_hash) != self.hash:
            return None
        if self.body is None:
            return self.without_body()
        try:
            text = unpacked(self.body)
            sound = sha256(text).digest() == self.body_hash
        except (TypeError, ValueError):  # no bytes, or not what was compressed
            return None
        if not sound:
            return None
        record = Record(self.kind, decode(text), self.write, self.attempt)
        return Event(self.seq, self.run, self.epoch, self.at, record)

    def without_body(self) -> Event:
        record = Record(self.kind, {}, self.write, self.attempt)
        return Event(self.seq, self.run, self.epoch, self.at, record)


def append(db: Database, lease: LeaseRow, entries: Sequence[Entry]) -> None:
    """The rows of all entries; the lease's row learns where the chain ends now."""
    seq = db.execute("SELECT coalesce(max(seq), 0) FROM event").fetchone()[0]
    rows: list[Columns] = []
    for entry in entries:
        for record in entry.records:
            seq += 1
            rows.append(_row(seq, lease, entry, record))
            lease.bounds += record.kind in _BOUNDS
    db.executemany(_INSERT, rows)
    if rows:
        lease.last = seq


def _row(seq: int, lease: LeaseRow, entry: Entry, record: Record) -> Columns:
    body = encode(record.body)
    body_hash = sha256(body).digest()
    facts = (entry.run, lease.epoch, entry.at, record.kind, record.write, record.attempt)
    before, lease.tip = lease.tip, chain.digest(lease.tip, Link(lease.key, *facts), body_hash)
    return (seq, lease.id, *facts, packed(body), body_hash, before, lease.tip)


def copy(source: Database, old: LeaseRow, target: Database, new: LeaseRow) -> None:
    """The lines as they are, digests included; only their numbers are those of the target."""
    seq = target.execute("SELECT coalesce(max(seq), 0) FROM event").fetchone()[0]
    rows = [
        (number, new.id, *astuple(line)[1:])
        for number, line in enumerate(all_of(source, old.id), seq + 1)
    ]
    target.executemany(_INSERT, rows)
    new.epoch, new.tip, new.bounds = old.epoch, old.tip, old.bounds
    new.last = seq + len(rows) if rows else 0


def at(db: Database, seq: int) -> Line | None:
    row = db.execute(f"{_SELECT} WHERE seq = ?", (seq,)).fetchone()
    return None if row is None else Line(*row)


def bounds(db: Database, lease: int) -> tuple[Line, ...]:
    where = "lease = ? AND kind IN ('RUN_BEGIN', 'RUN_END') ORDER BY seq"
    return tuple(Line(*row) for row in db.execute(f"{_SELECT} WHERE {where}", (lease,)))


def of_run(db: Database, lease: int, run: str) -> Iterator[Line]:
    first = next((line.seq for line in bounds(db, lease) if line.run == run), None)
    if first is None:
        return
    where = "seq >= ? AND lease = ? ORDER BY seq"
    for row in db.execute(f"{_SELECT} WHERE {where}", (first, lease)):
        line = Line(*row)
        if line.run != run:  # one lease, one run at a time: the next one has begun
            return
        yield line


def all_of(db: Database, lease: int) -> Iterator[Line]:
    for row in db.execute(f"{_SELECT} WHERE lease = ? ORDER BY seq", (lease,)):
        yield Line(*row)


def empty(db: Database, lease: int, runs: Collection[str], kept: Collection[str]) -> int:
    """Forget the bodies of these runs' lines, other than of the kept kinds."""
    marks = ", ".join("?" * len(kept))
    where = f"lease = ? AND run = ? AND body IS NOT NULL AND kind NOT IN ({marks})"
    query = f"UPDATE event SET body = NULL WHERE {where}"  # noqa: S608 - question marks only  # nosec B608
    return sum(db.execute(query, (lease, run, *kept)).rowcount for run in runs)
