"""The changes of a plan as a tree: projects, their pages, the pages' elements."""

from collections.abc import Iterator
from typing import Final

from cfsync.contract import load
from cfsync.model.plan import Action, Change
from cfsync.report.edits import created, updated
from cfsync.report.places import Place, near, place, written_at
from cfsync.report.sheet import Sheet, Span, Style
from cfsync.report.words import counted

SYMBOLS: Final[dict[Action, str]] = {
    "create": "+",
    "update": "~",
    "move": ">",
    "replace": "±",
    "delete": "-",
    "adopt": "=",
    "forget": "·",
}
_MEANINGS: Final[dict[Action, str]] = {
    "move": "moved",
    "replace": "made anew, its content kept",
    "adopt": "there already, owned from the next apply on",
    "forget": "gone from files and site alike",
}
"""Of those that do not speak for themselves."""
STYLES: Final[dict[Action, Style]] = {
    "create": "create",
    "update": "update",
    "move": "move",
    "replace": "replace",
    "delete": "delete",
    "adopt": "adopt",
    "forget": "dim",
}
_ADOPTED: Final = 3
"""Adoptions of a page that are named; nothing is sent for them."""


def tree(changes: tuple[Change, ...]) -> Sheet:
    """Every change under its project and page; those are named even where they stay as they are."""
    sheet = Sheet()
    by_place = {change.address: change for change in changes}
    above: tuple[str, str] = ("", "")
    adopted: list[Change] = []
    for change in sorted(changes, key=lambda change: place(change.address)[:2]):
        here = place(change.address)
        if (here.project, here.page) != above:
            _remaining(sheet, adopted)
            _headings(sheet, here, above, by_place)
            above = (here.project, here.page)
        if change.action == "adopt" and here.rest:
            adopted.append(change)
            if len(adopted) > _ADOPTED:
                continue
        _change(sheet, change, here)
    _remaining(sheet, adopted)
    return sheet


def _headings(
    sheet: Sheet, here: Place, above: tuple[str, str], changed: dict[str, Change]
) -> None:
    if here.project != above[0]:
        sheet.blank()
        if here.project not in changed:
            sheet.line(Span(here.project, "bold"), indent=2)
    if here.rest and f"{here.project}:{here.page}" not in changed:
        sheet.line(Span(here.page, "bold"), indent=4)


def _remaining(sheet: Sheet, adopted: list[Change]) -> None:
    if len(adopted) > _ADOPTED:
        sheet.line(Span(f"= … and {len(adopted) - _ADOPTED:,} more", "adopt"), indent=4)
    adopted.clear()


def _change(sheet: Sheet, change: Change, here: Place) -> None:
    style = STYLES[change.action]
    head: list[str | Span] = [
        Span(f"{SYMBOLS[change.action]} ", style),
        Span(here.label, "bold" if here.depth < 2 else style),  # noqa: PLR2004 - an element
    ]
    head += [Span(f"  {fact}", "dim") for fact in facts(change)]
    sheet.line(*head, *written_at(change.mark), indent=2 * here.depth)
    show = created if change.action == "create" else updated
    body = show(change.kind, change.edits)
    sheet.add(body, indent=2 * here.depth + 4)


def facts(change: Change) -> Iterator[str]:
    """What is to be known besides the fields."""
    if change.action == "create":
        traits = [(name,) for name in load().kind(change.kind).traits]
        yield next((str(e.after) for e in change.edits if e.path in traits), change.kind)
    if change.action == "delete":
        below = f" and {change.descendants:,} below it" if change.descendants else ""
        yield change.kind + below
    if change.moved_from is not None:
        yield f"was {near(change.address, change.moved_from)}"
    elif change.reordered:
        yield "to another place among its siblings"
    if change.renumbered:
        yield f"{counted(change.renumbered, 'sibling')} renumbered"


def legend(changes: tuple[Change, ...]) -> list[str | Span]:
    """What the less common symbols mean, of those that appear."""
    used = {change.action for change in changes}
    return [
        Span(f"{SYMBOLS[action]} {meaning}   ", STYLES[action])
        for action, meaning in _MEANINGS.items()
        if action in used
    ]
