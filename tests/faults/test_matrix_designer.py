"""Rows 38 to 42: somebody else edits the site meanwhile, and loses nothing of it."""

import pytest
from faults.chooser import explore
from faults.play import Tally, play
from faults.scenarios import four_changes
from faults.world import Budget

EDITS = {
    "edit": lambda designer: designer.edit("my-site:index#a", content="theirs"),
    "move": lambda designer: designer.move("my-site:index#b", position=1),
    "delete": lambda designer: designer.delete("my-site:index#b"),
    "sibling": lambda designer: designer.add("my-site:index", name="other", type="text"),
    "twin": lambda designer: designer.add("my-site:index", name="c", type="section"),
}


@pytest.mark.parametrize("how", EDITS)
def test_row_38_a_saved_plan_is_refused_when_the_site_is_no_longer_the_same(how, stage):
    assert stage.run("plan", "--out", str(stage.path / "plan.json")).code == 0
    EDITS[how](stage.api.designer)
    now = stage.api.state()
    stage.api.count_anew()

    answer = stage.run("apply", str(stage.path / "plan.json"))

    assert (answer.code, stage.api.log.writes) == (5, 0), answer
    assert stage.api.state() == now
    assert "plan" in answer.said


def test_row_39_an_edit_between_two_writes_is_a_conflict_and_stands():
    scenario, tally = four_changes(), Tally()

    for _ in explore(lambda choose: play(scenario, choose, Budget(edits=1), tally)):
        pass

    assert tally.schedules > 30
    assert tally.ended["undone"] > 0
    assert tally.lost_in_window == 0


def test_row_39_the_conflict_is_told_with_its_address(new_stage):
    stage = new_stage("edit@r4 my-site:index#a content=theirs")

    answer = stage.apply()

    assert answer.code in (1, 3)
    assert "my-site:index#a" in answer.said
    assert "was changed on the site" in answer.said
    assert stage.elements()[0]["content"] == "theirs"
    assert stage.names() == ["a", "b"]


def test_row_40_another_field_edited_in_the_window_survives_and_is_told(new_stage):
    stage = new_stage("edit@w1 my-site:index#a visible=false")

    answer = stage.apply()

    assert answer.code == 0
    assert stage.elements()[0]["visible"] is False
    assert stage.elements()[0]["content"] == "new"
    assert "visible was changed on the site meanwhile" in answer.said


def test_row_40_edits_of_the_same_field_in_the_window_are_counted():
    scenario, tally = four_changes(), Tally()
    budget = Budget(edits=1, window=True)

    for _ in explore(lambda choose: play(scenario, choose, budget, tally)):
        pass

    assert 0 < tally.lost_in_window < tally.schedules / 4


def test_row_41_a_child_added_below_what_is_deleted_is_a_conflict(new_stage):
    stage = new_stage("add@r6 my-site:index#b name=theirs type=text")

    answer = stage.apply()

    assert answer.code == 3, answer
    [_, b] = stage.elements()
    assert [child["name"] for child in b["children"]] == ["theirs", "inner"]
    assert "my-site:index#b" in answer.said


@pytest.mark.parametrize("edit", ["edit@w4 my-site:index#c content=theirs",
                                  "add@w4 my-site:index#c name=theirs type=text"])  # fmt: skip
def test_row_41_what_undo_would_delete_stays_when_somebody_edited_it(edit, new_stage):
    stage = new_stage(edit, "400@w4")

    answer = stage.apply()

    assert answer.code == 4
    assert "my-site:index#c" in answer.said
    [a, _, c] = stage.elements()
    assert a["content"] == "old"
    assert c["content"] == "theirs" or c["children"][0]["name"] == "theirs"


def test_row_42_a_copy_of_what_was_just_made_is_touched_by_nobody(new_stage):
    stage = new_stage("drop-after-commit@w2", "copy@r5 my-site:index#c")

    answer = stage.apply()

    ids = [row.id for row in stage.api.store.rows() if '"name":"c"' in row.body]
    assert (answer.code, len(ids)) == (4, 2), answer
    assert all(id_ in answer.said for id_ in ids)
    assert "recover" in answer.said
    assert not [one for one in stage.api.log.commits if one.verb == "delete"]
