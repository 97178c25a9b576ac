"""How a run ended, and which runs there were."""

from collections.abc import Sequence
from shlex import quote
from typing import Final, assert_never

from cfsync.model.plan import Action, Write
from cfsync.model.run import Failure, Left, MadeAgain, RunResult, RunStatus, RunSummary
from cfsync.model.values import Fields
from cfsync.report.edits import place_fields
from cfsync.report.jsonform import named
from cfsync.report.jsonvalue import FORMAT_VERSION
from cfsync.report.sheet import Sheet, Span, Style
from cfsync.report.values import ARROW
from cfsync.report.words import counted

CODES: Final[dict[RunStatus, str]] = {
    "applied": "applied",
    "undone": "undone",
    "stopped": "part-way",
    "waiting": "part-way",
}
_STYLES: Final[dict[RunStatus, Style]] = {
    "applied": "good",
    "undone": "update",
    "stopped": "error",
    "waiting": "error",
}
_NAMED: Final = 20
_HEAD: Final = ["run", "started (UTC)", "status", "environment", "by", "what was planned"]
_DID: Final = {
    "create": "created",
    "update": "updated",
    "move": "moved",
    "replace": "replaced",
    "delete": "deleted",
    "adopt": "adopted",
    "unprotect": "unprotected",
}


def run_sheet(result: RunResult, environment: str, *, go_on: str, did: str = "") -> Sheet:
    """`go_on` continues a run which stands part-way; `did` says what a plan that is known did."""
    sheet = Sheet()
    sheet.line(*_headline(result, environment, did or f"{counted(result.done, 'write')} done"))
    if result.failure is not None and not _interrupted(result):
        why_it_failed(sheet, result.failed_address, result.failed, result.failure)
    after_a_run(sheet, result.left, result.made_again, result.warnings)
    if result.status in ("stopped", "waiting"):
        sheet.line(Span("next   ", "dim"), go_on, indent=2)
    if result.held_up_by:
        skip = f"{go_on} --skip {quote(result.held_up_by[0])}"
        sheet.line(Span("or     ", "dim"), skip, Span("  leaves it as it is", "dim"), indent=2)
    return sheet


def after_a_run(
    sheet: Sheet, left: Sequence[Left], again: Sequence[MadeAgain], warnings: Sequence[str]
) -> None:
    """What a person may have to look at."""
    _left(sheet, left)
    if again:
        sheet.line(Span("Made again, under new ids:", "bold"))
        for one in again:
            sheet.line(one.address and f"{one.address}  ", one.old, ARROW, one.new, indent=2)
    for warning in warnings:
        sheet.line(Span("Warning: ", "update"), warning)


def _headline(result: RunResult, environment: str, did: str) -> list[str | Span]:
    run = Span(f"  run {result.run}", "dim")
    match result.status:
        case "applied":
            return [
                Span("Applied", "good"),
                f" to {environment}: {did}.",
                run,
            ]
        case "undone":
            back = f"{counted(result.undone, 'write')} taken back"
            what = back if result.undone else "nothing had been written"
            return [
                Span(_why_undone(result), "error"),
                f": {environment} is as before; {what}.",
                run,
            ]
        case "stopped" | "waiting":
            of = f" of {result.total:,}" if result.total else ""
            stand = f"{result.done:,}{of} writes done, {result.undone:,} taken back"
            return [Span(f"{environment} is part-way", "error"), f": {stand}.", run]
        case _:
            assert_never(result.status)


def _why_undone(result: RunResult) -> str:
    if _interrupted(result):
        return "Interrupted, and undone"
    return "Undone" if result.failure is None else "Failed, and undone"


def _interrupted(result: RunResult) -> bool:
    """By a signal, be it now or before it was recovered."""
    return result.interrupted or (
        result.failure is not None and result.failure.code == "interrupted"
    )


def why_it_failed(sheet: Sheet, address: str, write: Write | None, failure: Failure) -> None:
    if address:
        action = "" if write is None else f"{action_of(write)} "
        sheet.line(Span("failed ", "dim"), action, address, indent=2)
    field = f" (field {failure.field}: {failure.reason})" if failure.field else ""
    sheet.line(Span("why    ", "dim"), f"{failure.code}: {failure.message}{field}", indent=2)
    status = f"HTTP {failure.status}  " if failure.status else ""
    if status or failure.request_id:
        sheet.line(Span("answer ", "dim"), f"{status}{failure.request_id}", indent=2)


def action_of(write: Write) -> Action:
    """What a person calls it: an update of nothing but the place is a move."""
    if write.verb != "update":
        return write.verb
    place = place_fields(write.kind)
    return "move" if all(edit.path in place for edit in write.edits) else "update"


def _left(sheet: Sheet, left: Sequence[Left]) -> None:
    if not left:
        return
    sheet.line(Span("Left as it is:", "bold"))
    for one in left[:_NAMED]:
        sheet.line(one.address, Span(f"  {one.id or ''}  {one.why}", "dim"), indent=2)
    if len(left) > _NAMED:
        sheet.line(Span(f"… and {len(left) - _NAMED:,} more", "dim"), indent=2)


def run_to_json(result: RunResult, *, go_on: str) -> Fields:
    return {
        "run": result.run,
        "status": result.status,
        "done": result.done,
        "undone": result.undone,
        "interrupted": result.interrupted,
        "failedAddress": result.failed_address,
        "failedAction": None if result.failed is None else action_of(result.failed),
        "failure": None if result.failure is None else failure_to_json(result.failure),
        "left": [left_to_json(left) for left in result.left],
        "newIds": dict(result.new_ids),
        "madeAgain": made_again_to_json(result.made_again),
        "warnings": list(result.warnings),
        "nextStep": go_on if result.status in ("stopped", "waiting") else "",
        "heldUpBy": list(result.held_up_by),
    }


def made_again_to_json(again: Sequence[MadeAgain]) -> list[Fields]:
    return [{"address": one.address, "oldId": one.old, "newId": one.new} for one in again]


def left_to_json(left: Left) -> Fields:
    return {"address": left.address, "id": left.id, "why": left.why}


def failure_to_json(failure: Failure) -> Fields:
    return {
        "code": failure.code,
        "message": failure.message,
        "status": failure.status,
        "field": failure.field,
        "reason": failure.reason,
        "requestId": failure.request_id,
    }


def history_sheet(runs: tuple[RunSummary, ...]) -> Sheet:
    """Newest first, in columns."""
    sheet = Sheet()
    if not runs:
        sheet.line("No runs yet: nothing has been applied with this journal.")
        return sheet
    rows = [_HEAD, *(_row(run) for run in runs)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD))]
    for number, row in enumerate(rows):
        cells = [f"{cell:<{width}}  " for cell, width in zip(row, widths, strict=True)]
        if number:
            status = Span(cells[2], _STYLES[runs[number - 1].status])
            sheet.line(Span(cells[0], "bold"), cells[1], status, *cells[3:])
        else:
            sheet.line(Span("".join(cells), "dim"))
    return sheet


def _row(run: RunSummary) -> list[str]:
    numbers = [
        f"{run.summary[name]} {past}" for name, past in _DID.items() if run.summary.get(name)
    ]
    started = run.started.partition(".")[0].replace("T", " ")
    return [run.run, started, run.status, run.environment, run.who, ", ".join(numbers)]


def history_to_json(runs: tuple[RunSummary, ...]) -> Fields:
    return {
        "formatVersion": FORMAT_VERSION,
        "code": "ok",
        "runs": [summary_to_json(run) for run in runs],
    }


def summary_to_json(run: RunSummary) -> Fields:
    return {
        "run": run.run,
        "environment": run.environment,
        "host": run.host,
        "who": run.who,
        "started": run.started,
        "ended": run.ended,
        "status": run.status,
        "summary": {named(name): number for name, number in run.summary.items()},
    }
