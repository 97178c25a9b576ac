"""Runs that were cut short: what the next command says, and how `recover` ends them."""

import json
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest
from support.emulator import TOKEN, serving
from support.environments import TOKEN_VARIABLE, add_environment
from support.examples import copy_of_example


@pytest.fixture
def applied(cfsync, served):
    assert cfsync("apply", "--yes").code == 0
    return served


def last_run(cfsync):
    return cfsync("history", "--json").json["runs"][0]["run"]


def tree(api):
    """The site without ids and times: what a recreated one has anew."""
    return _bare(api.state())


def _bare(resources):
    return [
        {name: value for name, value in resource.items() if name not in _ANEW}
        | {"children": _bare(resource["children"])}
        for resource in resources
    ]


_ANEW = ("id", "createdAt", "updatedAt", "parentId", "pageId", "projectId", "position")


# directions


def test_stop_then_forward_goes_on_with_the_same_plan(cfsync, site, served, faults):
    faults("400@w4")
    assert cfsync("apply", "--yes", "--on-error", "stop").code == 4
    run = last_run(cfsync)
    faults()
    site.replace("content: Hello", "content: Something else")  # of no account to a plan agreed to
    forward = cfsync("recover", "--direction", "forward", "--json")
    assert forward.code == 0
    assert forward.json["run"]["run"] == run
    assert "Something else" not in json.dumps(served.state())
    assert cfsync("plan").last == "Plan: 1 to update."


def test_stop_then_undo_takes_it_back(cfsync, applied, site, faults):
    before = applied.state()
    site.replace("content: Hello", "content: Bye")
    site.replace("content: Pricing", "content: Prices")
    faults("400@w2")
    assert cfsync("apply", "--yes", "--on-error", "stop", "--parallel", 1).code == 4
    assert applied.state() != before
    faults()
    undone = cfsync("recover", "--direction", "undo")
    assert undone.code == 3
    assert tree(applied) == _bare(before)
    assert cfsync("plan").last == "Plan: 2 to update."


def test_an_undo_that_began_is_not_turned_round(cfsync, served, faults):
    faults("400@w4", "403@w5..6")
    assert cfsync("apply", "--yes", "--parallel", 1).code == 4
    faults()
    assert cfsync("recover", "--direction", "forward").code == 3
    assert served.state() == []


def test_once_deletes_have_started_recover_goes_forward(cfsync, applied, site, faults):
    site.replace("      - slug: about\n        name: About\n", "")
    site.replace("              - {name: cta, type: button, content: Pricing}\n", "")
    faults("403@w2")
    stopped = cfsync("apply", "--yes", "--allow-deletes", 2, "--on-error", "stop", "--parallel", 1)
    assert stopped.code == 4, stopped.out
    faults()
    assert cfsync("recover").code == 0
    assert cfsync("plan", "--detailed-exitcode").code == 0


# what cannot be taken back


@pytest.fixture
def held_up(cfsync, applied, site, faults):
    """A run whose undo is refused at the title for as long as these faults last."""
    site.replace("content: Hello", "content: Bye")
    site.replace("content: Pricing", "content: Prices")
    site.replace("name: Home", "name: Start")
    faults("400@w3", "403@w4.. on=my-website:index#hero/title")
    return cfsync("apply", "--yes", "--parallel", 1)


def test_a_step_that_is_refused_for_ever_is_named_with_the_command_that_skips_it(cfsync, held_up):
    assert held_up.code == 4
    assert "1 taken back" in held_up.out
    assert held_up.out.count("my-website:index#hero/title  elem_") == 1
    assert "--skip 'my-website:index#hero/title'" in held_up.last
    again = cfsync("recover", "--json")
    assert again.code == 4
    assert again.json["run"]["heldUpBy"] == ["my-website:index#hero/title"]


def test_a_skipped_step_ends_the_run_and_is_told_for_ever(cfsync, applied, held_up):
    skipped = cfsync("recover", "--skip", "my-website:index#hero/title")
    assert skipped.code == 4
    assert "left as it is, as asked" in skipped.out
    assert skipped.last.endswith("plan -e staging")
    run = last_run(cfsync)
    shown = cfsync("show", run, "--json").json
    assert [left["address"] for left in shown["left"]] == ["my-website:index#hero/title"]
    assert shown["run"]["status"] == "stopped"
    assert "left as it is, as asked" in cfsync("show", run).out
    applied.faults.clear()
    assert cfsync("plan").last == "Plan: 2 to update."
    assert cfsync("apply", "--yes").code == 0


def test_patterns_may_be_skipped_and_what_the_run_does_not_have_is_refused(cfsync, held_up):
    for given in ("my-website:index#hero/tilte", "", "my-website:index#hero/title/x"):
        refused = cfsync("recover", "--skip", given)
        assert refused.code == 64, refused.out
    assert (
        "did you mean 'my-website:index#hero/title'"
        in cfsync("recover", "--skip", "my-website:index#hero/tilte").err
    )
    assert cfsync("recover", "--skip", "my-website:index#hero/*").code == 4
    assert cfsync("recover").code == 0


def test_ids_of_what_an_undo_made_again_are_told_then_and_later(cfsync, applied, site, faults):
    site.replace("              - {name: cta, type: button, content: Pricing}\n", "")
    site.replace("      - slug: about\n        name: About\n", "")
    before = tree(applied)
    faults("400@w2")
    failed = cfsync("apply", "--yes", "--allow-deletes", 2, "--parallel", 1, "--json")
    faults()
    if failed.code == 4:
        failed = cfsync("recover", "--direction", "undo", "--json")
    assert failed.code == 3, failed.out
    new_ids = failed.json["run"]["newIds"]
    assert new_ids
    assert tree(applied) == before
    run = last_run(cfsync)
    assert cfsync("show", run, "--json").json["newIds"] == new_ids
    told = cfsync("show", run).out
    assert "Made again, under new ids:\n" in told
    for again in failed.json["run"]["madeAgain"]:
        assert f"  {again['address']}  {again['oldId']} → {again['newId']}\n" in told
        assert again["address"].startswith("my-website")
    assert cfsync("plan").last == "Plan: 2 to delete."


# history


def test_a_pruned_run_still_tells_who_when_what_and_how_it_ended(
    cfsync, site, applied, monkeypatch
):
    monkeypatch.setattr("cfsync.limits.KEPT_RUNS", 0)
    site.replace("content: Hello", "content: Bye")
    assert cfsync("apply", "--yes").code == 0
    before = cfsync("history").out
    pruned = cfsync("history", "--prune")
    assert pruned.code == 0
    assert "Emptied " in pruned.err
    assert pruned.out == before
    shown = cfsync("show", last_run(cfsync), "--json").json
    assert shown["run"]["status"] == "applied"
    assert shown["run"]["summary"]["update"] == 1
    assert shown["illegible"] > 0
    assert "were pruned" in cfsync("show", last_run(cfsync)).out
    journal = (site.path / ".cfsync/journal.db").read_bytes()
    assert journal.count(b"Pricing") <= 2  # what was last settled is not history


def test_pruning_leaves_a_waiting_run_as_it_is(cfsync, served, faults, monkeypatch):
    monkeypatch.setattr("cfsync.limits.KEPT_RUNS", 0)
    faults("400@w4")
    assert cfsync("apply", "--yes", "--on-error", "stop").code == 4
    faults()
    assert cfsync("history", "--prune").code == 0
    assert cfsync("recover").code == 3
    assert served.state() == []


def damage(site, *statements):
    with sqlite3.connect(site.path / ".cfsync/journal.db") as db:
        for statement in statements:
            db.execute(statement)
    db.close()


def test_of_a_damaged_journal_history_and_show_tell_what_can_be_read(cfsync, site, applied):
    run = last_run(cfsync)
    damage(
        site, "UPDATE event SET body = x'7b7d' WHERE kind = 'OUTCOME'", "UPDATE lease SET epoch = 9"
    )
    for command in (("plan",), ("apply", "--yes"), ("recover",), ("undo", run)):
        refused = cfsync(*command)
        assert refused.code == 5, command
        assert "damaged" in refused.err
        assert "cfsync history" in refused.err
    told = cfsync("history")
    assert told.code == 5
    assert run in told.out
    assert "damaged" in told.err
    form = cfsync("history", "--json")
    assert (form.code, form.json["code"]) == (5, "journal-unreadable")
    assert [one["run"] for one in form.json["runs"]] == [run]
    shown = cfsync("show", run)
    assert shown.code == 0
    assert "Warning: the journal" in shown.err
    assert "my-website:index#hero/title" in shown.out


def test_history_of_a_journal_of_which_nothing_can_be_read_is_5(cfsync, site, applied):
    damage(site, "DROP TABLE event")
    answer = cfsync("history")
    assert answer.code == 5
    assert answer.out == ""


# crashes


@pytest.fixture
def agency(tmp_path, monkeypatch):
    """The large example beside a served API with 30 ms latency; `cfsync(...)` in a process."""
    monkeypatch.setenv(TOKEN_VARIABLE, TOKEN)
    folder = copy_of_example("agency-site", tmp_path)
    with serving(faults=["latency=30ms"]) as server:
        add_environment(folder / "cfsync.yaml", "here", server)
        yield Agency(folder, server.api)


class Agency:
    def __init__(self, folder, api):
        self.folder = folder
        self.api = api

    def command(self, *arguments):
        return [sys.executable, "-m", "cfsync", "-C", str(self.folder), "-e", "here", *arguments]

    def cfsync(self, *arguments):
        return self.run(self.command(*arguments))

    def run(self, command):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert "Traceback" not in done.stdout + done.stderr
        return done

    @contextmanager
    def started(self, *arguments):
        """Into files: nobody reads a pipe while the test waits."""
        with (self.folder / "out").open("w") as out, (self.folder / "err").open("w") as err:
            process = subprocess.Popen(self.command(*arguments), stdout=out, stderr=err)
            try:
                yield process
            finally:
                process.kill()
                process.wait()

    def said(self):
        return (self.folder / "out").read_text() + (self.folder / "err").read_text()

    def wait_for_writes(self, number):
        deadline = time.monotonic() + 60
        while self.api.log.writes < number:
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.002)

    def summary(self):
        plan = self.cfsync("plan", "--json")
        assert plan.returncode == 0, plan.stderr
        return json.loads(plan.stdout)["summary"]


def shows_the_waiting_run(agency):
    """The next command's refusal, and the command that it names, run as it stands there."""
    refused = agency.cfsync("apply", "--yes")
    assert refused.returncode == 5, refused.stdout + refused.stderr
    assert "never ended" in refused.stderr
    command = refused.stderr.partition("next   ")[2].splitlines()[0]
    assert command == f"cfsync -C {agency.folder} recover -e here"
    return [sys.executable, "-m", *command.split()]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("store", "writes", "direction"),
    [("sqlite", 1, "undo"), ("sqlite", 600, "forward"), ("postgres", 300, "undo")],
    indirect=["store"],
)
@pytest.mark.usefixtures("store")
def test_a_run_killed_at_any_moment_is_recovered(agency, writes, direction):
    with agency.started("apply", "--yes") as process:
        agency.wait_for_writes(writes)
        process.send_signal(signal.SIGKILL)
        process.wait()
    recover = shows_the_waiting_run(agency)
    recovered = agency.run([*recover, "--direction", direction])
    assert recovered.returncode == (3 if direction == "undo" else 0), recovered.stderr
    created = agency.summary()["create"]
    if direction == "undo":
        assert agency.api.state() == []
        assert created > 600
    else:
        assert created == 0
        assert agency.cfsync("plan", "--detailed-exitcode").returncode == 0


@pytest.mark.slow
def test_a_recovery_that_is_killed_again_and_again_still_ends(agency):
    with agency.started("apply", "--yes") as process:
        agency.wait_for_writes(300)
        process.kill()
        process.wait()
    for _ in range(2):
        sent = agency.api.log.writes
        with agency.started("recover") as process:
            agency.wait_for_writes(sent + 40)
            process.kill()
            process.wait()
        recover = shows_the_waiting_run(agency)
    recovered = agency.run(recover)
    assert recovered.returncode == 3, recovered.stdout + recovered.stderr
    assert agency.api.state() == []


@pytest.mark.slow
@pytest.mark.parametrize("times", [1, 2])
def test_ctrl_c_undoes_and_twice_stops_at_once(agency, times):
    with agency.started("apply", "--yes") as process:
        agency.wait_for_writes(200)
        for _ in range(times):
            process.send_signal(signal.SIGINT)
            time.sleep(0.05)
        process.wait(timeout=60)
    if times == 1:
        assert process.returncode == 130, agency.said()
    else:
        assert process.returncode == 4, agency.said()
        assert "recover -e here" in agency.said()
        recovered = agency.run(shows_the_waiting_run(agency))
        assert recovered.returncode == 3
        assert "Interrupted, and undone" in recovered.stdout
    assert agency.api.state() == []
    assert agency.summary()["create"] > 600
