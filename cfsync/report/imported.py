"""What became of a folder of HTML pages."""

from pathlib import Path
from typing import Protocol

from cfsync.model.values import Fields
from cfsync.report.jsonvalue import FORMAT_VERSION
from cfsync.report.sheet import Sheet, Span
from cfsync.report.words import counted


class Imported(Protocol):
    @property
    def files(self) -> tuple[Path, ...]: ...
    @property
    def pages(self) -> int: ...
    @property
    def elements(self) -> int: ...
    @property
    def dropped(self) -> dict[str, int]:
        """What was left out, in words, and how often."""
        ...

    @property
    def notes(self) -> tuple[str, ...]: ...


def imported_sheet(imported: Imported) -> Sheet:
    sheet = Sheet()
    for path in imported.files:
        sheet.line(str(path))
    sheet.blank()
    sheet.line(
        Span("Imported ", "good"),
        f"{counted(imported.pages, 'page')} with {counted(imported.elements, 'element')}.",
    )
    for what, number in imported.dropped.items():
        sheet.line(Span(f"left out  {number:,} × {what}", "dim"), indent=2)
    for note in imported.notes:
        for line in note.splitlines():
            sheet.line(line, indent=2)
    return sheet


def imported_to_json(imported: Imported) -> Fields:
    return {
        "formatVersion": FORMAT_VERSION,
        "code": "ok",
        "written": [str(path) for path in imported.files],
        "pages": imported.pages,
        "elements": imported.elements,
        "dropped": dict(imported.dropped),
        "notes": list(imported.notes),
    }
