"""A journal moves: from a file to a database that a team shares, or back."""

from cfsync.errors import CfsyncError, JournalUnreadable
from cfsync.journal import base_rows, event_rows, lease_rows
from cfsync.journal.lease_rows import LeaseRow
from cfsync.journal.locations import shown
from cfsync.journal.places import open_readonly, open_store
from cfsync.journal.sql_store import SqlStore
from cfsync.model.lease import JournalKey, Lease


def copy_journal(source: str, target: str, *, now: float) -> tuple[JournalKey, ...]:
    """Copy every run, base and number, checked line by line on both sides; returns what moved.

    All or nothing. Raises JournalUnreadable for a damaged source; CfsyncError where a process
    still writes to the source, or the target already knows one of its environments.
    """
    old = open_readonly(source)
    if old is None:
        raise CfsyncError(f"there is no journal at {shown(source)}", next_step="cfsync history")
    try:
        keys = old.keys()
        for key in keys:
            _refuse_busy(old.lease(key), now)
            old.verify(key)
        return _into(old, keys, source, target)
    finally:
        old.close()


def _into(
    old: SqlStore, keys: tuple[JournalKey, ...], source: str, target: str
) -> tuple[JournalKey, ...]:
    new = open_store(target)
    try:
        _refuse_known(set(keys) & set(new.keys()), target)
        with old.reading(), new.writing():
            for row in lease_rows.load_all(old.db, shown(source)):
                _copy(old, row, new)
        for key in keys:
            new.verify(key)
        return keys
    finally:
        new.close()


def _copy(old: SqlStore, row: LeaseRow, new: SqlStore) -> None:
    """One environment, under numbers that are free in the new store."""
    here = lease_rows.add(new.db, row.key)
    event_rows.copy(old.db, row, new.db, here)
    base_rows.copy(old.db, row, new.db, here)
    lease_rows.save(new.db, here)


def _refuse_busy(lease: Lease | None, now: float) -> None:
    if lease is not None and lease.holder is not None and lease.expires > now:
        recover = f"cfsync recover -e {lease.key.environment}"
        raise JournalUnreadable(
            f"process {lease.holder.pid} on {lease.holder.machine} still writes to it",
            where=f"{lease.key.environment} ({lease.key.host})",
            why="a copy taken now could miss its last lines; nothing was copied",
            next_step=f"wait for it to end; if it crashed: {recover}",
        )


def _refuse_known(known: set[JournalKey], target: str) -> None:
    if known:
        names = ", ".join(sorted(f"{key.name}/{key.environment}" for key in known))
        raise CfsyncError(
            f"the journal to copy to already has runs of {names}",
            where=shown(target),
            why="two histories of one environment cannot be made one; nothing was copied",
            next_step="copy to a place where no journal is yet",
        )
