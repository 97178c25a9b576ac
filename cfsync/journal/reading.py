"""What can be asked of a journal: implements model.ports.JournalReader."""

from types import TracebackType
from typing import Self

from cfsync.journal.places import open_readonly
from cfsync.model.base import NOTHING, AtHand, BaseState
from cfsync.model.lease import JournalKey, Lease
from cfsync.model.ports import Store
from cfsync.model.run import Event, RunSummary


def open_reader(
    location: str, name: str, environment: str, host: str, *, salvage: bool = False
) -> "OpenJournal":
    """Read-only; makes nothing where there is nothing. `salvage`: without checking it.

    Raises JournalUnreadable.
    """
    store = open_readonly(location, salvage=salvage)
    return OpenJournal(store, JournalKey(name, environment, host))


class OpenJournal:
    """Of one configuration, environment and host; without a store, of none yet."""

    def __init__(self, store: Store | None, key: JournalKey) -> None:
        self._store = store
        self._key = key

    def base(self, at_hand: AtHand = NOTHING) -> BaseState:
        if self._store is None:
            return BaseState()
        rows = self._store.base(self._key, at_hand=at_hand)
        return BaseState(rows, exists=bool(rows) or self._was_applied())

    def runs(self) -> tuple[RunSummary, ...]:
        """Oldest first."""
        events = () if self._store is None else self._store.bounds(self._key)
        ends = {event.run: event for event in events if event.record.kind == "RUN_END"}
        begins = (event for event in events if event.record.kind == "RUN_BEGIN")
        return tuple(self._summary(begin, ends.get(begin.run)) for begin in begins)

    def events(self, run: str) -> tuple[Event, ...]:
        """Empty for a run that the journal does not know."""
        return () if self._store is None else self._store.events(self._key, run)

    def waiting(self) -> RunSummary | None:
        last = None if self._store is None else self._store.tail(self._key)
        if last is None or last.record.kind == "RUN_END":
            return None
        return next((run for run in reversed(self.runs()) if run.run == last.run), None)

    def lease(self) -> Lease | None:
        """Who may write, or might the last time."""
        return None if self._store is None else self._store.lease(self._key)

    def verify(self) -> None:
        """Every line and row of this environment. Raises JournalUnreadable."""
        if self._store is not None:
            self._store.verify(self._key)

    def close(self) -> None:
        if self._store is not None:
            self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _was_applied(self) -> bool:
        return any(run.status == "applied" for run in self.runs())

    def _summary(self, begin: Event, end: Event | None) -> RunSummary:
        body = begin.record.body
        return RunSummary(
            run=begin.run,
            environment=self._key.environment,
            host=self._key.host,
            who=body.get("who", ""),
            started=begin.at,
            ended=end.at if end else None,
            status=end.record.body.get("status", "stopped") if end else "waiting",
            summary=body.get("summary", {}),
        )
