import os
from collections import Counter
from pathlib import Path, PurePosixPath

import pytest

from cfsync.authoring.html_files import slug, sources


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("index.html", "index"),
        ("about/team.html", "about/team"),
        ("about/index.html", "about"),
        ("About Us/Die_Größe.HTM", "about-us/die-grosse"),
        ("de/index.html", "de"),
        ("v1.2/x.y.html", "v1-2/x-y"),
        ("日本.html", "page"),
        ("--.html", "page"),
    ],
)
def test_a_slug_follows_from_the_path(path, expected) -> None:
    assert slug(PurePosixPath(path), 200) == expected


def test_a_long_slug_is_cut_and_does_not_end_in_a_separator() -> None:
    assert slug(PurePosixPath("abc/def.html"), 4) == "abc"


def make(folder: Path, *paths: str) -> Path:
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text("<p>x")
    return folder


def slugs(folder: Path) -> list[str]:
    return [source.slug for source in sources(folder, 200, Counter())]


def test_the_home_page_comes_first_and_slugs_are_unique(tmp_path: Path) -> None:
    make(tmp_path, "about.html", "about/index.html", "index.html", "About.htm")

    assert slugs(tmp_path) == ["index", "about", "about-2", "about-3"]


def test_a_language_that_every_file_carries_is_left_out(tmp_path: Path) -> None:
    make(tmp_path, "index.en.html", "ch01.en.html")

    assert slugs(tmp_path) == ["index", "ch01"]


def test_of_several_languages_each_keeps_its_own(tmp_path: Path) -> None:
    make(tmp_path, "index.en.html", "index.de.html", "index.html")

    assert slugs(tmp_path) == ["index", "index-de", "index-en"]


def test_other_files_and_links_are_counted(tmp_path: Path) -> None:
    site = make(tmp_path / "site", "a.html", "b.css", ".git/c.html", ".hidden.html")
    secret = make(tmp_path / "other", "secret.html")
    (site / "out.html").symlink_to(secret / "secret.html")
    (site / "folder").symlink_to(secret)
    (site / "same.html").symlink_to(site / "a.html")
    (site / "gone.html").symlink_to(site / "nowhere.html")
    ignored: Counter[str] = Counter()

    found = [source.slug for source in sources(site, 200, ignored)]

    assert found == ["a"]
    assert ignored == {"files that are no HTML": 2, "symbolic links": 4}


def test_a_pipe_is_no_page_and_does_not_hold_anybody_up(tmp_path: Path) -> None:
    make(tmp_path, "a.html")
    os.mkfifo(tmp_path / "b.html")

    assert slugs(tmp_path) == ["a"]
