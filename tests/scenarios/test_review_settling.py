"""What the journal remembers of a designer's edit, and what a saved plan rests on."""

import pytest


@pytest.fixture
def two(wish, cfsync):
    wish("- {name: a, type: text, content: A}\n- {name: b, type: text, content: B}\n")
    assert cfsync("apply", "--yes").code == 0
    return wish


def test_an_edit_that_was_kept_is_still_the_designers_after_a_replacement(cfsync, two):
    two.designer.edit("my-website:index#a", content="theirs")
    two("- {name: a, type: heading, content: A}\n- {name: b, type: text, content: B}\n")
    assert cfsync("apply", "--yes").code == 0
    assert two.designer.get("my-website:index#a")["content"] == "theirs"
    kept = cfsync("--json", "plan").json["kept"]
    assert [(one["address"], one["what"]) for one in kept] == [("my-website:index#a", "fields")]
    two("- {name: a, type: heading, content: A2}\n- {name: b, type: text, content: B}\n")
    again = cfsync("plan")
    assert again.code == 6
    assert "changed in the files and on the site, differently" in again.out


def test_a_saved_plan_stands_a_designers_edit_of_something_else(cfsync, two, site):
    two("- {name: a, type: text, content: A2}\n- {name: b, type: text, content: B}\n")
    assert cfsync("plan", "--out", "plan.json").code == 0
    two.designer.edit("my-website:index#b", content="theirs")
    answer = cfsync("apply", site.path / "plan.json")
    assert answer.code == 0, answer.err
    assert two.designer.get("my-website:index#b")["content"] == "theirs"
    assert two.designer.get("my-website:index#a")["content"] == "A2"


def test_a_saved_plan_is_stale_when_what_was_decided_for_the_site_changed(cfsync, two, site):
    two.designer.edit("my-website:index#b", content="theirs")
    two("- {name: a, type: text, content: A2}\n- {name: b, type: text, content: B2}\n")
    assert cfsync("plan", "--out", "plan.json", "--on-conflict", "keep-live").code == 0
    two.designer.edit("my-website:index#b", content="theirs again")
    assert cfsync("apply", site.path / "plan.json").code == 5
    assert two.designer.get("my-website:index#a")["content"] == "A"


def test_the_command_that_goes_on_after_an_undo_that_left_something_exists(cfsync, two, faults):
    two("- {name: a, type: text, content: A2}\n- {name: b, type: text, content: B2}\n")
    faults("edit@w2 my-website:index#a content=theirs", "400@w2")
    answer = cfsync("apply", "--yes")
    assert answer.code == 4
    assert "it was changed on the site since this run wrote it" in answer.out
    assert answer.last.endswith("plan -e staging")
    assert cfsync("plan").code == 0
    assert two.designer.get("my-website:index#a")["content"] == "theirs"


def test_a_plan_that_is_refused_does_not_say_that_the_site_is_as_the_files_say(cfsync, two, site):
    two("- {name: a, type: text, content: A, protect: true}\n")
    assert cfsync("apply", "--yes", "--allow-deletes", "1").code == 0
    two("[]\n")
    protected = cfsync("plan")
    assert protected.code == 6
    text = (site.path / "cfsync.yaml").read_text(encoding="utf-8")
    site.write(text.partition("projects:\n")[0] + "projects: []\n")
    empty = cfsync("plan")
    assert empty.code == 6
    for answer in (protected, empty):
        assert "No changes but what is refused." in answer.out
        assert "as the files say" not in answer.out


def test_a_run_is_undone_once(cfsync, two):
    two("- {name: a, type: text, content: A}\n")
    assert cfsync("apply", "--yes", "--allow-deletes", "1").code == 0
    run = cfsync("--json", "history").json["runs"][0]["run"]
    assert cfsync("undo", run, "--yes").code == 0
    undo = cfsync("--json", "history").json["runs"][0]["run"]
    again = cfsync("undo", run, "--yes")
    assert again.code == 64
    assert f"was undone already, by run {undo}" in again.err
    assert f"undo {undo} -e staging" in again.err
    assert cfsync("undo", undo, "--yes", "--allow-deletes", "1").code == 0
    assert "index#b" not in cfsync("list").out
