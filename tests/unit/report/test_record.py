"""A past run, shown as its plan was, with what became of each change."""

import pytest

from cfsync.model.live import Item, Live
from cfsync.model.plan import Edit, Write
from cfsync.model.run import Failure, MadeAgain, RunSummary
from cfsync.model.values import ABSENT
from cfsync.report.record import Recorded, RecordedStep, record_sheet, record_to_json

RUN = RunSummary("r1", "local", "local", "ann", "then", "later", "applied", {})


def write(verb, address="a:b#c", kind="element", **more):
    return Write(0, 0, verb, kind, address, "elem_1", "page_1", **more)


def lines(*steps, **more):
    return list(record_sheet(Recorded(RUN, steps, **more)).lines())


def change(step):
    return lines(step)[2:]


def test_a_create_shows_everything_that_was_sent():
    body = {"name": "c", "type": "text", "content": "Hi", "props": {"level": 1}, "position": 1024}
    assert change(RecordedStep(write("create", body=body), "elem_1", "done")) == [
        "  + a:b#c  text  elem_1",
        '      content "Hi"  props.level 1',
    ]


def test_an_update_shows_each_value_before_and_after():
    edits = (
        Edit(("content",), "Old", "New", ABSENT),
        Edit(("position",), 1, 2, ABSENT),
        Edit(("props", "x"), 1, ABSENT, ABSENT),
    )
    assert change(RecordedStep(write("update", edits=edits), "elem_1", "undone")) == [
        "  ~ a:b#c  to another place among its siblings  elem_1  undone",
        '      content  "Old" → "New"',
        "      props.x  1 → (removed)",
    ]


@pytest.mark.parametrize(
    ("edits", "purpose", "told"),
    [
        ([("parentId",), ("position",)], "", "> a:b#c  to another parent  elem_1"),
        ([("position",)], "renumber", "> a:b#c  renumbered, to make room  elem_1"),
        ([("slug",)], "temporary-slug", "~ a:b#c  a slug for the meantime  elem_1"),
    ],
)
def test_a_change_of_place_says_so_without_its_numbers(edits, purpose, told):
    edits = tuple(Edit(path, "1", "2", ABSENT) for path in edits)
    step = RecordedStep(write("update", edits=edits, purpose=purpose), "elem_1", "done")
    assert change(step)[0] == f"  {told}"


def test_a_delete_says_how_much_went_and_why_it_did_not():
    item = Item("page", "page_1", "proj_1", None, 0, {}, "", "")
    tree = Live(item, (Live(item, ()), Live(item, ())))
    step = RecordedStep(
        write("delete", "a:b", "page", subtree=tree), None, "not done", "was edited"
    )
    assert change(step) == ["  - a:b  page and 2 below it  not done  was edited"]


def test_as_json_a_step_has_its_values_whole():
    failed = write("update", edits=(Edit(("content",), "Old", "New", ABSENT),))
    steps = (RecordedStep(failed, "elem_1", "not done"),)
    again = (MadeAgain("a:b#d", "old", "new"),)
    form = record_to_json(
        Recorded(RUN, steps, "a:b#c", failed, Failure("x", "no"), made_again=again)
    )
    assert form["failedAction"] == "update"
    assert form["newIds"] == {"old": "new"}
    assert form["madeAgain"] == [{"address": "a:b#d", "oldId": "old", "newId": "new"}]
    assert form["steps"][0]["edits"] == [{"path": ["content"], "before": "Old", "after": "New"}]


def test_the_failure_names_what_was_tried():
    told = lines(failed_address="a:b#c", failed=write("delete"), failure=Failure("x", "no"))
    assert told[1:3] == ["  failed delete a:b#c", "  why    x: no"]
