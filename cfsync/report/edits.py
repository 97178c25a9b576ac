"""The fields of a change, a kept edit or a conflict."""

from typing import Final

from cfsync.contract import load
from cfsync.model.address import KindName
from cfsync.model.plan import Edit
from cfsync.model.values import ABSENT, FieldPath
from cfsync.report.difference import deserves_lines, difference
from cfsync.report.places import written_at
from cfsync.report.sheet import Sheet, Span
from cfsync.report.values import ARROW, shown, shown_pair

_WIDTH: Final = 100


def place_fields(kind: KindName) -> set[FieldPath]:
    """What the place in the tree says: parent and position."""
    roles = load().kind(kind).roles
    return {(roles[role],) for role in ("parent", "position") if role in roles}


def _told_elsewhere(kind: KindName) -> set[FieldPath]:
    """Of a create: the address and the head of the line say these, too."""
    known = load().kind(kind)
    return place_fields(kind) | {(name,) for name in (known.key, *known.traits)}


def field(edit: Edit) -> str:
    return ".".join(edit.path)


def created(kind: KindName, edits: tuple[Edit, ...]) -> Sheet:
    """Everything that is sent, in as few lines as it takes."""
    sheet = Sheet()
    line: list[str | Span] = []
    used = 0
    told = _told_elsewhere(kind)
    for edit in edits:
        if edit.path in told:
            continue
        name, value = field(edit), shown(edit.after)
        if line and used + len(name) + len(value) > _WIDTH:
            sheet.line(*line)
            line, used = [], 0
        line += [Span(f"{'  ' if line else ''}{name} ", "dim"), value]
        used += len(name) + len(value) + 3
    if line:
        sheet.line(*line)
    return sheet


def updated(kind: KindName, edits: tuple[Edit, ...]) -> Sheet:
    """`field  old → new`, one a line; lists and texts of several lines below it."""
    sheet = Sheet()
    place = place_fields(kind)
    told = [edit for edit in edits if edit.path not in place]
    column = max((len(field(edit)) for edit in told), default=0)
    for edit in told:
        if deserves_lines(edit.before, edit.after):
            sheet.line(field(edit))
            sheet.add(difference(edit.before, edit.after), indent=2)
            continue
        old, new = shown_pair(edit.before, edit.after)
        if edit.after is ABSENT:
            new = "(removed)"
        sheet.line(f"{field(edit):<{column}}  ", Span(old, "dim"), ARROW, new)
    return sheet


def sides(edits: tuple[Edit, ...], *, base: bool) -> Sheet:
    """What the site has, what the files ask for, and what both once agreed on."""
    sheet = Sheet()
    for edit in edits:
        site, files = shown_pair(edit.before, edit.after)
        sheet.line(field(edit))
        sheet.line(Span("site   ", "dim"), site, indent=2)
        sheet.line(Span("files  ", "dim"), files, *written_at(edit.mark), indent=2)
        if base:
            sheet.line(Span("base   ", "dim"), shown(edit.settled), indent=2)
    return sheet
