"""A plan as a text that a person likes to read."""

from cfsync.model.base import DropBase
from cfsync.model.plan import Plan
from cfsync.report.changes import legend, tree
from cfsync.report.counts import counts
from cfsync.report.decisions import conflicts, kept_edits, refusals, suggestions
from cfsync.report.sheet import Sheet, Span


def plan_sheet(plan: Plan) -> Sheet:
    sheet = _header(plan)
    for part in (
        tree(plan.changes),
        kept_edits(plan.kept, let_go=_let_go(plan)),
        conflicts(plan.conflicts),
        suggestions(plan.suggestions),
        _symbols(plan),
        counts(plan),
        refusals(plan.refusals),
    ):
        if len(part):
            sheet.blank()
            sheet.add(part)
    return sheet


def _header(plan: Plan) -> Sheet:
    sheet = Sheet()
    host = "" if plan.host == plan.environment else f"  {plan.host}"
    sheet.line(Span(f"{plan.name} → {plan.environment}", "bold"), Span(host, "dim"))
    if not plan.has_base:
        sheet.line(Span("No base yet: the journal knows of no apply here.", "dim"))
    return sheet


def _let_go(plan: Plan) -> set[str]:
    """Ids of what the journal forgets at the end, or remembers as nobody's."""
    return {
        change.id if isinstance(change, DropBase) else change.row.id
        for change in plan.settlements
        if isinstance(change, DropBase) or change.row.let_go
    }


def _symbols(plan: Plan) -> Sheet:
    sheet = Sheet()
    explained = legend(plan.changes)
    if explained:
        sheet.line(*explained)
    return sheet
