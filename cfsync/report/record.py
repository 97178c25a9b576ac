"""What a past run did, write by write."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from cfsync.contract import load
from cfsync.model.base import leaves
from cfsync.model.plan import Change, Edit, Write
from cfsync.model.run import Failure, Left, MadeAgain, RunSummary
from cfsync.model.values import ABSENT, Fields, at
from cfsync.report.changes import STYLES, SYMBOLS, facts
from cfsync.report.edits import created, place_fields, updated
from cfsync.report.jsonform import edits_to_json
from cfsync.report.jsonvalue import FORMAT_VERSION
from cfsync.report.runs import (
    action_of,
    after_a_run,
    failure_to_json,
    left_to_json,
    made_again_to_json,
    summary_to_json,
    why_it_failed,
)
from cfsync.report.sheet import Sheet, Span
from cfsync.report.words import counted

StepState: TypeAlias = Literal["done", "undone", "not done", "unknown", "not begun"]

_PURPOSES: Final = {
    "renumber": "renumbered, to make room",
    "temporary-slug": "a slug for the meantime",
    "publish": "shown, now that it is whole",
}


@dataclass(frozen=True, slots=True)
class RecordedStep:
    write: Write
    """Ids that became known stand in it."""
    id: str | None
    state: StepState
    why: str = ""

    @property
    def edits(self) -> tuple[Edit, ...]:
        """Of a create: every field that was sent."""
        write = self.write
        if write.verb != "create":
            return write.edits
        return tuple(
            Edit(path, ABSENT, at(write.body, path), ABSENT) for path in leaves(write.body)
        )


@dataclass(frozen=True, slots=True)
class Recorded:
    """A run as the journal tells it."""

    summary: RunSummary
    steps: tuple[RecordedStep, ...]
    failed_address: str = ""
    failed: Write | None = None
    """What the failure is about, if it is about a write."""
    failure: Failure | None = None
    next_step: str = ""
    """A command to type, where the run waits."""
    left: tuple[Left, ...] = ()
    made_again: tuple[MadeAgain, ...] = ()
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
        why_it_failed(sheet, recorded.failed_address, recorded.failed, recorded.failure)
    sheet.blank()
    for step in recorded.steps:
        _step(sheet, step)
    after_a_run(sheet, recorded.left, recorded.made_again, recorded.warnings)
    if recorded.illegible:
        lines = counted(recorded.illegible, "line")
        sheet.line(Span(f"{lines} of this run were pruned, or cannot be read.", "dim"))
    if recorded.next_step:
        sheet.blank()
        sheet.line(Span("next   ", "dim"), recorded.next_step)
    return sheet


def _step(sheet: Sheet, step: RecordedStep) -> None:
    """As the plan showed it, with what became of it."""
    write, action = step.write, action_of(step.write)
    head: list[str | Span] = [Span(f"{SYMBOLS[action]} ", STYLES[action]), write.address]
    head += [Span(f"  {fact}", "dim") for fact in _facts(step)]
    if step.id is not None:
        head.append(Span(f"  {step.id}", "dim"))
    if step.state != "done":
        head.append(Span(f"  {step.state}", "error"))
    sheet.line(*head, Span(f"  {step.why}" if step.why else "", "dim"), indent=2)
    show = created if action == "create" else updated
    sheet.add(show(write.kind, step.edits), indent=6)


def _facts(step: RecordedStep) -> Iterator[str]:
    write = step.write
    if write.purpose in _PURPOSES:
        yield _PURPOSES[write.purpose]
        return
    parent = load().kind(write.kind).field_of("parent")
    place = {edit.path for edit in write.edits} & place_fields(write.kind)
    moved = parent is not None and (parent,) in place
    if moved:
        yield "to another parent"
    yield from facts(
        Change(
            action_of(write),
            write.kind,
            write.address,
            step.id,
            step.edits,
            reordered=bool(place) and not moved,
            descendants=0 if write.subtree is None else len(list(write.subtree.walk())) - 1,
        )
    )


def record_to_json(recorded: Recorded) -> Fields:
    return {
        "formatVersion": FORMAT_VERSION,
        "code": "ok",
        "run": summary_to_json(recorded.summary),
        "failedAddress": recorded.failed_address,
        "failedAction": None if recorded.failed is None else action_of(recorded.failed),
        "failure": None if recorded.failure is None else failure_to_json(recorded.failure),
        "nextStep": recorded.next_step,
        "left": [left_to_json(left) for left in recorded.left],
        "newIds": {one.old: one.new for one in recorded.made_again},
        "madeAgain": made_again_to_json(recorded.made_again),
        "warnings": list(recorded.warnings),
        "illegible": recorded.illegible,
        "steps": [
            {
                "verb": step.write.verb,
                "kind": step.write.kind,
                "address": step.write.address,
                "id": step.id,
                "state": step.state,
                "why": step.why,
                "edits": edits_to_json(step.edits),
            }
            for step in recorded.steps
        ],
    }
