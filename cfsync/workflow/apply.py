"""`cfsync apply`: read, plan, ask, take the lease, apply; on an error take everything back."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from cfsync.errors import PlanStale
from cfsync.workflow.consent import ensure_consent
from cfsync.workflow.executing import execute
from cfsync.workflow.loop import completed
from cfsync.workflow.outcome import Applied
from cfsync.workflow.planning import Compared, compare
from cfsync.workflow.saved import SavedPlan, load_saved, require_same
from cfsync.workflow.settings import Person, Settings
from cfsync.workflow.sharing import at_hand
from cfsync.workflow.wiring import Site, configured, opened
from cfsync.workflow.wishes import Order, PlanWishes

if TYPE_CHECKING:
    from cfsync.remote.client import Remote


def apply(
    settings: Settings, order: Order, person: Person, *, saved: Path | None = None
) -> Applied:
    """With `saved`: only if the changes are exactly those of that file.

    Raises NeedsDecision, PlanStale, RunWaiting, LockHeld, and whatever reading raises: then
    nothing was written.
    """
    if saved is None:
        return completed(_apply(settings, order, person))
    return completed(_apply_saved(settings, order, person, saved))


async def _apply(settings: Settings, order: Order, person: Person) -> Applied:
    site = configured(settings, order.wishes)
    site.nothing_waits()
    async with opened(site, settings.listener) as remote:
        found = await _compared(site, remote, order.wishes, settings)
        show_plan(found, settings, person)
        ensure_consent(found.plan, site.environment, order.consent, person)
        return await execute(site, remote, found.plan, order.on_error, settings.listener)


async def _apply_saved(settings: Settings, order: Order, person: Person, path: Path) -> Applied:
    saved = load_saved(path)
    wishes = replace(saved.wishes, parallel=order.wishes.parallel)
    there = replace(settings, environment=settings.environment or saved.plan.environment)
    site = configured(there, wishes)
    site.nothing_waits()
    _not_used(site, saved, path)
    async with opened(site, settings.listener) as remote:
        found = await _compared(site, remote, wishes, settings)
        require_same(saved, found.plan, path)
        show_plan(found, settings, person)
        ensure_consent(found.plan, site.environment, replace(order.consent, saved=True), person)
        return await execute(
            site,
            remote,
            found.plan,
            order.on_error,
            settings.listener,
            noted={"savedPlan": saved.digest},
        )


async def _compared(
    site: Site, remote: "Remote", wishes: PlanWishes, settings: Settings
) -> Compared:
    base = site.base(at_hand(site.configuration.state))
    return await compare(site, remote, base, wishes, settings.listener)


def show_plan(found: Compared, settings: Settings, person: Person) -> None:
    person.see(found.plan)
    if found.cost:
        settings.listener.status(found.cost)


def _not_used(site: Site, saved: SavedPlan, path: Path) -> None:
    """Raises PlanStale for a plan that a run was already made from."""
    with site.journal() as journal:
        for run in reversed(journal.runs()):
            if run.run == saved.based_on:
                return
            begin = journal.events(run.run)[0].record.body
            if begin.get("savedPlan") == saved.digest:
                raise PlanStale(
                    f"this plan was used already, by run {run.run} ({run.status})",
                    where=str(path),
                    next_step=f"cfsync plan --out {path}",
                )
