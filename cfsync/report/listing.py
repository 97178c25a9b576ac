"""What is live, and what cfsync makes of it: `cfsync list`."""

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from cfsync.model.address import KindName
from cfsync.model.values import Fields
from cfsync.report.jsonvalue import FORMAT_VERSION
from cfsync.report.places import place
from cfsync.report.sheet import Sheet, Span, Style
from cfsync.report.words import counted

State: TypeAlias = Literal["owned", "unmanaged"]

_STYLES: Final[dict[State, Style]] = {"owned": "create", "unmanaged": "dim"}


@dataclass(frozen=True, slots=True)
class Listed:
    """A live resource. `depth` counts from the project (0)."""

    address: str
    kind: KindName
    id: str
    depth: int
    state: State
    detail: str = ""
    """An element's type, a page's or project's status."""
    ignored: bool = False
    protected: bool = False


def listing_sheet(rows: tuple[Listed, ...], address: str | None = None) -> Sheet:
    """In the order in which the site shows them; `address` is what was asked for."""
    sheet = Sheet()
    if not rows:
        nothing = f"Nothing at {address}. All that is live: cfsync list"
        sheet.line("Nothing there." if address is None else nothing)
        return sheet
    names = ["  " * row.depth + _name(row) for row in rows]
    name_width = max(map(len, names))
    id_width = max(len(row.id) for row in rows)
    for row, name in zip(rows, names, strict=True):
        sheet.line(
            Span(f"{name:<{name_width}}  ", "plain" if row.depth > 1 else "bold"),
            Span(f"{row.id:<{id_width}}  ", "dim"),
            Span(f"{row.state:<9}  ", _STYLES[row.state]),
            *_flags(row),
            Span(row.detail, "dim"),
        )
    sheet.blank()
    sheet.line(Span(_total(rows), "dim"))
    return sheet


def _name(row: Listed) -> str:
    where = place(row.address)
    return where.rest.rpartition("/")[2] or where.label


def _flags(row: Listed) -> list[str | Span]:
    protected = [Span("protected  ", "adopt")] if row.protected else []
    return [*protected, *([Span("ignored  ", "update")] if row.ignored else [])]


def _total(rows: tuple[Listed, ...]) -> str:
    owned = sum(row.state == "owned" for row in rows)
    return f"{counted(len(rows), 'resource')}: {owned:,} owned, {len(rows) - owned:,} unmanaged."


def listing_to_json(rows: tuple[Listed, ...], environment: str, host: str) -> Fields:
    return {
        "formatVersion": FORMAT_VERSION,
        "code": "ok",
        "environment": environment,
        "host": host,
        "resources": [
            {
                "address": row.address,
                "kind": row.kind,
                "id": row.id,
                "state": row.state,
                "detail": row.detail,
                "ignored": row.ignored,
                "protected": row.protected,
            }
            for row in rows
        ],
    }
