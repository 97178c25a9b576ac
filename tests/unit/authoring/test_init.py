from pathlib import Path

import pytest
import yaml

from cfsync.authoring.init import starter
from cfsync.errors import CfsyncError, UsageError


def test_the_starter_configuration_has_a_local_environment_and_pages(tmp_path: Path) -> None:
    written = starter(tmp_path / "site")

    assert [str(path.relative_to(tmp_path)) for path in written] == [
        "site/cfsync.yaml",
        "site/.cfsync/config.schema.json",
        "site/.gitignore",
    ]
    tree = yaml.safe_load(written[0].read_text())
    assert tree["environments"] == {"local": {"url": "local:.cfsync/local.db"}}
    assert [page["slug"] for page in tree["projects"][0]["pages"]] == ["index", "about"]
    assert written[0].read_text().startswith("# yaml-language-server: $schema=.cfsync/")
    assert written[2].read_text() == ".cfsync/\n"


def test_a_configuration_that_exists_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "cfsync.yaml").write_text("mine")

    with pytest.raises(UsageError, match=r"cfsync\.yaml exists already"):
        starter(tmp_path)

    assert (tmp_path / "cfsync.yaml").read_text() == "mine"
    assert [path.name for path in tmp_path.iterdir()] == ["cfsync.yaml"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("build/\n", "build/\n.cfsync/\n"),
        ("build/", "build/\n.cfsync/\n"),
        ("", ".cfsync/\n"),
        ("a\n.cfsync/\n", "a\n.cfsync/\n"),
        (".cfsync\n", ".cfsync\n"),
    ],
)
def test_a_gitignore_that_exists_gets_the_line_once(tmp_path: Path, before, after) -> None:
    (tmp_path / ".gitignore").write_text(before)

    starter(tmp_path)

    assert (tmp_path / ".gitignore").read_text() == after


def test_a_gitignore_that_cannot_be_read_is_reported(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_bytes(b"\xff\xfe")

    with pytest.raises(CfsyncError, match="cannot be added to") as caught:
        starter(tmp_path)

    assert caught.value.next_step == "add the line .cfsync/ to it by hand"


def test_a_schema_that_exists_is_left_alone(tmp_path: Path) -> None:
    schema = tmp_path / ".cfsync" / "config.schema.json"
    schema.parent.mkdir()
    schema.write_text("{}")

    assert schema not in starter(tmp_path)
    assert schema.read_text() == "{}"


def test_a_folder_that_cannot_be_written_to_is_an_error_without_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(CfsyncError, match="cannot be written: Not a directory"):
        starter(tmp_path / "file" / "site")
