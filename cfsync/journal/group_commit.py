"""One sync for everything that waits for one.

Callers wait for their own lines; a single thread writes what has gathered meanwhile. It also
renews the lease while nothing is appended.
"""

import asyncio
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Final, Protocol

from cfsync.errors import CfsyncError
from cfsync.journal.hold import Hold
from cfsync.journal.refusals import unwritable
from cfsync.model.lease import Entry
from cfsync.model.ports import Store

_MOST: Final = 512
"""Entries in one transaction."""


class Commits(Protocol):
    async def append(self, entry: Entry) -> None:
        """Durable when it returns."""
        ...

    def close(self) -> None: ...


class InlineCommit:
    """Each entry at once, in the caller's thread: the order of a test's schedule is the order."""

    def __init__(self, store: Store, hold: Hold) -> None:
        self._store = store
        self._hold = hold

    async def append(self, entry: Entry) -> None:
        with self._hold.extended() as until:
            self._store.commit(self._hold.lease, (entry,), until=until)

    def close(self) -> None:
        """Nothing waits."""


@dataclass(slots=True, eq=False)
class _Waiting:
    entry: Entry
    loop: asyncio.AbstractEventLoop
    durable: "asyncio.Future[None]" = field(init=False)

    def __post_init__(self) -> None:
        self.durable = self.loop.create_future()


class GroupCommit:
    def __init__(self, store: Store, hold: Hold) -> None:
        self._store = store
        self._hold = hold
        self._gathered: list[_Waiting] = []
        """While a transaction is under way, or in one round of the loop: for the next one."""
        self._busy = False
        """A transaction is under way, or about to begin."""
        self._queue: SimpleQueue[list[_Waiting] | None] = SimpleQueue()
        self._thread = Thread(target=self._work, name="journal", daemon=True)
        self._thread.start()

    async def append(self, entry: Entry) -> None:
        if not self._thread.is_alive():
            raise unwritable("", "it was closed")
        waiting = _Waiting(entry, asyncio.get_running_loop())
        self._gathered.append(waiting)
        if not self._busy:
            self._busy = True
            waiting.loop.call_soon(self._hand_over)
        await waiting.durable

    def close(self) -> None:
        """Returns when everything that was appended is durable."""
        if self._gathered:
            batch, self._gathered = self._gathered, []
            self._queue.put(batch)
        self._queue.put(None)
        self._thread.join()

    def _hand_over(self) -> None:
        batch, self._gathered = self._gathered[:_MOST], self._gathered[_MOST:]
        self._busy = bool(batch)
        if batch:
            self._queue.put(batch)

    def _work(self) -> None:
        while (batch := self._next()) is not None:
            error = self._commit([one.entry for one in batch])
            if batch:
                batch[0].loop.call_soon_threadsafe(self._tell, batch, error)

    def _next(self) -> list[_Waiting] | None:
        """Empty when it is time to renew, None at the end."""
        try:
            return self._queue.get(timeout=self._hold.seconds / 3)
        except Empty:
            return []

    def _tell(self, batch: list[_Waiting], error: CfsyncError | None) -> None:
        _resolve(batch, error)
        batch[0].loop.call_soon(self._hand_over)

    def _commit(self, entries: list[Entry]) -> CfsyncError | None:
        try:
            with self._hold.extended() as until:
                self._store.commit(self._hold.lease, entries, until=until)
        except CfsyncError as error:
            return error
        except Exception as error:  # noqa: BLE001 - whatever it is, every caller has to learn of it
            return unwritable("", f"{type(error).__name__}: {error}")
        return None


def _resolve(batch: list[_Waiting], error: CfsyncError | None) -> None:
    for one in batch:
        if one.durable.cancelled():
            continue
        if error is None:
            one.durable.set_result(None)
        else:
            one.durable.set_exception(error)
