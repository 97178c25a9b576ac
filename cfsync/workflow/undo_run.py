"""`cfsync undo RUN`: a plan back to what was there before a past run."""

from typing import TYPE_CHECKING

from cfsync.errors import UsageError
from cfsync.model.plan import Plan
from cfsync.model.run import RunSummary
from cfsync.report.words import counted
from cfsync.workflow.consent import ensure_consent
from cfsync.workflow.executing import execute
from cfsync.workflow.loop import completed
from cfsync.workflow.outcome import Applied
from cfsync.workflow.past import Past, past_of
from cfsync.workflow.planning import plan_options, read_live
from cfsync.workflow.settings import Person, Settings
from cfsync.workflow.show import run_named
from cfsync.workflow.undo_state import only_of, states_before
from cfsync.workflow.wiring import Site, configured, opened
from cfsync.workflow.wishes import Order

if TYPE_CHECKING:
    from cfsync.journal.reading import OpenJournal


def undo_run(settings: Settings, run: str, order: Order, person: Person) -> Applied:
    """Only what the run touched is planned; what was changed since is a conflict.

    Raises UsageError for a run that is not there or was undone, and what `apply` raises.
    """
    return completed(_undo_run(settings, run, order, person))


async def _undo_run(settings: Settings, run: str, order: Order, person: Person) -> Applied:
    from cfsync.planner.plan import plan as planned  # noqa: PLC0415 - not before it is needed

    site = configured(settings, order.wishes)
    site.nothing_waits()
    past, summary = _past(site, run)
    base = site.base()
    async with opened(site, settings.listener) as remote:
        live = await read_live(site, remote, base, settings.listener)
        before = states_before(past, base, live, site.contract, site.configuration.name)
        options = plan_options(site.environment, order.wishes)
        back = planned(before.desired, before.base, live, site.contract, options)
        plan = only_of(back, past, base, live)
        person.see(plan)
        ensure_consent(plan, site.environment, order.consent, person)
        return await execute(
            site,
            remote,
            plan,
            order.on_error,
            settings.listener,
            noted={"undoes": summary.run},
            notes=_notes(summary, plan),
        )


def _past(site: Site, name: str) -> tuple[Past, RunSummary]:
    with site.journal() as journal:
        summary = run_named(journal, name)
        if summary.status != "applied":
            raise UsageError(
                f"run {summary.run} cannot be undone: it is {summary.status}",
                why="only a run that was applied has something to be put back",
                next_step=site.command("history"),
            )
        _not_undone(site, journal, summary)
        return past_of(journal.events(summary.run)), summary


def _not_undone(site: Site, journal: "OpenJournal", undone: RunSummary) -> None:
    """What was put back once would be made a second time: its ids are others by now."""
    for later in reversed(journal.runs()):
        if later.run == undone.run:
            return
        if later.status == "applied" and _undoes(journal, later.run) == undone.run:
            raise UsageError(
                f"run {undone.run} was undone already, by run {later.run}",
                next_step=site.command("undo", later.run),
            )


def _undoes(journal: "OpenJournal", run: str) -> str:
    told: str = journal.events(run)[0].record.body.get("undoes", "")
    return told


def _notes(summary: RunSummary, plan: Plan) -> tuple[str, ...]:
    if not plan.changes:
        return ()
    asked = counted(len(plan.changes), "change")
    note = (
        f"Git still asks for the {asked} of run {summary.run}: revert the files as well, "
        "or the next apply makes them again."
    )
    return (note,)
