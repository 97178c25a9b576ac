"""`cfsync recover`: look what became of a run that was cut short, then take it back or go on."""

from collections.abc import Sequence
from dataclasses import replace
from difflib import get_close_matches
from typing import Literal

from cfsync.errors import UsageError
from cfsync.model.address import Pattern
from cfsync.model.run import Event
from cfsync.workflow.executing import ran, stopping, telling_the_truth
from cfsync.workflow.loop import completed
from cfsync.workflow.outcome import Ran
from cfsync.workflow.settings import Settings
from cfsync.workflow.wiring import configured, opened


def recover(
    settings: Settings, *, direction: Literal["undo", "forward"] | None, skip: tuple[str, ...]
) -> Ran | None:
    """None where no run waits: there is nothing to do. `skip`: addresses or patterns to be left.

    Raises LockHeld while it is still running, UsageError where
    the run has nothing at such an address.
    """
    return completed(_recover(settings, direction, skip))


async def _recover(
    settings: Settings, direction: Literal["undo", "forward"] | None, skip: tuple[str, ...]
) -> Ran | None:
    from cfsync.applier.apply import recover as go_on  # noqa: PLC0415 - not before it is needed
    from cfsync.applier.stop import Level  # noqa: PLC0415 - likewise
    from cfsync.current.reader import ProvenReader  # noqa: PLC0415 - likewise

    site = configured(settings)
    with site.journal() as before:
        if before.waiting() is None:
            return None
    async with opened(site, settings.listener) as remote:
        with (
            telling_the_truth(site),
            site.run(resume=True) as journal,
            stopping(settings.listener) as stop,
        ):
            remote.fence(lambda seconds: journal.lease_left() > seconds)
            events = await journal.events()
            result = await go_on(
                events,
                reader=ProvenReader(remote),
                writer=remote,
                journal=journal,
                clock=site.clock,
                random=site.random,
                contract=site.contract,
                environment=site.environment,
                progress=settings.listener.progress,
                stop=stop,
                direction=direction,
                skip=_given_up(events, skip),
            )
    # whether this command was interrupted, not whether the run once was
    own = replace(result, interrupted=stop.level is not Level.GO_ON)
    return replace(ran(site, own), recovered=True)


def _given_up(events: Sequence[Event], skip: tuple[str, ...]) -> tuple[str, ...]:
    plans = (event.record.body for event in events if event.record.kind == "PLAN")
    addresses = {write["address"] for plan in plans for write in plan.get("writes", ())}
    found: set[str] = set()
    for text in skip:
        matching = {address for address in addresses if _pattern(text).matches(address)}
        if not matching:
            near = get_close_matches(text, addresses, n=1)
            raise UsageError(
                f"the run that waits writes nothing at '{text}'",
                why=f"did you mean '{near[0]}'?" if near else "",
                next_step=f"cfsync show {events[0].run}",
            )
        found |= matching
    return tuple(sorted(found))


def _pattern(text: str) -> Pattern:
    try:
        return Pattern(text)
    except ValueError as error:
        raise UsageError(str(error), next_step="cfsync recover --help") from error
