"""`cfsync recover`: look what became of a run that was cut short, then take it back or go on."""

from dataclasses import replace
from typing import Literal

from cfsync.workflow.executing import ran, stopping, telling_the_truth
from cfsync.workflow.loop import completed
from cfsync.workflow.outcome import Ran
from cfsync.workflow.settings import Settings
from cfsync.workflow.wiring import configured, opened


def recover(
    settings: Settings, *, direction: Literal["undo", "forward"] | None, skip: tuple[str, ...]
) -> Ran:
    """Raises CfsyncError where no run waits, LockHeld while it is still running."""
    return completed(_recover(settings, direction, skip))


async def _recover(
    settings: Settings, direction: Literal["undo", "forward"] | None, skip: tuple[str, ...]
) -> Ran:
    from cfsync.applier.apply import recover as go_on  # noqa: PLC0415 - not before it is needed
    from cfsync.applier.stop import Level  # noqa: PLC0415 - likewise
    from cfsync.current.reader import ProvenReader  # noqa: PLC0415 - likewise

    site = configured(settings)
    async with opened(site) as remote:
        with (
            telling_the_truth(site),
            site.run(resume=True) as journal,
            stopping(settings.listener) as stop,
        ):
            remote.fence(lambda seconds: journal.lease_left() > seconds)
            result = await go_on(
                await journal.events(),
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
                skip=skip,
            )
    # whether this command was interrupted, not whether the run once was
    own = replace(result, interrupted=stop.level is not Level.GO_ON)
    return replace(ran(site, own), recovered=True)
