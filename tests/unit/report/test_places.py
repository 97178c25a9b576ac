import pytest

from cfsync.model.mark import Mark
from cfsync.report.places import near, place, written_at


@pytest.mark.parametrize(
    ("address", "other", "shown"),
    [
        ("a:index#hero", "a:index#foot/cta", "foot/cta"),
        ("a:index#hero", "a:about#foot/cta", "about#foot/cta"),
        ("a:about", "a:team", "team"),
        ("a:index#hero", "b:index#hero", "b:index#hero"),
        ("b", "a", "a"),
    ],
)
def test_a_former_address_is_as_short_as_it_can_be_said(address, other, shown):
    assert near(address, other) == shown


@pytest.mark.parametrize(("address", "depth"), [("a", 0), ("a:b/c", 1), ("a:b#c/d", 2)])
def test_depth_counts_from_the_project(address, depth):
    assert place(address).depth == depth


def test_what_was_not_read_from_a_file_names_none():
    assert written_at(None) == []
    assert written_at(Mark("", 0, 0)) == []
