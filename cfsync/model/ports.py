"""The Protocols through which the parts meet; `workflow` plugs the real ones in.

Everything that is not deterministic enters through four of them: Clock, random.Random, Transport
and Store. Tests put one made-up world behind all four.
"""

import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

from cfsync.model.address import KindName
from cfsync.model.base import NOTHING, AtHand, Base, BaseChange, BaseState
from cfsync.model.lease import Entry, Holder, JournalKey, Lease
from cfsync.model.live import Item
from cfsync.model.run import Event, Outcome, Record, RunSummary
from cfsync.model.values import Fields


class Clock(Protocol):
    def now(self) -> float:
        """Wall time, seconds since the epoch."""
        ...

    def monotonic(self) -> float: ...

    async def sleep(self, seconds: float) -> None: ...


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    path: str
    """Below the base URL, with the query: `/pages/page_1/elements?limit=100`."""
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None
    timeout: float = 30.0
    """Seconds for all of it, connecting and reading the answer included."""
    leave_by: float = math.inf
    """Monotonic, seconds. Later it is not sent at all: what it rests on is too old by then."""


@dataclass(frozen=True, slots=True)
class Response:
    status: int
    headers: dict[str, str]
    """Names in lower case."""
    body: bytes


class NotSent(Exception):
    """The connection itself reports that no byte of the request left."""


class Lost(Exception):
    """No whole answer came; the request may have been carried out. The message says how."""


class Transport(Protocol):
    async def send(self, request: Request) -> Response:
        """Raises NotSent or Lost, nothing else; never follows a redirect."""
        ...


@dataclass(frozen=True, slots=True)
class ListPage:
    items: tuple[Item, ...]
    has_more: bool
    next_cursor: str | None
    total: int | None


class Pages(Protocol):
    """One request each, retried while that is safe. Raises RemoteError."""

    async def page(self, kind: KindName, scope: str | None, cursor: str | None) -> ListPage:
        """A page of a collection. Raises CursorExpired for INVALID_CURSOR."""
        ...

    async def get(self, kind: KindName, id_: str) -> Item: ...


class Reader(Protocol):
    """Whole listings, proven complete, or an error. Raises RemoteError."""

    async def list(self, kind: KindName, scope: str | None) -> tuple[Item, ...]: ...

    async def get(self, kind: KindName, id_: str) -> Item: ...


class Writer(Protocol):
    """One write each. Never raises for what the API or the network did: that is the outcome.

    Repeats by itself only what provably was not done (never connected, 429), within its patience.
    `leave_by` as in Request: what has to wait for longer is NotDone with code TOO_OLD.
    """

    async def create(
        self,
        kind: KindName,
        scope: str | None,
        body: Fields,
        idempotency_key: str,
        leave_by: float = math.inf,
    ) -> Outcome: ...

    async def update(
        self, kind: KindName, id_: str, body: Fields, leave_by: float = math.inf
    ) -> Outcome: ...

    async def delete(self, kind: KindName, id_: str, leave_by: float = math.inf) -> Outcome: ...

    def begin_undo(self) -> None:
        """From here on undo's own patience counts."""
        ...


class RunJournal(Protocol):
    """The journal as one run sees it, under its lease."""

    @property
    def run(self) -> str: ...

    async def append(self, records: Sequence[Record], base: Sequence[BaseChange] = ()) -> None:
        """Durable when it returns: records and base in one transaction. Groups with others'.

        Raises JournalUnreadable (disk full, failed sync, lost lease): then nothing more is sent.
        """
        ...

    async def base(self, ids: Collection[str] | None = None) -> dict[str, Base]:
        """The rows of these ids as they stand now, those that exist; None: all of them."""
        ...

    async def events(self) -> tuple[Event, ...]:
        """Everything that this run has appended, before a crash too."""
        ...

    def lease_left(self) -> float:
        """Seconds during which a request that is sent now may still be under way."""
        ...


class JournalReader(Protocol):
    """What can be asked of a journal without writing to it."""

    def base(self, at_hand: AtHand = NOTHING) -> BaseState:
        """As `Store.base`."""
        ...

    def runs(self) -> tuple[RunSummary, ...]: ...

    def events(self, run: str) -> tuple[Event, ...]: ...

    def waiting(self) -> RunSummary | None:
        """The run of this environment that never ended, if there is one."""
        ...


class Store(Protocol):
    """Where journals are kept: the one seam to the disk. Synchronous; any thread may call.

    Every method is one transaction, durable when it returns. All raise JournalUnreadable when the
    store is damaged, of a newer format, full or failing; after a failed `commit` the store takes
    nothing more.
    """

    def take(
        self,
        key: JournalKey,
        holder: Holder,
        *,
        now: float,
        until: float,
        may_take: Callable[[Lease], bool],
    ) -> Lease:
        """The lease, with the next epoch, if it is free or `may_take` says so of its holder's.

        Raises LockHeld otherwise. Check and take are one transaction.
        """
        ...

    def commit(self, lease: Lease, entries: Sequence[Entry], *, until: float) -> None:
        """Append all, and extend the lease. Raises JournalUnreadable when the lease was lost."""
        ...

    def release(self, lease: Lease) -> None:
        """Nothing happens when it was lost before."""
        ...

    def lease(self, key: JournalKey) -> Lease | None: ...

    def keys(self) -> tuple[JournalKey, ...]: ...

    def base(
        self,
        key: JournalKey,
        ids: Collection[str] | None = None,
        at_hand: AtHand = NOTHING,
    ) -> dict[str, Base]:
        """The rows of these ids, those that exist; None: all of them.

        `at_hand` are fields by their canonical JSON: rows take these objects instead of others
        of the same value.
        """
        ...

    def bounds(self, key: JournalKey) -> tuple[Event, ...]:
        """RUN_BEGIN and RUN_END of every run, oldest first."""
        ...

    def tail(self, key: JournalKey) -> Event | None:
        """The last line."""
        ...

    def events(self, key: JournalKey, run: str) -> tuple[Event, ...]: ...

    def verify(self, key: JournalKey) -> None:
        """Check the chain from the first line to the last. Raises JournalUnreadable."""
        ...

    def prune(self, key: JournalKey, runs: Collection[str]) -> int:
        """Empty what these runs' lines say of pages, keeping their digests; returns how many."""
        ...

    def close(self) -> None: ...


Progress: TypeAlias = Callable[[int, int, str], None]
"""Told (done, all, what is going on)."""
