import importlib.util
from pathlib import Path
from textwrap import dedent

import pytest
import yaml
from support.visible import of_elements, of_html

from cfsync import limits
from cfsync.authoring.html import ImportReport, import_html
from cfsync.contract import load
from cfsync.errors import CfsyncError, UsageError


@pytest.fixture
def site(tmp_path: Path) -> Path:
    files = {
        "index.html": "<title>Acme</title><h1>Hi</h1><p>costs ${price}</p>",
        "about/team.html": "<h1>Team</h1><div><p>Ada</p>and<p>Bob</p></div><script>x()</script>",
        "style.css": "p {}",
    }
    for path, text in files.items():
        (tmp_path / "site" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "site" / path).write_text(text)
    return tmp_path / "site"


def imported(site: Path, root: Path, project: str = "my-website") -> ImportReport:
    return import_html(site, root, project, load())


def test_each_page_becomes_a_file_and_the_configuration_names_them(site: Path) -> None:
    root = site.parent / "config"

    report = imported(site, root)

    assert [str(path.relative_to(root)) for path in report.files] == [
        "sites/my-website/index.yaml",
        "sites/my-website/about/team.yaml",
        "cfsync.yaml",
        ".gitignore",
    ]
    assert (root / ".gitignore").read_text() == ".cfsync/\n"
    assert (report.pages, report.elements) == (2, 7)
    assert report.dropped == {"files that are no HTML": 1, "scripts": 1}
    assert report.notes == ()
    assert (root / "sites/my-website/index.yaml").read_text() == dedent("""\
        # Imported from index.html.
        project: my-website
        pages:
          - slug: index
            name: Acme
            seo: {title: Acme}
            elements:
              - {name: h1, type: heading, content: Hi, props: {level: 1}}
              - {name: p, type: text, content: "costs $${price}"}
        """)
    config = yaml.safe_load((root / "cfsync.yaml").read_text())
    assert config["include"] == ["sites/my-website/**/*.yaml"]
    assert config["projects"] == [{"slug": "my-website", "name": "My Website"}]


def test_the_visible_text_of_every_page_is_kept(site: Path) -> None:
    for path in imported(site, site.parent).files[:2]:
        source, *_ = path.read_text().removeprefix("# Imported from ").split(".\n")
        (page,) = yaml.safe_load(path.read_text().replace("$${", "${"))["pages"]

        assert of_elements(page["elements"]) == of_html((site / source).read_text())


def test_links_between_pages_are_counted_since_pages_have_other_addresses(site: Path) -> None:
    (site / "about/links.html").write_text(
        "<a href=team.html#x>a</a> <a href='../index.html?q'>b</a> <a href='#top'>c</a>"
        "<a href=https://a.example/team.html>d</a> <a href=none.html>e</a> <a name=f>f</a>"
    )

    assert imported(site, site.parent).notes == (
        "2 links name pages of this site by their file; they were kept so",
    )


def test_a_configuration_that_exists_is_left_alone_and_the_lines_to_add_are_named(
    site: Path,
) -> None:
    (site.parent / "cfsync.yaml").write_text("mine")

    report = imported(site, site.parent)

    assert (site.parent / "cfsync.yaml").read_text() == "mine"
    assert len(report.files) == report.pages
    assert "include: [sites/my-website/**/*.yaml]" in report.notes[0]
    assert "- {slug: my-website, name: My Website}" in report.notes[0]


def test_nothing_that_exists_is_overwritten(site: Path) -> None:
    imported(site, site.parent)
    (site / "new.html").write_text("<p>x")

    with pytest.raises(UsageError, match=r"index\.yaml, .*team\.yaml exist already"):
        imported(site, site.parent)

    assert not (site.parent / "sites/my-website/new.yaml").exists()


def test_many_files_in_the_way_are_counted_rather_than_listed(site: Path) -> None:
    for number in range(20):
        (site / f"p{number}.html").write_text("<p>x")
    imported(site, site.parent)

    with pytest.raises(UsageError, match="and 12 more exist already"):
        imported(site, site.parent)


@pytest.mark.parametrize("project", ["My Site", "", "a/b", "ä", "x" * 101])
def test_a_slug_that_the_api_does_not_take_is_refused(site: Path, project: str) -> None:
    with pytest.raises(UsageError, match="cannot be the slug of a project"):
        imported(site, site.parent, project)


@pytest.mark.parametrize(
    ("project", "instead"),
    [("Acme Corp", "acme-corp"), ("Café No. 1", "cafe-no-1"), ("…", "my-website")],
)
def test_the_nearest_slug_that_is_taken_is_proposed(site: Path, project: str, instead: str) -> None:
    with pytest.raises(UsageError) as caught:
        imported(site, site.parent, project)
    assert caught.value.next_step == f"cfsync import html FOLDER --project {instead}"


def test_a_short_slug_still_gives_a_name_that_the_api_takes(site: Path) -> None:
    imported(site, site.parent, "ab")

    config = yaml.safe_load((site.parent / "cfsync.yaml").read_text())
    assert config["projects"] == [{"slug": "ab", "name": "Site Ab"}]


def test_a_folder_without_pages_or_no_folder_at_all_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no HTML file in"):
        imported(tmp_path, tmp_path)
    with pytest.raises(UsageError, match="is not a folder"):
        imported(tmp_path / "nowhere", tmp_path)


def test_pages_that_cannot_be_read_are_named_and_the_others_imported(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (site / "deep.html").write_text("<div>" * 3000)
    (site / "huge.html").write_text("<p>" + "x" * 3000)
    (site / "wide.html").write_text("<p>x" * 600)
    (site / "locked.html").write_text("<p>x")
    read_bytes = Path.read_bytes

    def reading(path: Path) -> bytes:
        if path.name == "locked.html":
            raise PermissionError(13, "Permission denied")
        return read_bytes(path)

    monkeypatch.setattr(Path, "read_bytes", reading)
    monkeypatch.setattr(limits, "MAX_FILE_BYTES", 17_000)
    (site / "huge.html").write_text("<p>" + "x" * 20_000)

    report = imported(site, site.parent)

    assert report.pages == 2
    left_out = dict(note.split(" was left out: ") for note in report.notes)
    assert left_out["huge.html"].startswith("it is larger than MAX_FILE_BYTES")
    assert left_out["wide.html"].startswith("its file would be larger than MAX_FILE_BYTES")
    assert left_out["locked.html"] == "Permission denied"
    assert left_out["deep.html"].startswith("Excessive depth")


def test_more_pages_than_a_configuration_may_have_files_are_refused(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MAX_FILES", 2)

    with pytest.raises(UsageError, match="2 HTML files") as caught:
        imported(site, site.parent)

    assert "MAX_FILES, 2" in caught.value.why


def test_without_lxml_the_command_to_install_it_is_named(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    find_spec = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "lxml" else find_spec(name)
    )

    with pytest.raises(CfsyncError, match="needs lxml") as caught:
        imported(site, site.parent)

    assert caught.value.next_step == "pip install 'cfsync[html]'"


def test_every_page_is_of_the_contract(site: Path) -> None:
    contract = load()
    for path in imported(site, site.parent).files[:2]:
        (page,) = yaml.safe_load(path.read_text())["pages"]
        elements = page.pop("elements")

        assert list(contract.violations("page", page, "create")) == []
        for element in elements:
            element.pop("children", None)
            assert list(contract.violations("element", element, "create")) == []
