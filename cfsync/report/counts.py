"""The numbers of a plan, in a sentence."""

from cfsync.model.plan import Plan
from cfsync.report.sheet import Sheet, Span
from cfsync.report.words import counted, listed


def counts(plan: Plan) -> Sheet:
    """What would be done, and in a second line what is left alone."""
    sheet = Sheet()
    does = _does(plan)
    if does:
        sheet.line(Span("Plan: ", "bold"), Span(listed(does) + ".", "bold"))
    elif not plan.conflicts:
        sheet.line(Span("No changes.", "good"), Span(f" {_why_none(plan)}", "dim"))
    else:
        sheet.line(Span("No changes but the conflicts.", "bold"))
    leaves = _leaves(plan)
    if leaves:
        sheet.line(Span(f"Left alone: {listed(leaves)}.", "dim"))
    return sheet


def _does(plan: Plan) -> list[str]:
    s = plan.summary
    pairs = (
        (s.create, "create"),
        (s.update, "update"),
        (s.move, "move"),
        (s.replace, "replace"),
        (s.delete, "delete"),
        (s.adopt, "adopt"),
    )
    parts = [f"{number:,} to {verb}" for number, verb in pairs if number]
    renumbered = sum(change.renumbered for change in plan.changes)
    return parts + ([f"{renumbered:,} renumbered"] if renumbered else [])


def _why_none(plan: Plan) -> str:
    if plan.kept:
        return f"{plan.environment} has nothing to get from the files."
    return f"{plan.environment} is as the files say."


def _leaves(plan: Plan) -> list[str]:
    s = plan.summary
    return [
        text
        for number, text in (
            (s.keep_live, counted(s.keep_live, "live edit")),
            (s.conflict, counted(s.conflict, "conflict")),
            (s.ignored, counted(s.ignored, "ignored field")),
            (s.unmanaged, counted(s.unmanaged, "unmanaged resource")),
        )
        if number
    ]
