"""The numbers of a plan, in a sentence."""

from cfsync.model.plan import Plan, Summary
from cfsync.report.sheet import Sheet, Span
from cfsync.report.words import counted, listed


def counts(plan: Plan) -> Sheet:
    """What would be done, and in a second line what is left alone."""
    sheet = Sheet()
    does = doing(plan)
    if does:
        sheet.line(Span(f"Plan: {does}.", "bold"))
    elif plan.conflicts:
        sheet.line(Span("No changes but the conflicts.", "bold"))
    elif plan.refusals:
        sheet.line(Span("No changes but what is refused.", "bold"))
    else:
        sheet.line(Span("No changes.", "good"), Span(f" {_why_none(plan)}", "dim"))
    leaves = _leaves(plan)
    if leaves:
        see = " `cfsync list` names them." if plan.summary.unmanaged else ""
        sheet.line(Span(f"Left alone: {listed(leaves)}.{see}", "dim"))
    return sheet


def doing(plan: Plan) -> str:
    """`3 to create, 1 to delete and 2 renumbered`."""
    parts = [f"{number:,} to {verb}" for verb, _, number in _numbers(plan.summary) if number]
    renumbered = sum(change.renumbered for change in plan.changes)
    return listed(parts + ([f"{renumbered:,} renumbered"] if renumbered else []))


def did(summary: Summary) -> str:
    """`3 created and 1 deleted`."""
    return listed([f"{number:,} {past}" for _, past, number in _numbers(summary) if number])


def _numbers(s: Summary) -> tuple[tuple[str, str, int], ...]:
    return (
        ("create", "created", s.create),
        ("update", "updated", s.update),
        ("move", "moved", s.move),
        ("replace", "replaced", s.replace),
        ("delete", "deleted", s.delete),
        ("adopt", "adopted", s.adopt),
    )


def _why_none(plan: Plan) -> str:
    if plan.partial:
        return "That holds for what was selected."
    if plan.kept:
        return f"{plan.environment} has nothing to get from the files."
    if not plan.config_digest:  # destroy, undo: not what the files say was asked
        return f"There is nothing to do in {plan.environment}."
    return f"{plan.environment} is as the files say."


def _leaves(plan: Plan) -> list[str]:
    s = plan.summary
    return [
        text
        for number, text in (
            (s.keep_live, counted(s.keep_live, "live edit")),
            (s.ignored, counted(s.ignored, "ignored field")),
            (s.unmanaged, counted(s.unmanaged, "unmanaged resource")),
        )
        if number
    ]
