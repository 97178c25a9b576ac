"""What the site changed, what a person has to decide, and what cfsync refuses until then."""

from collections.abc import Collection
from typing import Final, assert_never

from cfsync.model.address import Address
from cfsync.model.plan import Conflict, ConflictReason, Kept, Refusal
from cfsync.report.edits import sides
from cfsync.report.places import written_at
from cfsync.report.sheet import Sheet, Span
from cfsync.report.words import counted

_REASONS: Final[dict[ConflictReason, str]] = {
    "both-changed": "changed in the files and on the site, differently",
    "no-base": "files and site differ, and nothing is known of who changed it",
    "deleted-live": "deleted on the site, still declared in the files",
    "changed-since": "to be deleted, but edited on the site since",
    "holds-foreign": "to be deleted, but something that is to stay stands below it",
    "undeclared": "to be deleted, but it holds content that no file declares",
    "taken": "the site has that name already, and keeps it",
}
_NO_BASE: Final[frozenset[ConflictReason]] = frozenset({"no-base", "taken"})
_NAMED: Final = 5


def kept_edits(kept: tuple[Kept, ...], *, let_go: Collection[str] = ()) -> Sheet:
    """`let_go`: ids of what is no longer owned from now on."""
    sheet = Sheet()
    if not kept:
        return sheet
    sheet.line(Span("Kept as the site has it", "bold"), Span(f": {_why_kept(kept)}", "dim"))
    for entry in kept:
        facts = _kept_fact(entry) + ("; cfsync lets go of it" if entry.id in let_go else "")
        sheet.line(entry.address, Span(facts, "dim"), *written_at(entry.mark), indent=2)
        if entry.what == "fields":
            sheet.add(sides(entry.edits, base=False), indent=6)
    return sheet


def _why_kept(kept: tuple[Kept, ...]) -> str:
    decided = {entry.decided for entry in kept}
    if decided == {True}:
        return "decided for the site"
    return "only the site changed these" + (", or it was decided so" if True in decided else "")


def _kept_fact(kept: Kept) -> str:
    match kept.what:
        case "fields":
            return ""
        case "deleted":
            return "  deleted on the site, not made again"
        case "order":
            return "  what stands in it has another order there"
        case "parent":
            return "  was moved elsewhere"
        case "delete":
            return "  not deleted"
        case _:
            assert_never(kept.what)


def conflicts(found: tuple[Conflict, ...]) -> Sheet:
    sheet = Sheet()
    if not found:
        return sheet
    sheet.line(
        Span(counted(len(found), "conflict").capitalize(), "conflict"),
        Span(": nothing is written there until a person decides", "dim"),
    )
    for conflict in found:
        sheet.line(Span("! ", "conflict"), conflict.address, *written_at(conflict.mark), indent=2)
        sheet.line(Span(_reason(conflict), "dim"), indent=6)
        if conflict.what == "parent" and conflict.others:
            _parents(sheet, conflict)
            continue
        sheet.add(sides(conflict.edits, base=conflict.reason not in _NO_BASE), indent=6)
        label = "holder " if conflict.reason == "taken" else "holds  "
        itself = conflict.address if conflict.what == "delete" else ""
        _some(sheet, label, tuple(one for one in conflict.others if one != itself))
    return sheet


def _parents(sheet: Sheet, conflict: Conflict) -> None:
    """Addresses say more than the ids that the fields hold."""
    _some(sheet, "site   below ", conflict.others)
    _some(sheet, "files  below ", (str(Address.parse(conflict.address).parent),))


def _reason(conflict: Conflict) -> str:
    if conflict.what == "delete" and conflict.reason == "no-base":
        return "to be deleted, but cfsync does not own it"
    what = {"order": "the order in it: ", "parent": "its parent: "}.get(conflict.what, "")
    return what + _REASONS[conflict.reason]


def _some(sheet: Sheet, label: str, addresses: tuple[str, ...]) -> None:
    for address in addresses[:_NAMED]:
        sheet.line(Span(label, "dim"), address, indent=6)
    if len(addresses) > _NAMED:
        sheet.line(Span(f"… and {len(addresses) - _NAMED:,} more", "dim"), indent=6)


def refusals(found: tuple[Refusal, ...]) -> Sheet:
    sheet = Sheet()
    for refusal in found:
        sheet.line(Span("Refused: ", "error"), refusal.message)
        told = refusal.message
        _some(sheet, "", tuple(one for one in refusal.addresses if one not in told))
        if refusal.next_step:
            sheet.line(Span("next   ", "dim"), refusal.next_step, indent=6)
    return sheet


def suggestions(found: tuple[str, ...]) -> Sheet:
    sheet = Sheet()
    for suggestion in found:
        sheet.line(Span("Hint: ", "bold"), suggestion)
    return sheet
