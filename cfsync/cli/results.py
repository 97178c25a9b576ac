"""How a story that wrote something ended."""

from cfsync.cli.person import AtTerminal
from cfsync.model.values import Fields
from cfsync.report.counts import did
from cfsync.report.jsonform import plan_to_json
from cfsync.report.jsonvalue import FORMAT_VERSION
from cfsync.report.runs import CODES, run_sheet, run_to_json
from cfsync.report.sheet import Sheet, Span
from cfsync.workflow.outcome import Applied, Ran


def show_outcome(person: AtTerminal, outcome: Applied) -> int:
    """The run behind the plan, which a text's reader has seen already."""
    person.progress.clear()
    if person.screen.json:
        person.screen.document(_document(outcome))
    else:
        sheet = Sheet()
        if outcome.ran is not None:
            sheet.line()
            sheet.add(_run(outcome.ran, did(outcome.plan.summary)))
        for note in outcome.notes:
            sheet.line(Span(note, "dim"))
        person.screen.result(sheet)
    return outcome.exit_code


def show_run(person: AtTerminal, ran: Ran) -> int:
    person.progress.clear()
    if person.screen.json:
        person.screen.document({"formatVersion": FORMAT_VERSION, **_form(ran)})
    else:
        person.screen.result(_run(ran))
    return ran.exit_code


def show_nothing_waits(person: AtTerminal) -> int:
    """Good news for whoever recovers before each apply, to be on the safe side."""
    if person.screen.json:
        form = {"formatVersion": FORMAT_VERSION, "code": "nothing-waits", "run": None}
        person.screen.document(form)
    else:
        sheet = Sheet()
        sheet.line("Nothing waits: no run was cut short.")
        person.screen.result(sheet)
    return 0


def _run(ran: Ran, done: str = "") -> Sheet:
    return run_sheet(ran.result, ran.environment, go_on=ran.go_on, did=done)


def _form(ran: Ran) -> Fields:
    return {"code": CODES[ran.result.status], "run": run_to_json(ran.result, go_on=ran.go_on)}


def _document(outcome: Applied) -> Fields:
    ran = {"code": "no-changes", "run": None} if outcome.ran is None else _form(outcome.ran)
    return {
        "formatVersion": FORMAT_VERSION,
        "plan": plan_to_json(outcome.plan),
        "notes": list(outcome.notes),
        **ran,
    }
