import json
from pathlib import Path

import jsonschema_rs
import pytest

SCHEMA = json.loads((Path(__file__).parents[2] / "schemas/plan.schema.json").read_text())


def test_from_nothing_to_a_site_that_is_in_sync(cfsync):
    assert cfsync("init").code == 0
    assert cfsync("validate").out.startswith("Valid.")
    assert cfsync("plan", "--detailed-exitcode").code == 2
    applied = cfsync("apply", "--yes")
    assert applied.code == 0
    assert "Applied to local" in applied.out
    again = cfsync("plan", "--detailed-exitcode")
    assert again.code == 0
    assert "No changes." in again.out
    assert cfsync("apply").code == 0


@pytest.mark.usefixtures("small")
def test_plan_writes_nothing_at_all(cfsync, site):
    assert cfsync("plan").code == 0
    assert cfsync("list").code == 0
    assert cfsync("history").code == 0
    assert [path.name for path in site.path.iterdir()] == ["cfsync.yaml"]


@pytest.mark.usefixtures("small")
def test_a_plan_shows_the_tree_that_will_be(cfsync):
    lines = cfsync("plan").out.splitlines()
    assert lines[0].startswith("acme → local")
    assert "+ my-website  project  cfsync.yaml:8" in lines
    assert "  + index  page  cfsync.yaml:11" in lines
    assert "    + hero/title  heading  cfsync.yaml:17" in lines
    assert '        content "Hello"' in lines
    assert lines[-1] == "Plan: 6 to create."


@pytest.mark.usefixtures("small")
def test_a_plan_as_json_is_one_document_as_its_schema_says(cfsync):
    answer = cfsync("--json", "plan")
    assert jsonschema_rs.is_valid(SCHEMA, answer.json)
    assert answer.json["code"] == "changes"
    assert answer.json["summary"]["create"] == 6
    assert cfsync("plan", "--format", "json").out == answer.out


@pytest.mark.usefixtures("small")
def test_a_plan_can_be_written_into_a_file_beside_its_text(cfsync, site):
    target = site.path / "out.json"
    assert "Plan: 6 to create." in cfsync("plan", "--json-into", target).out
    assert jsonschema_rs.is_valid(SCHEMA, json.loads(target.read_text()))


@pytest.mark.usefixtures("small")
def test_only_what_was_changed_is_planned_and_sent(cfsync, site):
    cfsync("apply", "--yes")
    site.replace("content: Hello", "content: Hello world")
    plan = cfsync("plan")
    assert '        content  "Hello" → "Hello world"' in plan.out.splitlines()
    assert plan.last == "Plan: 1 to update."
    assert "Applied to local: 1 updated." in cfsync("apply", "--yes").out
    assert "No changes." in cfsync("plan").out
    run = cfsync("history", "--json").json["runs"][0]["run"]
    assert '      content  "Hello" → "Hello world"' in cfsync("show", run).out.splitlines()
    (step,) = cfsync("show", run, "--json").json["steps"]
    assert step["edits"][0]["before"] == "Hello"


@pytest.mark.usefixtures("small")
def test_a_past_run_shows_the_ids_that_became_known(cfsync):
    assert cfsync("apply", "--yes").code == 0
    run = cfsync("history", "--json").json["runs"][0]["run"]
    steps = {step["address"]: step for step in cfsync("show", run, "--json").json["steps"]}
    title, hero = steps["my-website:index#hero/title"], steps["my-website:index#hero"]
    assert {"path": ["parentId"], "after": hero["id"]} in title["edits"]


@pytest.mark.usefixtures("small")
def test_nothing_is_applied_where_nobody_can_be_asked(cfsync, site):
    answer = cfsync("apply", "--on-error", "stop")
    assert answer.code == 6
    again = f"cfsync -C {site.path} apply --on-error stop --yes"
    assert f"  next   {again}\n" in answer.err
    assert "Nothing there." in cfsync("list").out


@pytest.mark.usefixtures("small")
def test_a_deletion_needs_its_exact_number(cfsync, site):
    cfsync("apply", "--yes")
    site.replace("      - slug: about\n        name: About\n", "")
    plan = cfsync("plan")
    assert plan.code == 0
    assert "  - about  page" in plan.out
    assert "Plan: 1 to delete." in plan.out
    assert cfsync("apply", "--yes").code == 6
    wrong = cfsync("apply", "--yes", "--allow-deletes", 2)
    assert wrong.code == 6
    assert "--allow-deletes 1" in wrong.err
    assert cfsync("apply", "--yes", "--allow-deletes", 1).code == 0
    assert "about" not in cfsync("list").out


@pytest.mark.usefixtures("small")
def test_only_the_targets_are_applied(cfsync):
    plan = cfsync("plan", "--target", "my-website:about")
    assert plan.last == "Plan: 2 to create."
    assert cfsync("plan", "--exclude", "my-website:index").last == "Plan: 2 to create."


@pytest.mark.usefixtures("small")
def test_a_list_shows_ids_and_who_owns_what(cfsync):
    cfsync("apply", "--yes")
    listed = cfsync("--json", "list", "my-website:index").json["resources"]
    assert [entry["address"] for entry in listed] == [
        "my-website:index",
        "my-website:index#hero",
        "my-website:index#hero/title",
        "my-website:index#hero/cta",
    ]
    assert {entry["state"] for entry in listed} == {"owned"}
    assert all(entry["id"] for entry in listed)


@pytest.mark.usefixtures("small")
def test_destroy_deletes_what_is_owned_and_nothing_without_its_number(cfsync):
    cfsync("apply", "--yes")
    assert cfsync("destroy", "--yes").code == 6
    assert cfsync("destroy", "--yes", "--allow-deletes", 6).code == 0
    assert "Nothing there." in cfsync("list").out
    assert "No changes. There is nothing to do in local." in cfsync("destroy", "--yes").out


@pytest.mark.usefixtures("small")
def test_destroy_spares_what_the_files_protect_though_it_was_never_applied(cfsync, site):
    cfsync("apply", "--yes")
    site.replace("        name: Home", "        name: Home\n        protect: true")
    refused = cfsync("destroy", "--yes", "--allow-deletes", 6)
    assert refused.code == 6
    assert "my-website:index is protected" in refused.err
    assert "conflict" not in refused.out + refused.err


@pytest.mark.usefixtures("small")
def test_history_and_show_tell_of_a_run(cfsync):
    cfsync("apply", "--yes")
    [run] = cfsync("--json", "history").json["runs"]
    assert run["status"] == "applied"
    assert run["run"] in cfsync("history").out
    shown = cfsync("show", run["run"])
    assert shown.code == 0
    assert "my-website:index#hero/title" in shown.out
    assert cfsync("--json", "show", run["run"]).json["run"]["run"] == run["run"]
    assert cfsync("show", "nonsense").code == 64


@pytest.mark.usefixtures("small")
def test_a_boolean_in_the_place_of_a_number_is_a_change(cfsync, site):
    site.replace("content: Hello", "props: {level: 1, pair: [1, 0]}")
    assert cfsync("apply", "--yes").code == 0
    site.replace("{level: 1, pair: [1, 0]}", "{level: true, pair: [1, false]}")
    shown = cfsync("plan").out
    assert "props.level  1 → true" in shown
    assert "[1, 0] → [1, false]" in shown
    assert cfsync("apply", "--yes").code == 0
    assert "No changes." in cfsync("plan").out
    site.replace("[1, false]", "[1.0, false]")
    assert "No changes." in cfsync("plan").out
