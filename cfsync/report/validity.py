"""What `cfsync validate` found to be right."""

from dataclasses import dataclass

from cfsync.model.values import Fields
from cfsync.report.jsonvalue import FORMAT_VERSION
from cfsync.report.sheet import Sheet, Span
from cfsync.report.words import counted, listed


@dataclass(frozen=True, slots=True)
class Validity:
    name: str
    environments: tuple[str, ...]
    """Each of them was read with its overlays."""
    files: int
    projects: int
    pages: int
    elements: int


def validity_sheet(valid: Validity) -> Sheet:
    sheet = Sheet()
    holds = listed(
        [
            counted(valid.projects, "project"),
            counted(valid.pages, "page"),
            counted(valid.elements, "element"),
        ]
    )
    sheet.line(
        Span("Valid.", "good"),
        f" {valid.name}: {holds} in {counted(valid.files, 'file')}",
        Span(f", for {listed(list(valid.environments))}.", "dim"),
    )
    return sheet


def validity_to_json(valid: Validity) -> Fields:
    return {
        "formatVersion": FORMAT_VERSION,
        "code": "ok",
        "name": valid.name,
        "environments": list(valid.environments),
        "files": valid.files,
        "projects": valid.projects,
        "pages": valid.pages,
        "elements": valid.elements,
    }
