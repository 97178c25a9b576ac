import os

import pytest

from cfsync import limits
from cfsync.desired.files import Refused, Root


@pytest.fixture
def root(tmp_path):
    inside = tmp_path / "root"
    (inside / "sub").mkdir(parents=True)
    (inside / "sub" / "a.txt").write_bytes(b"inside")
    (tmp_path / "secret").write_bytes(b"outside")
    return Root(inside)


def refusal(root: Root, name: str) -> str:
    with pytest.raises(Refused) as caught:
        root.read(name)
    return str(caught.value)


def test_a_file_below_the_root_is_read(root):
    assert root.read("sub/a.txt") == b"inside"
    assert root.read("./sub/../sub/a.txt") == b"inside"


@pytest.mark.parametrize(
    "name", ["../secret", "sub/../../secret", "/etc/passwd", ".", "", "sub/.."]
)
def test_whatever_leads_out_of_the_root_is_refused(root, name):
    assert refusal(root, name) == "is not below the folder of the configuration"


def test_links_may_lead_around_inside_but_not_out(root):
    (root.path / "in").symlink_to("sub/a.txt")
    (root.path / "folder").symlink_to("sub")
    (root.path / "out").symlink_to("../secret")
    (root.path / "away").symlink_to("/etc")
    assert root.read("in") == b"inside"
    assert root.read("folder/a.txt") == b"inside"
    assert "not below" in refusal(root, "out")
    assert "not below" in refusal(root, "away/passwd")


def test_what_is_no_regular_file_is_refused_and_never_waited_for(root):
    os.mkfifo(root.path / "fifo")
    assert refusal(root, "fifo") == "is not a regular file"
    assert refusal(root, "sub") == "is not a regular file"


def test_a_device_is_refused(root, monkeypatch):
    (root.path / "null").symlink_to("/dev/null")
    assert "not below" in refusal(root, "null")


def test_what_is_missing_or_not_readable_is_told(root):
    (root.path / "loop").symlink_to("loop")
    (root.path / "dangling").symlink_to("nothing")
    assert refusal(root, "nothing") == "does not exist"
    assert refusal(root, "dangling") == "does not exist"
    assert refusal(root, "sub/a.txt/b") == "leads through something that is no folder"
    assert "circle" in refusal(root, "loop")
    assert "null" in refusal(root, "a\0b")
    assert refusal(root, "n" * 300) == "file name too long"


def test_a_link_that_appears_between_the_look_and_the_opening_is_not_followed(root, monkeypatch):
    target = root.path / "sub" / "a.txt"
    resolved = Root.below

    def swapped(self, name):
        path = resolved(self, name)
        target.unlink()
        target.symlink_to("../../secret")
        return path

    monkeypatch.setattr(Root, "below", swapped)
    assert refusal(root, "sub/a.txt") == "changed while it was opened"


def test_a_folder_swapped_for_a_link_is_not_followed(root, monkeypatch):
    resolved = Root.below

    def swapped(self, name):
        path = resolved(self, name)
        (root.path / "sub").rename(root.path / "old")
        (root.path / "sub").symlink_to("..")
        return path

    monkeypatch.setattr(Root, "below", swapped)
    assert refusal(root, "sub/a.txt") in (
        "changed while it was opened",
        "leads through something that is no folder",
    )


def test_a_huge_file_is_refused_before_it_is_read(root):
    with (root.path / "huge").open("wb") as file:
        file.truncate(2**30)
    assert refusal(root, "huge") == "is larger than 16 MiB"


def test_a_file_that_grows_while_it_is_read_is_refused(root, monkeypatch):
    monkeypatch.setattr(limits, "MAX_FILE_BYTES", 3)
    monkeypatch.setattr("cfsync.desired.files._CHUNK", 2)
    real = os.fstat

    def early(handle):
        status = list(real(handle))
        status[6] = 0
        return os.stat_result(status)

    monkeypatch.setattr(os, "fstat", early)
    assert "larger" in refusal(root, "sub/a.txt")


def test_patterns_name_files_that_are_not_hidden(root):
    (root.path / ".git").mkdir()
    (root.path / ".git" / "b.txt").touch()
    (root.path / "c.txt").touch()
    (root.path / "d.txt").mkdir()
    (root.path / "sub" / "up").symlink_to("..")
    assert sorted(root.matching("**/*.txt")) == ["c.txt", "sub/a.txt"]
