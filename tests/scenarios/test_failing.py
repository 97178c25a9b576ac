"""What a command answers when the site, the network or the journal fails."""

import json

import pytest


@pytest.fixture
def applied(cfsync, served):
    assert cfsync("apply", "--yes").code == 0
    return served.state()


def test_a_first_apply_over_http(cfsync, served):
    answer = cfsync("apply", "--yes")
    assert answer.code == 0
    assert "Applied to staging" in answer.out
    assert served.state()[0]["slug"] == "my-website"
    assert cfsync("plan", "--detailed-exitcode").code == 0


def test_a_refused_write_takes_everything_back(cfsync, served, faults):
    faults("400@w4")
    answer = cfsync("apply", "--yes")
    assert answer.code == 3
    assert "Failed, and undone: staging is as before" in answer.out
    assert "HTTP 400" in answer.out
    assert "req_" in answer.out
    assert served.state() == []


def test_an_undone_run_as_json_has_its_code(cfsync, faults):
    faults("400@w4")
    answer = cfsync("apply", "--yes", "--json")
    assert answer.code == 3
    form = answer.json
    assert form["code"] == "undone"
    assert form["run"]["failure"]["status"] == 400
    assert form["run"]["left"] == []
    assert form["plan"]["summary"]["create"] == 6


def test_reading_that_fails_changes_nothing(cfsync, served, faults):
    faults("403")
    answer = cfsync("apply", "--yes")
    assert answer.code == 1
    assert "403" in answer.err
    assert cfsync("--json", "plan").json["code"] == "forbidden"
    faults()
    assert served.state() == []


def test_a_key_that_is_missing_is_named_without_being_shown(cfsync, served, monkeypatch):
    monkeypatch.delenv("CFSYNC_TOKEN_STAGING")
    answer = cfsync("plan")
    assert answer.code == 1
    assert "CFSYNC_TOKEN_STAGING is not set" in answer.err


def test_nobody_listening_is_said_in_words(cfsync, site):
    environments = "  dead: {url: 'http://127.0.0.1:9/v1'}"
    site.write(f"version: 1\nname: a\nenvironments:\n{environments}\nprojects: []\n")
    answer = cfsync("plan")
    assert answer.code == 1
    assert "127.0.0.1:9" in answer.err


def test_a_run_that_stops_waits_for_recover(cfsync, served, faults):
    faults("400@w4")
    stopped = cfsync("apply", "--yes", "--on-error", "stop")
    assert stopped.code == 4
    assert "staging is part-way" in stopped.out
    command = next(line for line in stopped.out.splitlines() if " recover " in line)
    assert command.endswith("recover -e staging")
    faults()
    for blocked in (("apply", "--yes"), ("destroy", "--yes"), ("unprotect", "x")):
        answer = cfsync(*blocked)
        assert answer.code == 5
        assert "recover -e staging" in answer.err
    warned = cfsync("plan")
    assert warned.code == 0
    assert "never ended" in warned.err
    forward = cfsync("recover", "--direction", "forward")
    assert forward.code == 0, forward.out + forward.err
    assert cfsync("plan", "--detailed-exitcode").code == 0


def test_recover_takes_back_by_itself(cfsync, served, faults):
    faults("400@w4")
    assert cfsync("apply", "--yes", "--on-error", "stop").code == 4
    faults()
    [run] = cfsync("history", "--json").json["runs"]
    shown = cfsync("show", run["run"])
    assert "answer HTTP 400  req_" in shown.out
    assert "failed " in shown.out
    assert shown.last.endswith("recover -e staging")
    recovered = cfsync("--json", "recover")
    assert recovered.code == 3
    assert recovered.json["code"] == "undone"
    assert served.state() == []
    assert cfsync("recover").code == 0


def test_a_key_that_dies_in_mid_run_stops_it(cfsync, faults):
    faults("revoke@w3")
    answer = cfsync("apply", "--yes")
    assert answer.code == 4
    assert "recover" in answer.out


def test_a_stale_saved_plan_writes_nothing(cfsync, served, site, applied):
    site.replace("content: Hello", "content: Ours")
    assert cfsync("plan", "--out", "plan.json").code == 0
    served.designer.edit("my-website:index#hero/title", content="Theirs")
    before = served.state()
    answer = cfsync("apply", "plan.json")
    assert answer.code == 5
    assert "no longer what would be done" in answer.err
    assert served.state() == before


def test_a_saved_plan_is_its_own_consent_and_used_once(cfsync, site, applied):
    site.replace("      - slug: about\n        name: About\n", "")
    assert cfsync("plan", "--out", "plan.json").code == 0
    assert cfsync("apply", "plan.json").code == 0
    again = cfsync("apply", "plan.json")
    assert again.code == 5
    assert "used already" in again.err


def test_a_saved_plan_remembers_its_targets(cfsync, site, applied):
    site.replace("content: Hello", "content: Ours")
    site.replace("content: Pricing", "content: Prices")
    target = ("--target", "my-website:index#hero/title")
    assert cfsync("plan", *target, "--out", "plan.json").last == "Plan: 1 to update."
    assert cfsync("apply", "plan.json").code == 0
    assert '"Pricing" → "Prices"' in cfsync("plan").out


def test_what_only_the_site_changed_stays_and_is_reported(cfsync, served, applied):
    served.designer.edit("my-website:index#hero/title", content="Theirs")
    answer = cfsync("plan", "--detailed-exitcode")
    assert answer.code == 0
    assert "Kept as the site has it" in answer.out
    assert '"Theirs"' in answer.out
    assert cfsync("--json", "plan").json["summary"]["keepLive"] == 1


def test_what_both_sides_changed_waits_for_a_person(cfsync, served, site, applied):
    served.designer.edit("my-website:index#hero/title", content="Theirs")
    site.replace("content: Hello", "content: Ours")
    plan = cfsync("plan", "--out", "plan.json")
    assert plan.code == 6
    assert not (site.path / "plan.json").exists()
    assert "Nothing was saved in plan.json" in plan.err
    for value in ('site   "Theirs"', 'files  "Ours"', 'base   "Hello"'):
        assert value in plan.out
    form = cfsync("plan", "--json")
    assert form.code == 6
    assert form.json["code"] == "needs-decision"
    assert cfsync("apply", "--yes").code == 6
    assert cfsync("apply", "--yes", "--on-conflict", "take-config").code == 0
    assert "No changes." in cfsync("plan").out


def test_a_protected_page_is_not_deleted_until_it_is_unprotected(cfsync, served, site):
    site.replace("name: About\n", "name: About\n        protect: true\n")
    assert cfsync("apply", "--yes").code == 0
    assert "protected" in cfsync("list").out
    still = cfsync("unprotect", "my-website:about")
    assert still.code == 64
    assert "the configuration itself protects my-website:about" in still.err
    site.replace("      - slug: about\n        name: About\n        protect: true\n", "")
    refused = cfsync("apply", "--yes", "--allow-deletes", 1)
    assert refused.code == 6
    assert "unprotect my-website:about" in refused.err
    assert cfsync("unprotect", "nothing").code == 64
    lifted = cfsync("--json", "unprotect", "my-website:about")
    assert lifted.json["lifted"] == ["my-website:about"]
    assert cfsync("apply", "--yes", "--allow-deletes", 1).code == 0
    assert "about" not in json.dumps(served.state())


def test_an_environment_that_confirms_wants_its_name(cfsync, site, served):
    site.replace(
        "token: {env: CFSYNC_TOKEN_STAGING}", "token: {env: CFSYNC_TOKEN_STAGING}, confirm: true"
    )
    site.replace("default_environment: staging", "default_environment: local")
    refused = cfsync("apply", "-e", "staging", "--yes")
    assert refused.code == 6
    assert "--confirm staging" in refused.err
    assert cfsync("apply", "-e", "staging", "--yes", "--confirm", "staging").code == 0


def test_a_journal_that_cannot_be_read_is_5_and_never_started_afresh(cfsync, site, applied):
    (site.path / ".cfsync/journal.db").write_bytes(b"not a database" * 1000)
    for arguments in (("plan",), ("apply", "--yes"), ("history",), ("recover",)):
        answer = cfsync(*arguments)
        assert answer.code == 5, arguments
        assert "journal" in answer.err


def test_problems_of_the_files_are_shown_with_line_and_caret(cfsync, site):
    site.write(
        "version: 1\nname: a\nenvironments: {l: {url: local:x.db}}\nprojects:\n  - slgu: b\n"
    )
    answer = cfsync("validate")
    assert answer.code == 1
    assert "cfsync.yaml:5:5" in answer.err
    assert "slug" in answer.err
    assert cfsync("validate", "--json").json["problems"][0]["line"] == 5


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("plan", "-e", "nowhere"), 64),
        (("plan", "--format", "pdf"), 64),
        (("plan", "--target", ""), 64),
        (("list", ""), 64),
        (("show", "x", "--format", "pdf"), 64),
        (("unprotect", ""), 64),
        (("apply", "missing.json"), 64),
        (("plan", "--out", "missing/plan.json"), 64),
    ],
)
@pytest.mark.usefixtures("small")
def test_wrong_usage_is_64(cfsync, arguments, code):
    assert cfsync(*arguments).code == code
    assert cfsync(*arguments, "--json").json["code"] == "usage"


def test_without_a_configuration_the_next_step_is_init(cfsync):
    answer = cfsync("plan")
    assert answer.code == 1
    assert "cfsync init" in answer.err


def test_an_undone_run_shows_what_was_taken_back(cfsync, faults):
    faults("400@w4")
    assert cfsync("apply", "--yes").code == 3
    [run] = cfsync("history", "--json").json["runs"]
    steps = cfsync("show", run["run"], "--json").json["steps"]
    assert {step["state"] for step in steps} == {"undone", "not done", "not begun"}
    assert "undone" in cfsync("show", run["run"]).out
    assert cfsync("undo", run["run"]).code == 64


def test_pruned_runs_can_no_longer_be_undone(cfsync, site, applied):
    for number in range(22):
        site.replace("content: Hello", f"content: Hello {number}") if not number else site.replace(
            f"content: Hello {number - 1}", f"content: Hello {number}"
        )
        assert cfsync("apply", "--yes").code == 0
    runs = cfsync("history", "--prune", "--json").json["runs"]
    assert len(runs) == 23
    answer = cfsync("undo", runs[-2]["run"], "--yes")
    assert answer.code == 1
    assert "pruned" in answer.err


def test_a_known_rate_says_how_long_it_takes(cfsync, site, served):
    site.replace(
        "token: {env: CFSYNC_TOKEN_STAGING}", "token: {env: CFSYNC_TOKEN_STAGING}, rate: 60/s"
    )
    assert "1 s at 60/s" in cfsync("plan").err


def test_a_replaced_type_keeps_what_stands_below(cfsync, site, served, applied):
    site.replace("type: section", "type: container")
    plan = cfsync("plan")
    assert "± hero" in plan.out
    assert "made anew, its content kept" in plan.out
    applying = cfsync("apply", "--yes")
    assert applying.code == 0, applying.err
    run = cfsync("history", "--json").json["runs"][0]["run"]
    undone = cfsync("undo", run, "--yes")
    assert undone.code == 0, undone.out + undone.err
    assert served.state() == applied


def test_a_mistake_of_ours_in_mid_run_tells_how_the_site_was_left(
    cfsync, served, monkeypatch, tmp_path
):
    async def fails(*_arguments, **_more):
        raise ZeroDivisionError

    monkeypatch.setattr("cfsync.applier.forward.Forward.run", fails)
    answer = cfsync("apply", "--yes")
    assert answer.code == 4
    assert "recover -e staging" in answer.err
    [story] = (tmp_path / "state/cfsync").iterdir()
    assert str(story) in answer.err
    assert "ZeroDivisionError" in story.read_text()
    monkeypatch.undo()
