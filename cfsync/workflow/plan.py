"""`cfsync plan`: read the files, the journal and the site; compare; write nothing."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cfsync.errors import LockHeld, NeedsDecision
from cfsync.model.plan import Plan
from cfsync.workflow.loop import completed
from cfsync.workflow.planning import compare
from cfsync.workflow.settings import Settings
from cfsync.workflow.sharing import at_hand
from cfsync.workflow.wiring import Site, configured, opened
from cfsync.workflow.wishes import PlanWishes

if TYPE_CHECKING:
    from cfsync.journal.reading import OpenJournal

_CHANGES = 2


@dataclass(frozen=True, slots=True)
class Planned:
    plan: Plan
    cost: str
    """As in `Compared`."""
    wishes: PlanWishes
    last_run: str | None
    """The journal's, when this was planned."""


def make_plan(settings: Settings, wishes: PlanWishes) -> Planned:
    return completed(_make_plan(settings, wishes))


async def _make_plan(settings: Settings, wishes: PlanWishes) -> Planned:
    site = configured(settings, wishes)
    with site.journal() as journal:
        base = journal.base(at_hand(site.configuration.state))
        runs = journal.runs()
        warning = _warning(site, journal)
    if warning:
        settings.listener.status(f"Warning: {warning}")
    async with opened(site, settings.listener, makes=False) as remote:
        found = await compare(site, remote, base, wishes, settings.listener)
    return Planned(found.plan, found.cost, wishes, runs[-1].run if runs else None)


def _warning(site: Site, journal: "OpenJournal") -> str:
    """What makes this a plan of something that is not settled."""
    try:
        site.nobody_writes(journal)
    except LockHeld as held:
        return f"{held.message}; what this plan shows is changing meanwhile."
    waiting = journal.waiting()
    if waiting is None:
        return ""
    recover = site.command("recover")
    return (
        f"run {waiting.run} never ended, so this is a plan of what it left. "
        f"Nothing can be applied before: {recover}"
    )


def plan_exit_code(plan: Plan, *, detailed: bool) -> int:
    """Needed deletions alone are no refusal: they are consented to when applying."""
    if any(refusal.reason != "deletions" for refusal in plan.refusals):
        return NeedsDecision.exit_code
    return _CHANGES if detailed and plan.writes else 0
