"""The formats of a plan. A new one is a function and a line here."""

from collections.abc import Callable
from typing import Final

from cfsync.errors import UsageError
from cfsync.model.plan import Plan
from cfsync.report.jsonform import plan_to_json
from cfsync.report.jsonvalue import dumps
from cfsync.report.text import plan_sheet


def _text(plan: Plan, colour: bool) -> str:
    return plan_sheet(plan).render(colour=colour)


def _json(plan: Plan, _colour: bool) -> str:
    return dumps(plan_to_json(plan))


FORMATS: Final[dict[str, Callable[[Plan, bool], str]]] = {"text": _text, "json": _json}


def check(format_: str) -> str:
    """The format, if it exists. Raises UsageError that names those that do."""
    if format_ not in FORMATS:
        raise UsageError(f"there is no format '{format_}'", why=f"there are: {', '.join(FORMATS)}")
    return format_


def render(plan: Plan, format_: str, *, colour: bool = False) -> str:
    """Raises UsageError for a format that does not exist."""
    return FORMATS[check(format_)](plan, colour)
