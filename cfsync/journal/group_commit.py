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
        self._queue: SimpleQueue[_Waiting | None] = SimpleQueue()
        self._thread = Thread(target=self._work, name="journal", daemon=True)
        self._thread.start()

    async def append(self, entry: Entry) -> None:
        if not self._thread.is_alive():
            raise unwritable("", "it was closed")
        waiting = _Waiting(entry, asyncio.get_running_loop())
        self._queue.put(waiting)
        await waiting.durable

    def close(self) -> None:
        """Returns when everything that was appended is durable."""
        self._queue.put(None)
        self._thread.join()

    def _work(self) -> None:
        while True:
            batch = self._gathered()
            error = self._commit([one.entry for one in batch if one is not None])
            _tell([one for one in batch if one is not None], error)
            if None in batch:
                return

    def _gathered(self) -> list[_Waiting | None]:
        """Empty when it is time to renew."""
        batch: list[_Waiting | None] = []
        try:
            batch.append(self._queue.get(timeout=self._hold.seconds / 3))
            while batch[-1] is not None and len(batch) < _MOST:
                batch.append(self._queue.get_nowait())
        except Empty:
            pass
        return batch

    def _commit(self, entries: list[Entry]) -> CfsyncError | None:
        try:
            with self._hold.extended() as until:
                self._store.commit(self._hold.lease, entries, until=until)
        except CfsyncError as error:
            return error
        except Exception as error:  # noqa: BLE001 - whatever it is, every caller has to learn of it
            return unwritable("", f"{type(error).__name__}: {error}")
        return None


def _tell(batch: list[_Waiting], error: CfsyncError | None) -> None:
    if batch:
        batch[0].loop.call_soon_threadsafe(_resolve, batch, error)


def _resolve(batch: list[_Waiting], error: CfsyncError | None) -> None:
    for one in batch:
        if one.durable.cancelled():
            continue
        if error is None:
            one.durable.set_result(None)
        else:
            one.durable.set_exception(error)
