"""Carrying out what was agreed: lease, signals, applier; and what to say afterwards."""

import asyncio
import signal
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from cfsync.errors import CfsyncError, PartWay
from cfsync.model.base import Base, BaseChange
from cfsync.model.plan import Plan
from cfsync.model.ports import RunJournal
from cfsync.model.run import Event, Record, RunResult
from cfsync.workflow.outcome import Applied, Ran
from cfsync.workflow.settings import Listener
from cfsync.workflow.wiring import Site
from cfsync.workflow.wishes import OnError

if TYPE_CHECKING:
    from cfsync.applier.stop import StopRequest
    from cfsync.remote.client import Remote


async def execute(
    site: Site,
    remote: "Remote",
    plan: Plan,
    on_error: OnError,
    listener: Listener,
    *,
    noted: Mapping[str, str] | None = None,
    notes: tuple[str, ...] = (),
) -> Applied:
    """Apply the plan under the environment's lease; without anything to do, take none.

    `noted` is what the run's first line in the journal says besides of where the plan came from.

    Raises LockHeld, RunWaiting, JournalUnreadable: then nothing was sent.
    """
    if not plan.writes and not plan.settlements:
        return Applied(plan, None)
    from cfsync.applier.apply import apply  # noqa: PLC0415 - not before it is needed
    from cfsync.current.reader import ProvenReader  # noqa: PLC0415 - likewise

    with telling_the_truth(site), site.run() as journal, stopping(listener) as stop:
        remote.fence(lambda seconds: journal.lease_left() > seconds)
        result = await apply(
            plan,
            reader=ProvenReader(remote),
            writer=remote,
            journal=_Noted(journal, noted) if noted else journal,
            clock=site.clock,
            random=site.random,
            contract=site.contract,
            environment=site.environment,
            on_error=on_error,
            progress=listener.progress,
            stop=stop,
        )
    return Applied(plan, ran(site, result), notes)


@contextmanager
def telling_the_truth(site: Site) -> Iterator[None]:
    """A mistake of our own in the middle of a run: what counts is how the site was left.

    Raises PartWay where the run never ended.
    """
    try:
        yield
    except CfsyncError:
        raise
    except Exception as error:
        with site.journal() as journal:
            waiting = journal.waiting()
        if waiting is None:
            raise
        raise PartWay(
            f"run {waiting.run} was cut short by a mistake of cfsync ({type(error).__name__})",
            where=site.environment.name,
            why="the site may be part-way between before and after",
            next_step=site.command("recover"),
        ) from error


def ran(site: Site, result: RunResult) -> Ran:
    """A run that ended with something left is not waiting: a new plan shows what differs now."""
    go_on = "recover" if result.status == "waiting" else "plan"
    return Ran(site.environment.name, result, site.command(go_on))


@contextmanager
def stopping(listener: Listener) -> "Iterator[StopRequest]":
    """Signals ask the run to end instead of ending the process."""
    from cfsync.applier.stop import Level, StopRequest  # noqa: PLC0415 - not before it is needed

    stop = StopRequest()
    loop = asyncio.get_running_loop()

    def ask() -> None:
        stop.ask()
        listener.status(
            "Interrupted: finishing what is under way, then taking everything back. "
            "Once more: stop where it is."
            if stop.level is Level.UNDO
            else "Stopping: what is left is in the journal."
        )

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, ask)
    try:
        yield stop
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)


class _Noted:
    """A run's journal that says more in its first line: which saved plan, or which run's undo."""

    def __init__(self, journal: RunJournal, noted: Mapping[str, str]) -> None:
        self._journal = journal
        self._extra = dict(noted)

    @property
    def run(self) -> str:
        return self._journal.run

    async def append(self, records: Sequence[Record], base: Sequence[BaseChange] = ()) -> None:
        await self._journal.append([self._noted(record) for record in records], base)

    async def base(self, ids: Collection[str] | None = None) -> dict[str, Base]:
        return await self._journal.base(ids)

    async def events(self) -> tuple[Event, ...]:
        return await self._journal.events()

    def lease_left(self) -> float:
        return self._journal.lease_left()

    def _noted(self, record: Record) -> Record:
        if record.kind != "RUN_BEGIN":
            return record
        return replace(record, body={**record.body, **self._extra})
