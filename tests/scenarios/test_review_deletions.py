"""Deletions beside what must not be lost: excluded, declared elsewhere, decided for the site."""

import pytest

THREE = """\
- {name: a, type: text, content: A}
- {name: b, type: text, content: B}
- {name: box, type: section, children: [{name: x, type: text, content: X}]}
"""
TWO = THREE.rpartition("- {name: box")[0]


@pytest.fixture
def three(wish, cfsync):
    wish(THREE)
    assert cfsync("apply", "--yes").code == 0
    return wish


def test_what_is_excluded_does_not_go_with_what_holds_it(cfsync, three):
    three(TWO)
    answer = cfsync("plan", "--exclude", "my-website:index#box/x")
    assert answer.code == 0
    assert "- box" not in answer.out
    assert (
        "Hint: my-website:index#box stays this time: it would be deleted with "
        "my-website:index#box/x, which is excluded" in answer.out
    )
    assert cfsync("apply", "--yes", "--exclude", "my-website:index#box/x").code == 0
    assert three.designer.get("my-website:index#box/x")["content"] == "X"


def test_what_is_declared_is_moved_out_of_what_is_deleted_where_the_files_win(cfsync, three):
    three.designer.move("my-website:index#a", under="my-website:index#box")
    three.designer.edit("my-website:index#box/a", {"props.mine": 1})
    three(TWO)
    undecided = cfsync("plan")
    assert undecided.code == 6
    assert "to be deleted, but something that is to stay stands below it" in undecided.out
    consent = ("--yes", "--on-conflict", "take-config", "--allow-deletes", "2")
    answer = cfsync("apply", *consent)
    assert answer.code == 0, answer.out + answer.err
    assert "was moved elsewhere" not in answer.out
    assert three.designer.get("my-website:index#a")["props"] == {"mine": 1}
    assert "No changes." in cfsync("plan").out


def test_a_deletion_given_to_the_site_is_not_told_as_one_that_the_site_made(cfsync, three):
    three.designer.edit("my-website:index#box/x", content="theirs")
    three(TWO)
    told = cfsync("plan", "--on-conflict", "keep-live").out
    assert "Kept as the site has it: decided for the site" in told
    assert "my-website:index#box  not deleted; cfsync lets go of it" in told
    assert "deleted on the site" not in told


def test_a_deletion_given_to_the_site_is_not_asked_about_again(cfsync, three, site):
    three.designer.add("my-website", slug="theirs", name="Theirs")
    site.replace("    pages:\n", "    pages:\n      - {slug: theirs, delete: true}\n")
    assert cfsync("plan").code == 6
    assert cfsync("apply", "--yes", "--on-conflict", "keep-live").code == 0
    again = cfsync("plan")
    assert again.code == 0
    assert "No changes." in again.out
    assert "1 unmanaged resource" in again.out
    (row,) = (
        row for row in cfsync("--json", "list").json["resources"] if "theirs" in row["address"]
    )
    assert row["state"] == "unmanaged"


def test_a_conflict_of_a_deletion_does_not_hold_itself(cfsync, three):
    three.designer.edit("my-website:index#b", content="theirs")
    three(THREE.replace("- {name: b, type: text, content: B}\n", ""))
    told = cfsync("plan").out
    assert "to be deleted, but edited on the site since" in told
    assert "holds" not in told


def test_a_page_that_is_declared_gone_but_not_owned_is_told_as_such(cfsync, three, site):
    three.designer.add("my-website", slug="theirs", name="Theirs")
    site.replace("    pages:\n", "    pages:\n      - {slug: theirs, delete: true}\n")
    told = cfsync("plan")
    assert told.code == 6
    assert "to be deleted, but cfsync does not own it" in told.out


def test_a_name_that_the_site_has_and_keeps_is_told_with_a_way_out(cfsync, three, site):
    three.designer.edit("my-website:index", slug="start")
    site.replace("    pages:\n", "    pages:\n      - {slug: start, name: Start}\n")
    for flags in ((), ("--on-conflict", "take-config")):
        told = cfsync("plan", *flags)
        assert told.code == 6
        assert "the site has that name already, and keeps it" in told.out
        assert "holder my-website:start" in told.out
        assert "needs another name in the file, or on the site its holder does" in told.out
        assert "--on-conflict" not in told.out


def test_a_parent_that_both_changed_is_told_by_addresses(cfsync, wish):
    wish(THREE + "- {name: box2, type: section}\n- {name: box3, type: section}\n")
    assert cfsync("apply", "--yes").code == 0
    wish.designer.move("my-website:index#box/x", under="my-website:index#box2")
    moved = "{name: x, type: text, content: X, renamed_from: 'my-website:index#box/x'}"
    wish(
        THREE.replace("{name: x, type: text, content: X}", "")
        + "- {name: box2, type: section}\n"
        + f"- {{name: box3, type: section, children: [{moved}]}}\n"
    )
    told = cfsync("plan")
    assert told.code == 6
    assert "site   below my-website:index#box2\n" in told.out
    assert "files  below my-website:index#box3\n" in told.out
    assert "elem_" not in told.out


def test_a_designers_styles_on_our_own_element_are_not_deleted_unasked(cfsync, three):
    three.designer.edit("my-website:index#box/x", {"styles.desktop.color": "red"})
    three(TWO)
    told = cfsync("plan")
    assert told.code == 6
    assert "to be deleted, but it holds content that no file declares" in told.out
    assert "holds  my-website:index#box/x" in told.out
    assert cfsync("plan", "--on-conflict", "take-config").code == 0


def test_what_a_server_fills_in_by_itself_is_no_designers_work(cfsync, wish, faults, site):
    faults("fill=seo.noindex=false")
    wish("[]\n")
    site.replace("    pages:\n", "    pages:\n      - {slug: p2, name: P2, status: published}\n")
    assert cfsync("apply", "--yes").code == 0
    site.replace("      - {slug: p2, name: P2, status: published}\n", "")
    assert cfsync("plan").code == 0
    assert cfsync("apply", "--yes", "--allow-deletes", "1").code == 0
