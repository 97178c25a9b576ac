import json
from dataclasses import replace
from pathlib import Path

import jsonschema_rs
import pytest

from cfsync.errors import PlanStale, UsageError
from cfsync.model.plan import Change, Edit
from cfsync.model.values import ABSENT
from cfsync.workflow.saved import load_saved, require_same, save
from cfsync.workflow.wishes import PlanWishes

WISHES = PlanWishes(("a:*",), ("a:b",), 3, "keep-live")
SCHEMA = json.loads((Path(__file__).parents[3] / "schemas/plan.schema.json").read_text())
CHANGE = Change("update", "page", "a:b", "page_1", (Edit(("name",), "x", "y", ABSENT),))


def test_a_saved_plan_comes_back(tmp_path, plan):
    path = tmp_path / "plan.json"
    save(plan(), WISHES, "r1", path)
    saved = load_saved(path)
    assert saved.plan == plan()
    assert saved.wishes == WISHES
    assert jsonschema_rs.is_valid(SCHEMA, json.loads(path.read_text()))
    assert saved.based_on == "r1"
    assert path.stat().st_mode & 0o077 == 0
    assert [entry.name for entry in tmp_path.iterdir()] == ["plan.json"]


def test_plans_based_on_different_runs_are_different_files(tmp_path, plan):
    digests = set()
    for run in (None, "r1"):
        save(plan(), WISHES, run, tmp_path / "plan.json")
        digests.add(load_saved(tmp_path / "plan.json").digest)
    assert len(digests) == 2


def test_a_plan_that_cannot_be_saved_is_said_so(tmp_path, plan):
    with pytest.raises(UsageError, match="could not be saved"):
        save(plan(), WISHES, None, tmp_path / "missing" / "plan.json")


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b"[" * 100_000, b"null", b"[]"])
def test_what_is_no_plan_is_refused(tmp_path, content):
    path = tmp_path / "plan.json"
    path.write_bytes(content)
    with pytest.raises(UsageError, match="not a saved plan"):
        load_saved(path)


def test_a_file_too_large_for_a_plan_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr("cfsync.workflow.saved.MAX_PLAN_BYTES", 3)
    (tmp_path / "p").write_text(json.dumps({"formatVersion": 1}))
    with pytest.raises(UsageError) as caught:
        load_saved(tmp_path / "p")
    assert caught.value.why == "larger than 3 bytes"


def saved_with(tmp_path, plan, changes):
    path = tmp_path / "plan.json"
    save(replace(plan(), changes=changes), WISHES, None, path)
    return load_saved(path), path


def stale(saved, now, path):
    with pytest.raises(PlanStale) as caught:
        require_same(saved, now, path)
    return caught.value


def test_the_same_changes_are_accepted(tmp_path, plan):
    saved, path = saved_with(tmp_path, plan, (CHANGE,))
    require_same(saved, replace(plan(), changes=(CHANGE,)), path)


def test_a_stale_plan_shows_what_differs(tmp_path, plan):
    saved, path = saved_with(tmp_path, plan, (CHANGE,))
    other = replace(CHANGE, edits=(Edit(("name",), "x", "z", ABSENT),))
    error = stale(saved, replace(plan(), changes=(other,)), path)
    assert error.exit_code == 5
    assert error.why.splitlines() == [
        "only in the saved plan: update a:b (name → 'y')",
        "only now: update a:b (name → 'z')",
    ]
    assert error.next_step == f"cfsync plan --out {path}"


def test_a_plan_for_another_environment_is_stale(tmp_path, plan):
    saved, path = saved_with(tmp_path, plan, ())
    error = stale(saved, replace(plan(), environment="production"), path)
    assert error.why == "it was made for the environment staging, not production"


def test_a_site_that_moved_on_makes_a_plan_stale(tmp_path, plan):
    saved, path = saved_with(tmp_path, plan, (CHANGE,))
    now = replace(plan(), changes=(CHANGE,), live_digest="other")
    assert "changed on the site" in stale(saved, now, path).why


def test_very_many_differences_are_counted(tmp_path, plan):
    changes = tuple(replace(CHANGE, address=f"a:{n}", edits=()) for n in range(30))
    saved, path = saved_with(tmp_path, plan, changes)
    lines = stale(saved, plan(), path).why.splitlines()
    assert lines[0] == "only in the saved plan: update a:0"
    assert lines[-1] == "… and 10 more differences"


def test_a_plan_that_is_not_there_is_said_so(tmp_path):
    with pytest.raises(UsageError, match="cannot be read") as caught:
        load_saved(tmp_path / "plan.json")
    assert caught.value.why == "No such file or directory"
