"""Journals in the tables of an SQL database: append-only, chained, believed only when checked."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager
from itertools import pairwise
from threading import RLock
from typing import Final

from cfsync.errors import JournalUnreadable
from cfsync.journal import base_rows, chain, event_rows, lease_rows
from cfsync.journal.canonical import decode_row
from cfsync.journal.database import Database
from cfsync.journal.event_rows import Line
from cfsync.journal.lease_rows import LeaseRow
from cfsync.journal.refusals import damaged, lease_lost, lock_held, unwritable
from cfsync.model.base import NOTHING, AtHand, Base
from cfsync.model.lease import Entry, Holder, JournalKey, Lease
from cfsync.model.run import Event

_PRUNED_KINDS: Final = ("RUN_BEGIN", "RUN_END", "PHASE", "UNDO_BEGIN")
"""What stays readable: that a run was, and how it ended."""


class SqlStore(ABC):
    """See model.ports.Store. `location` is only for messages.

    `salvage` reads what can be read of a damaged journal, without checking it.
    """

    def __init__(self, db: Database, location: str, *, salvage: bool = False) -> None:
        self.db = db
        self._location = location
        self._salvage = salvage
        self._failed = False
        self._lock = RLock()

    @abstractmethod
    def writing(self) -> AbstractContextManager[None]:
        """A durable transaction that no other writer's overlaps. Raises JournalUnreadable."""

    @abstractmethod
    def reading(self) -> AbstractContextManager[None]:
        """One state of everything, whatever others write. Raises JournalUnreadable."""

    def take(
        self,
        key: JournalKey,
        holder: Holder,
        *,
        now: float,
        until: float,
        may_take: Callable[[Lease], bool],
    ) -> Lease:
        with self.writing():
            row = self._lease_row(key) or lease_rows.add(self.db, key)
            if row.holder is not None and not may_take(row.lease):
                raise lock_held(row.lease)
            row.holder, row.since, row.expires = holder, now, until
            row.epoch += 1
            lease_rows.save(self.db, row)
            return row.lease

    def commit(self, lease: Lease, entries: Sequence[Entry], *, until: float) -> None:
        if self._failed:
            raise unwritable(self._location, "an earlier entry could not be written")
        try:
            with self.writing():
                row = self._own_row(lease)
                event_rows.append(self.db, row, entries)
                for entry in entries:
                    base_rows.change(self.db, row, entry.base)
                row.expires = until
                lease_rows.save(self.db, row)
        except JournalUnreadable:
            self._failed = True
            raise

    def release(self, lease: Lease) -> None:
        with self.writing():
            row = self._lease_row(lease.key)
            if row is not None and row.lease.epoch == lease.epoch:
                row.holder = None
                lease_rows.save(self.db, row)

    def lease(self, key: JournalKey) -> Lease | None:
        with self.reading():
            row = self._lease_row(key)
            return row.lease if row else None

    def keys(self) -> tuple[JournalKey, ...]:
        with self.reading():
            return tuple(sorted(row.key for row in lease_rows.load_all(self.db, self._checked)))

    def base(
        self,
        key: JournalKey,
        ids: Collection[str] | None = None,
        at_hand: AtHand = NOTHING,
    ) -> dict[str, Base]:
        with self.reading():
            lease = self._lease_row(key)
            if lease is None:
                return {}
            if ids is None:
                return self._all_rows(lease, at_hand)
            found = base_rows.some_of(self.db, lease, ids)
            return {id_: self._sound(id_, row, digest, at_hand) for id_, row, digest in found}

    def bounds(self, key: JournalKey) -> tuple[Event, ...]:
        with self.reading():
            lease = self._lease_row(key)
            if lease is None:
                return ()
            lines = event_rows.bounds(self.db, lease.id)
            if len(lines) != lease.bounds:
                self._damaged(f"it lists {len(lines)} beginnings and ends, not {lease.bounds}")
            return tuple(self._event(lease, line) for line in lines)

    def tail(self, key: JournalKey) -> Event | None:
        with self.reading():
            lease = self._lease_row(key)
            if lease is None or lease.last == 0:
                return None
            line = event_rows.at(self.db, lease.last)
            if line is None or line.hash != lease.tip:
                self._damaged("its last lines are missing")
            return None if line is None else self._event(lease, line)

    def events(self, key: JournalKey, run: str) -> tuple[Event, ...]:
        with self.reading():
            lease = self._lease_row(key)
            if lease is None:
                return ()
            lines = tuple(event_rows.of_run(self.db, lease.id, run))
            self._check_links(lease, lines)
            return tuple(self._event(lease, line) for line in lines)

    def verify(self, key: JournalKey) -> None:
        with self.reading():
            lease = self._lease_row(key)
            if lease is None:
                return
            before = chain.FIRST
            for line in event_rows.all_of(self.db, lease.id):
                if line.prev_hash != before:
                    self._damaged(f"something is missing before line {line.seq}")
                self._event(lease, line)
                before = line.hash
            if before != lease.tip:
                self._damaged("its last lines are missing")
            self._all_rows(lease, NOTHING)

    def prune(self, key: JournalKey, runs: Collection[str]) -> int:
        with self.writing():
            lease = self._lease_row(key)
            if lease is None:
                return 0
            return event_rows.empty(self.db, lease.id, runs, _PRUNED_KINDS)

    def close(self) -> None:
        with self._lock:
            self.db.close()

    @property
    def _checked(self) -> str | None:
        """The location for messages, or None: read without checking."""
        return None if self._salvage else self._location

    def _damaged(self, what: str) -> None:
        if not self._salvage:
            raise damaged(self._location, what)

    def _lease_row(self, key: JournalKey) -> LeaseRow | None:
        """By looking at all of them, few as they are, so that no damaged one goes unseen."""
        rows = lease_rows.load_all(self.db, self._checked)
        return next((row for row in rows if row.key == key), None)

    def _own_row(self, lease: Lease) -> LeaseRow:
        row = self._lease_row(lease.key)
        if row is None or (row.epoch, row.holder) != (lease.epoch, lease.holder):
            raise lease_lost(self._location)
        return row

    def _event(self, lease: LeaseRow, line: Line) -> Event:
        event = line.event(lease.key)
        if event is None:
            self._damaged(f"line {line.seq} does not match its digest")
            return line.without_body()
        return event

    def _check_links(self, lease: LeaseRow, lines: Sequence[Line]) -> None:
        for before, line in pairwise(lines):
            if line.prev_hash != before.hash:
                self._damaged(f"something is missing before line {line.seq}")
        if lines and lines[-1].kind != "RUN_END" and lines[-1].hash != lease.tip:
            self._damaged(f"something is missing after line {lines[-1].seq}")

    def _all_rows(self, lease: LeaseRow, at_hand: AtHand) -> dict[str, Base]:
        total = 0
        texts: list[bytes] = []
        for id_, text, digest in base_rows.all_of(self.db, lease):
            self._check_row(id_, text, digest)
            total += int.from_bytes(digest)
            texts.append(text)
        if chain.as_sum(total) != lease.rows:
            self._damaged("rows of what was last settled are missing")
        rows = (decode_row(text, at_hand) for text in base_rows.page_by_page(texts))
        return {row.id: row for row in rows}

    def _sound(self, id_: str, row: bytes, digest: bytes, at_hand: AtHand) -> Base:
        self._check_row(id_, row, digest)
        return decode_row(row, at_hand)

    def _check_row(self, id_: str, row: bytes, digest: bytes) -> None:
        if chain.row_digest(id_, row) != digest:
            self._damaged(f"what was last settled of {id_} does not match its digest")
