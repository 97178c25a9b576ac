from pathlib import Path
from types import SimpleNamespace

from cfsync.report.imported import imported_sheet, imported_to_json

IMPORTED = SimpleNamespace(
    files=(Path("sites/a.yaml"),),
    pages=1,
    elements=1200,
    dropped={"scripts": 3},
    notes=("cfsync.yaml exists\n  add this",),
)


def test_an_import_says_what_was_written_and_what_was_left_out():
    assert list(imported_sheet(IMPORTED).lines()) == [
        "sites/a.yaml",
        "",
        "Imported 1 page with 1,200 elements.",
        "  left out  3 × scripts",
        "  cfsync.yaml exists",
        "    add this",
    ]


def test_an_import_as_json_has_it_all():
    form = imported_to_json(IMPORTED)
    assert form["written"] == ["sites/a.yaml"]
    assert form["dropped"] == {"scripts": 3}
