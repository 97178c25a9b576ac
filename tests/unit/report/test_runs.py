import json

import pytest

from cfsync.model.plan import Edit, Write
from cfsync.model.run import Failure, Left, MadeAgain, RunResult, RunSummary
from cfsync.report.jsonvalue import dumps
from cfsync.report.runs import history_sheet, history_to_json, run_sheet, run_to_json

FAILURE = Failure("VALIDATION_ERROR", "Invalid", 400, "slug", "taken", "req_1")


def shown(result):
    return run_sheet(result, "staging", go_on="cfsync recover").render().splitlines()


def test_a_good_run_is_one_line():
    assert shown(RunResult("r1", "applied", 3)) == ["Applied to staging: 3 writes done.  run r1"]


def test_warnings_follow():
    result = RunResult("r1", "applied", 1, warnings=("the site stored 'a' for ' a'",))
    assert shown(result)[1] == "Warning: the site stored 'a' for ' a'"


def test_an_undone_run_says_what_failed_why_and_which_ids_are_new():
    again = (MadeAgain("", "elem_0", "elem_8"), MadeAgain("a:b#d", "elem_1", "elem_9"))
    failed = Write(3, 1, "delete", "element", "a:b#c", "elem_3", "page_1")
    result = RunResult("r1", "undone", 2, 2, "a:b#c", FAILURE, failed=failed, made_again=again)
    assert shown(result) == [
        "Failed, and undone: staging is as before; 2 writes taken back.  run r1",
        "  failed delete a:b#c",
        "  why    VALIDATION_ERROR: Invalid (field slug: taken)",
        "  answer HTTP 400  req_1",
        "Made again, under new ids:",
        "  elem_0 → elem_8",
        "  a:b#d  elem_1 → elem_9",
    ]


@pytest.mark.parametrize(
    ("verb", "paths", "action"),
    [
        ("create", [], "create"),
        ("update", [("parentId",), ("position",)], "move"),
        ("update", [("content",), ("position",)], "update"),
    ],
)
def test_what_failed_is_called_as_in_the_plan(verb, paths, action):
    edits = tuple(Edit(path, 1, 2, 1) for path in paths)
    failed = Write(0, 0, verb, "element", "a:b#c", "elem_3", "page_1", edits=edits)
    result = RunResult("r1", "undone", 0, 0, "a:b#c", FAILURE, failed=failed)
    assert shown(result)[1] == f"  failed {action} a:b#c"
    assert run_to_json(result, go_on="")["failedAction"] == action


def test_a_run_that_wrote_nothing_says_so():
    result = RunResult("r1", "undone", 0, 0, "a", Failure("unreachable", "refused"))
    assert shown(result) == [
        "Failed, and undone: staging is as before; nothing had been written.  run r1",
        "  failed a",
        "  why    unreachable: refused",
    ]


def test_an_interrupted_run_says_so():
    assert shown(RunResult("r1", "undone", 1, 1, interrupted=True))[0].startswith("Interrupted")
    signal = Failure("interrupted", "a signal asked for an end")
    recovered = shown(RunResult("r1", "undone", 1, 1, failure=signal))
    assert recovered[0].startswith("Interrupted, and undone")
    assert len(recovered) == 1


def test_a_crashed_run_that_was_recovered_did_not_fail():
    assert shown(RunResult("r1", "undone", 1, 1)) == [
        "Undone: staging is as before; 1 write taken back.  run r1",
    ]


@pytest.mark.parametrize("status", ["stopped", "waiting"])
def test_a_run_part_way_names_what_is_left_and_the_command_that_goes_on(status):
    left = tuple(Left(f"a:b#{n}", "elem_1", "edited since") for n in range(22))
    lines = shown(RunResult("r1", status, 2, 1, left=left))
    assert lines[0] == "staging is part-way: 2 writes done, 1 taken back.  run r1"
    assert lines[1] == "Left as it is:"
    assert lines[2] == "  a:b#0  elem_1  edited since"
    assert lines[-2:] == ["  … and 2 more", "  next   cfsync recover"]


def test_a_run_as_json_holds_everything():
    left, again = (Left("a", None, "x"),), (MadeAgain("a:b", "o", "n"),)
    result = RunResult("r1", "stopped", 2, 1, "a", FAILURE, left, {"o": "n"}, made_again=again)
    form = run_to_json(result, go_on="cfsync recover")
    assert form == json.loads(dumps(form))
    assert form["failure"]["requestId"] == "req_1"
    assert form["left"] == [{"address": "a", "id": None, "why": "x"}]
    assert form["newIds"] == {"o": "n"}
    assert form["madeAgain"] == [{"address": "a:b", "oldId": "o", "newId": "n"}]
    assert form["failedAction"] is None
    assert form["nextStep"] == "cfsync recover"


def test_history_is_a_table_with_what_each_run_did():
    runs = (
        RunSummary(
            "r2",
            "local",
            "local",
            "ann",
            "2026-01-02T10:00:00.123Z",
            None,
            "waiting",
            {"create": 2, "unmanaged": 9},
        ),
        RunSummary(
            "r1",
            "local",
            "local",
            "bo",
            "2026-01-01T10:00:00.123Z",
            "2026-01-01T10:00:01.123Z",
            "applied",
            {"x": "y"},
        ),
    )
    assert list(history_sheet(runs).lines()) == [
        "run  started (UTC)        status   environment  by   what was planned",
        "r2   2026-01-02 10:00:00  waiting  local        ann  2 created",
        "r1   2026-01-01 10:00:00  applied  local        bo",
    ]
    assert [run["run"] for run in history_to_json(runs)["runs"]] == ["r2", "r1"]


def test_no_history_is_said_in_words():
    assert "No runs yet" in history_sheet(()).render()
