"""What a past run did, write by write."""

from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from cfsync.model.run import Failure, Left, RunSummary
from cfsync.model.values import Fields
from cfsync.report.jsonvalue import FORMAT_VERSION
from cfsync.report.runs import (
    after_a_run,
    failure_to_json,
    left_to_json,
    summary_to_json,
    why_it_failed,
)
from cfsync.report.sheet import Sheet, Span, Style
from cfsync.report.words import counted

StepState: TypeAlias = Literal["done", "undone", "not done", "unknown", "not begun"]

_SYMBOLS: Final[dict[str, tuple[str, Style]]] = {
    "create": ("+", "create"),
    "update": ("~", "update"),
    "delete": ("-", "delete"),
}


@dataclass(frozen=True, slots=True)
class RecordedStep:
    verb: str
    kind: str
    address: str
    id: str | None
    state: StepState
    why: str = ""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A run as the journal tells it."""

    summary: RunSummary
    steps: tuple[RecordedStep, ...]
    failed_address: str = ""
    failure: Failure | None = None
    next_step: str = ""
    """A command to type, where the run waits."""
    left: tuple[Left, ...] = ()
    new_ids: dict[str, str] = field(default_factory=dict)
    """Old id to new, for what an undo had to make again."""
    warnings: tuple[str, ...] = ()
    illegible: int = 0
    """Lines of the journal that were pruned, or are damaged."""


def record_sheet(recorded: Recorded) -> Sheet:
    sheet = Sheet()
    run = recorded.summary
    sheet.line(
        Span(f"run {run.run}", "bold"),
        f"  {run.environment}  {run.status}",
        Span(f"  {run.started} – {run.ended or 'never ended'}  {run.who}", "dim"),
    )
    if recorded.failure is not None:
        why_it_failed(sheet, recorded.failed_address, recorded.failure)
    sheet.blank()
    for step in recorded.steps:
        symbol, style = _SYMBOLS[step.verb]
        told = "" if step.state == "done" else f"  {step.state}"
        sheet.line(
            Span(f"{symbol} ", style),
            step.address,
            Span(f"  {step.id or ''}", "dim"),
            Span(told, "error"),
            Span(f"  {step.why}" if step.why else "", "dim"),
            indent=2,
        )
    after_a_run(sheet, recorded.left, recorded.new_ids, recorded.warnings)
    if recorded.illegible:
        lines = counted(recorded.illegible, "line")
        sheet.line(Span(f"{lines} of this run were pruned, or cannot be read.", "dim"))
    if recorded.next_step:
        sheet.blank()
        sheet.line(Span("next   ", "dim"), recorded.next_step)
    return sheet


def record_to_json(recorded: Recorded) -> Fields:
    return {
        "formatVersion": FORMAT_VERSION,
        "code": "ok",
        "run": summary_to_json(recorded.summary),
        "failedAddress": recorded.failed_address,
        "failure": None if recorded.failure is None else failure_to_json(recorded.failure),
        "nextStep": recorded.next_step,
        "left": [left_to_json(left) for left in recorded.left],
        "newIds": dict(recorded.new_ids),
        "warnings": list(recorded.warnings),
        "illegible": recorded.illegible,
        "steps": [
            {
                "verb": step.verb,
                "kind": step.kind,
                "address": step.address,
                "id": step.id,
                "state": step.state,
                "why": step.why,
            }
            for step in recorded.steps
        ],
    }
