"""`cfsync show`: a saved plan, or what a past run did."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cfsync import contract as contracts
from cfsync.errors import UsageError
from cfsync.model.plan import Write
from cfsync.model.run import Event, RunSummary
from cfsync.model.values import Json, Made
from cfsync.report.record import Recorded, RecordedStep, StepState
from cfsync.workflow.journal_place import JournalPlace, journal_place
from cfsync.workflow.saved import SavedPlan, load_saved
from cfsync.workflow.settings import Settings

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
    place = journal_place(settings)
    run, damage = place.salvaged(lambda found: recorded(place, found, run_named(found, subject)))
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


def recorded(place: JournalPlace, journal: "OpenJournal", run: RunSummary) -> Recorded:
    from cfsync.applier.codec import to_write  # noqa: PLC0415 - not before it is needed
    from cfsync.applier.ledger import Ledger  # noqa: PLC0415 - likewise
    from cfsync.applier.made_again import made_again  # noqa: PLC0415 - likewise
    from cfsync.applier.result import failed_write, result  # noqa: PLC0415 - likewise

    lines = journal.events(run.run)
    legible = [line for line in lines if line.record.body]
    ledger = Ledger.of(legible)
    writes = [to_write(write) for chunk in ledger.plans for write in chunk.get("writes", ())]
    address, failure = ledger.halted or ("", None)
    whole = len(writes) == ledger.begin.get("writes")
    waits = whole and not ledger.ended
    left = result("", ledger, writes, None, contracts.load()).left if waits else ledger.left
    return Recorded(
        run,
        tuple(_step(ledger, write) for write in writes),
        failed_address=address,
        failed=failed_write(ledger, writes, address),
        failure=failure,
        next_step=place.command("recover") if run.status == "waiting" else "",
        left=tuple(left),
        made_again=made_again(_new_ids(legible) or ledger.new_ids, writes, contracts.load()),
        warnings=tuple(ledger.warnings),
        illegible=len(lines) - len(legible),
    )


def _new_ids(lines: Sequence[Event]) -> dict[str, str]:
    """As the end of the run tells them: that line outlives pruning."""
    ends = (line.record.body for line in lines if line.record.kind == "RUN_END")
    return next((dict(body.get("new_ids", {})) for body in ends), {})


def _step(ledger: "Ledger", write: Write) -> RecordedStep:
    step = ledger.step(write.number)
    undone = write.number in ledger.undone and step.state == "done"
    return RecordedStep(
        _with_ids(write, ledger.made),
        step.id,
        "undone" if undone else _STATES[step.state],
        step.why,
    )


def _with_ids(write: Write, made: Mapping[int, str]) -> Write:
    """With the ids that became known where the plan could only say what they would be of."""

    def known(value: Json) -> Json:
        if isinstance(value, Made):
            return made.get(value.write, value)
        if isinstance(value, dict):
            return {name: known(inner) for name, inner in value.items()}
        return [known(inner) for inner in value] if isinstance(value, list) else value

    edits = tuple(replace(edit, after=known(edit.after)) for edit in write.edits)
    return replace(write, body=known(write.body), edits=edits)
