"""An error as a person, or a program, can use it: what, where, why, what now."""

from cfsync.errors import CfsyncError, ConfigError, Problem, RemoteError
from cfsync.model.values import Fields
from cfsync.report.inert import inert
from cfsync.report.jsonvalue import FORMAT_VERSION
from cfsync.report.sheet import Sheet, Span


def error_sheet(error: CfsyncError) -> Sheet:
    sheet = Sheet()
    sheet.line(Span("Error: ", "error"), Span(error.message, "bold"))
    if isinstance(error, ConfigError):
        for problem in error.problems:
            sheet.blank()
            _problem(sheet, problem)
        return sheet
    facts = [("where", error.where), ("why", error.why)]
    if isinstance(error, RemoteError):
        facts += [("answer", _answer(error))]
    for name, text in [*facts, ("next", error.next_step)]:
        for number, line in enumerate(text.splitlines()):
            sheet.line(Span(f"{name if not number else '':<7}", "dim"), line, indent=2)
    return sheet


def _answer(error: RemoteError) -> str:
    parts = (f"HTTP {error.status}" if error.status else "", error.api_code, error.request_id)
    return "  ".join(part for part in parts if part)


def _problem(sheet: Sheet, problem: Problem) -> None:
    place = f"{problem.file}:{problem.line}:{problem.column}" if problem.line else problem.file
    sheet.line(Span(place, "bold"), f"  {problem.message}")
    if problem.source and problem.line:
        _source(sheet, problem)
    if problem.expected:
        sheet.line(Span("expected  ", "dim"), problem.expected, indent=4)
    if problem.suggestion:
        sheet.line(Span("did you mean  ", "dim"), f"{problem.suggestion}?", indent=4)


def _source(sheet: Sheet, problem: Problem) -> None:
    """The line, and a caret below the column; a long line is cut around it."""
    start = max(0, problem.column - 60)
    line = problem.source[start : start + 90]
    before = inert(line[: max(0, problem.column - 1 - start)])
    gutter = f"{problem.line:>5} │ "
    sheet.line(Span(gutter, "dim"), line)
    sheet.line(Span(" " * (len(gutter) - 2) + "│ ", "dim"), " " * len(before), Span("^", "error"))


def error_to_json(error: CfsyncError, **more: object) -> Fields:
    form: Fields = {
        "formatVersion": FORMAT_VERSION,
        "code": error.code,
        "exitCode": error.exit_code,
        "message": error.message,
        "where": error.where,
        "why": error.why,
        "nextStep": error.next_step,
        **more,
    }
    if isinstance(error, ConfigError):
        form["problems"] = [_problem_to_json(problem) for problem in error.problems]
    if isinstance(error, RemoteError):
        form["status"] = error.status
        form["apiCode"] = error.api_code
        form["field"] = error.field
        form["requestId"] = error.request_id
    return form


def _problem_to_json(problem: Problem) -> Fields:
    return {
        "file": problem.file,
        "line": problem.line,
        "column": problem.column,
        "message": problem.message,
        "source": problem.source,
        "expected": problem.expected,
        "suggestion": problem.suggestion,
    }
