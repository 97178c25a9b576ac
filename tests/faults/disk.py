"""The Store as one process has it: an append may be its last act, before it is durable or after."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from faults.history import Appended

from cfsync.errors import JournalUnreadable
from cfsync.model.lease import Entry, Lease

if TYPE_CHECKING:
    from faults.world import World

ORDINARY, BEFORE, AFTER, FULL = range(4)


class Disk:
    """A torn append is one before: a transaction is there, or it is not (see the disk's tests)."""

    def __init__(self, world: "World", store: Any) -> None:
        self._world = world
        self._store = store
        self._process = world.process
        self._full = False
        self._unsynced: bytes | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def take(self, *given: Any, **named: Any) -> Lease:
        self._world.alive()
        return self._store.take(*given, **named)

    def release(self, lease: Lease) -> None:
        self._world.alive()
        self._store.release(lease)

    def commit(self, lease: Lease, entries: Sequence[Entry], *, until: float) -> None:
        world = self._world
        world.alive()
        if self._full:
            raise JournalUnreadable("the journal takes no more entries: the disk is full")
        world.maybe_jump()
        ways = [ORDINARY]
        if world.may("crashes"):
            ways += [BEFORE, AFTER]
        if world.may("faults"):
            ways.append(FULL)
        way = ways[world.choose(len(ways), "append")]
        if way == BEFORE:
            self._lose_power()
            world.die()
        self._remember()
        if way == FULL:
            world.spend("faults")
            self._full = True
            raise JournalUnreadable("the journal takes no more entries: the disk is full")
        self._store.commit(lease, entries, until=until)
        for entry in entries:
            world.history.append(Appended(self._process, entry.run, entry.records))
        if way == AFTER:
            self._lose_power()
            world.die()

    def _remember(self) -> None:
        """Of a store that does not sync, the last commit may be lost with the power."""
        self._unsynced = None if _syncs(self._store) else self._store.db.serialize()

    def _lose_power(self) -> None:
        if self._unsynced is not None:
            self._store.db.deserialize(self._unsynced)


def _syncs(store: Any) -> bool:
    full = 2
    return bool(store.db.execute("PRAGMA synchronous").fetchone()[0] >= full)
