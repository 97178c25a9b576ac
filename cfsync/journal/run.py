"""The journal as one run sees it: implements model.ports.RunJournal."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from types import TracebackType
from typing import Self

from cfsync.errors import CfsyncError
from cfsync.journal.group_commit import Commits
from cfsync.journal.hold import Hold
from cfsync.journal.refusals import utc
from cfsync.model.base import Base, BaseChange
from cfsync.model.lease import Entry
from cfsync.model.ports import Clock, Store
from cfsync.model.run import Event, Record


class OpenRun:
    """Holds the lease until `close`. Used as `with open_run(...) as journal:`."""

    def __init__(
        self,
        run: str,
        *,
        store: Store,
        hold: Hold,
        commits: Commits,
        clock: Clock,
        free: Callable[[], None],
    ) -> None:
        self._run = run
        self._store = store
        self._hold = hold
        self._commits = commits
        self._clock = clock
        self._free = free

    @property
    def run(self) -> str:
        return self._run

    async def append(self, records: Sequence[Record], base: Sequence[BaseChange] = ()) -> None:
        lines = tuple(self._signed(record) for record in records)
        await self._commits.append(Entry(self._run, utc(self._clock.now()), lines, tuple(base)))

    def lease_left(self) -> float:
        return self._hold.left()

    async def base(self, ids: Collection[str] | None = None) -> dict[str, Base]:
        return self._store.base(self._hold.lease.key, ids)

    async def events(self) -> tuple[Event, ...]:
        return self._store.events(self._hold.lease.key, self._run)

    def close(self) -> None:
        """Everything appended is durable, the lease is free."""
        self._commits.close()
        try:
            self._store.release(self._hold.lease)
        except CfsyncError:
            pass  # a failed disk has been told; the lease ends by itself, or with this process
        finally:
            self._free()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _signed(self, record: Record) -> Record:
        """A run's first line says who ran it."""
        holder = self._hold.lease.holder
        if record.kind != "RUN_BEGIN" or holder is None:
            return record
        return replace(record, body={"who": f"{holder.user}@{holder.machine}", **record.body})
