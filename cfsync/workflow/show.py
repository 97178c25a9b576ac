"""`cfsync show`: a saved plan, or what a past run did."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cfsync.errors import UsageError
from cfsync.model.run import Event, Left, RunSummary
from cfsync.model.values import Fields
from cfsync.report.record import Recorded, RecordedStep, StepState
from cfsync.workflow.history import salvaged
from cfsync.workflow.saved import SavedPlan, load_saved
from cfsync.workflow.settings import Settings
from cfsync.workflow.wiring import Site, configured

if TYPE_CHECKING:
    from cfsync.applier.ledger import Ledger
    from cfsync.journal.reading import OpenJournal

_STATES: Final[dict[str, StepState]] = {
    "planned": "not begun",
    "open": "unknown",
    "ambiguous": "unknown",
    "conflict": "not done",
    "not_done": "not done",
    "done": "done",
}


def show(settings: Settings, subject: str, path: Path) -> SavedPlan | Recorded:
    """The saved plan at `path`, if there is such a file; else the run that `subject` names.

    Of a damaged journal what can still be read. Raises UsageError for neither, JournalUnreadable.
    """
    if path.is_file():
        return load_saved(path)
    site = configured(settings)
    run, damage = salvaged(site, lambda found: recorded(site, found, run_named(found, subject)))
    if damage is not None:
        settings.listener.status(f"Warning: {damage.message}; this is what can still be read.")
    return run


def run_named(journal: "OpenJournal", name: str) -> RunSummary:
    """The run of that id, or of an id that begins so. Raises UsageError."""
    runs = journal.runs()
    found = [run for run in runs if run.run == name] or [
        run for run in runs if run.run.startswith(name)
    ]
    if len(found) == 1:
        return found[0]
    known = ", ".join(run.run for run in (found or runs)[-5:])
    raise UsageError(
        f"'{name}' is {'more than one run' if found else 'neither a file nor a run'}",
        why=f"runs: {known}" if known else "there are no runs yet",
        next_step="cfsync history",
    )


def recorded(site: Site, journal: "OpenJournal", run: RunSummary) -> Recorded:
    from cfsync.applier.ledger import Ledger  # noqa: PLC0415 - not before it is needed

    lines = journal.events(run.run)
    legible = [line for line in lines if line.record.body]
    ledger = Ledger.of(legible)
    writes = [write for chunk in ledger.plans for write in chunk.get("writes", ())]
    address, failure = ledger.halted or ("", None)
    return Recorded(
        run,
        tuple(_step(ledger, write) for write in writes),
        failed_address=address,
        failure=failure,
        next_step=site.command("recover") if run.status == "waiting" else "",
        left=_left(ledger, writes),
        new_ids=_new_ids(legible) or dict(ledger.new_ids),
        warnings=tuple(ledger.warnings),
        illegible=len(lines) - len(legible),
    )


def _left(ledger: "Ledger", writes: list[Fields]) -> tuple[Left, ...]:
    from cfsync.applier.codec import to_write  # noqa: PLC0415 - not before it is needed
    from cfsync.applier.result import result  # noqa: PLC0415 - likewise

    if ledger.ended or len(writes) != ledger.begin.get("writes"):
        return tuple(ledger.left)
    return result("", ledger, [to_write(write) for write in writes], None).left


def _new_ids(lines: Sequence[Event]) -> dict[str, str]:
    """As the end of the run tells them: that line outlives pruning."""
    ends = (line.record.body for line in lines if line.record.kind == "RUN_END")
    return next((dict(body.get("new_ids", {})) for body in ends), {})


def _step(ledger: "Ledger", write: Fields) -> RecordedStep:
    number = int(write["number"])
    step = ledger.step(number)
    undone = number in ledger.undone and step.state == "done"
    return RecordedStep(
        verb=write["verb"],
        kind=write["kind"],
        address=write["address"],
        id=step.id,
        state="undone" if undone else _STATES[step.state],
        why=step.why,
    )
