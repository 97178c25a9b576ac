"""Whole sites that nobody wrote for us: Debian's documentation, imported, applied and edited."""

import json
from pathlib import Path

import pytest
from support import debian, pages
from support.environments import add_environment
from support.visible import of_elements, of_html

from cfsync.authoring.html_decode import decoded
from cfsync.model.address import Address

pytestmark = [pytest.mark.debian, pytest.mark.slow]

PACKAGES = {
    "debian-faq": "usr/share/doc/debian/FAQ",
    "debian-policy": "usr/share/doc/debian-policy",
}


@pytest.fixture(params=PACKAGES)
def html(request) -> Path:
    return debian.package(request.param) / PACKAGES[request.param]


@pytest.fixture
def site(html: Path, cfsync, tmp_path: Path, served) -> Path:
    """The imported configuration, with the served emulator as its environment `served`."""
    folder = tmp_path / "site"
    folder.mkdir()
    cfsync("-C", folder, "import", "html", html, "--project", "documentation")
    add_environment(folder / "cfsync.yaml", "served", served)
    return folder


def test_documentation_is_imported_applied_edited_and_applied_again(
    html: Path, site: Path, cfsync, served
) -> None:
    files = sorted((site / "sites/documentation").rglob("*.yaml"))
    elements = sum(1 for file in files for _ in pages.walk(pages.read(file)["elements"]))
    assert len(files) == len(real_files(html)) > 10

    cfsync("-C", site, "validate")
    cfsync("-C", site, "-e", "served", "apply", "--yes")

    assert served.api.log.methods["POST"] == served.api.log.writes == 1 + len(files) + elements
    assert_same_text(html, files, served.api.state())

    served.api.log.clear()
    again = cfsync("-C", site, "-e", "served", "plan", "--detailed-exitcode")
    assert "No changes." in again.stdout
    assert served.api.log.writes == 0

    edited, deleted, swapped = edit_reorder_and_delete(largest(files), served)
    planned = json.loads(cfsync("-C", site, "-e", "served", "plan", "--json").stdout)
    gone = planned["summary"]["delete"]
    assert (planned["summary"]["update"], planned["summary"]["move"]) == (1, 1)
    cfsync("-C", site, "-e", "served", "apply", "--yes", "--allow-deletes", str(gone))

    writes = {(method, path) for method, path, _ in served.api.log if method != "GET"}
    assert served.api.log.writes == 3
    assert {("PATCH", edited), ("DELETE", deleted)} < writes
    # either of two that change places may be the one that moves
    assert writes & {("PATCH", path) for path in swapped}
    assert "No changes." in cfsync("-C", site, "-e", "served", "plan").stdout


def real_files(html: Path) -> list[Path]:
    return [path for path in html.rglob("*.html") if path.is_file() and not path.is_symlink()]


def assert_same_text(html: Path, files: list[Path], state: list[dict]) -> None:
    """What the API now holds says word for word what the HTML files say."""
    (project,) = state
    live = {page["slug"]: page for page in project["children"]}
    for file in files:
        head = file.read_text(encoding="utf-8").splitlines()[0]
        source = html / head.removeprefix("# Imported from ").removesuffix(".")
        text, _ = decoded(source.read_bytes())
        assert of_elements(live[pages.read(file)["slug"]]["children"]) == of_html(text), source


def largest(files: list[Path]) -> Path:
    return max(files, key=lambda file: file.stat().st_size)


def edit_reorder_and_delete(file: Path, served) -> tuple[str, str, tuple[str, str]]:
    """Change the longest row of siblings on a page: the paths of one that gets another text, of one
    that is deleted, and of the last two, which change places.
    """
    page = pages.read(file)
    above, row = longest_row(page["elements"], ())
    text = next(element for element in row[2:-2] if "content" in element)
    doomed = next(element for element in row[2:-2] if element is not text)

    def path(element: dict) -> str:
        address = Address("documentation", page["slug"])
        for name in (*above, element["name"]):
            address = address.child(name)
        return f"/elements/{served.api.designer.find(str(address))}"

    found = path(text), path(doomed), (path(row[-1]), path(row[-2]))
    text["content"] = "Nobody had written this before."
    row.remove(doomed)
    row[-2:] = reversed(row[-2:])
    pages.write(file, "documentation", page)
    return found


def longest_row(elements: list[dict], above: tuple[str, ...]) -> tuple[tuple[str, ...], list[dict]]:
    rows = [(above, elements)]
    rows += [
        longest_row(element["children"], (*above, element["name"]))
        for element in elements
        if element.get("children")
    ]
    return max(rows, key=lambda row: len(row[1]))
