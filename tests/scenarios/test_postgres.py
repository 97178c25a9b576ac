"""The whole program with its journal in PostgreSQL, as a team's pipelines share it."""

import shutil

import psycopg
import pytest

from cfsync.workflow import secrets

PASSWORD = "hunter2-canary"


@pytest.fixture
def sql(empty_postgres):
    def run(*statements):
        with psycopg.connect(empty_postgres, autocommit=True) as db:
            for statement in statements:
                rows = db.execute(statement)
            return rows.fetchall() if rows.description else []

    return run


@pytest.fixture
def shared(empty_postgres, monkeypatch):
    """The journal of every command from here on."""
    monkeypatch.setenv("CFSYNC_JOURNAL", empty_postgres)
    return empty_postgres


def last_run(cfsync):
    return cfsync("history", "--json").json["runs"][0]["run"]


def test_plan_apply_history_show_and_undo(cfsync, site, served, shared):
    assert cfsync("plan").last == "Plan: 6 to create."
    assert cfsync("apply", "--yes").code == 0
    before = served.state()
    assert "No changes." in cfsync("plan").out
    site.replace("content: Hello", "content: Bye")
    assert cfsync("apply", "--yes").code == 0
    run = last_run(cfsync)
    assert "my-website:index#hero/title" in cfsync("show", run).out
    undone = cfsync("undo", run, "--yes")
    assert undone.code == 0
    assert "Git still asks for the 1 change" in undone.out
    assert [p["slug"] for p in served.state()] == [p["slug"] for p in before]
    assert cfsync("plan").last == "Plan: 1 to update."
    assert not (site.path / ".cfsync").exists()


def test_a_runner_that_starts_from_nothing_knows_what_the_last_one_settled(
    cfsync, site, served, shared
):
    assert cfsync("apply", "--yes").code == 0
    shutil.rmtree(site.path / ".cfsync", ignore_errors=True)
    served.designer.edit("my-website:index#hero/title", content="Theirs")
    plan = cfsync("plan")
    assert "Kept as the site has it" in plan.out
    assert "No base" not in plan.out


def test_a_failed_run_is_undone_and_a_stopped_one_recovered(cfsync, served, faults, shared):
    faults("400@w4")
    assert cfsync("apply", "--yes").code == 3
    assert served.state() == []
    faults("400@w4")
    assert cfsync("apply", "--yes", "--on-error", "stop").code == 4
    faults()
    assert cfsync("apply", "--yes").code == 5
    assert cfsync("recover", "--direction", "forward").code == 0
    assert cfsync("plan", "--detailed-exitcode").code == 0


def test_plan_makes_nothing_in_the_database(cfsync, served, shared, sql):
    for command in (("plan",), ("list",), ("history",)):
        assert cfsync(*command).code == 0
    assert sql("SELECT nspname FROM pg_namespace WHERE nspname = 'cfsync'") == []


@pytest.fixture
def only_reading(sql, shared):
    """Once there is a journal: the URL for a role that has what `plan` needs and nothing else."""

    def grant():
        sql(
            "DROP ROLE IF EXISTS cfsync_planner",
            "CREATE ROLE cfsync_planner LOGIN",
            "GRANT USAGE ON SCHEMA cfsync TO cfsync_planner",
            "GRANT SELECT ON ALL TABLES IN SCHEMA cfsync TO cfsync_planner",
        )
        return shared.replace("cfsync@", "cfsync_planner@")

    yield grant
    sql("DROP OWNED BY cfsync_planner", "DROP ROLE cfsync_planner")


def test_a_role_that_may_only_read_can_plan_and_not_apply(
    cfsync, site, served, only_reading, monkeypatch
):
    assert cfsync("apply", "--yes").code == 0
    run = last_run(cfsync)
    state = served.state()
    site.replace("content: Hello", "content: Bye")
    monkeypatch.setenv("CFSYNC_JOURNAL", only_reading())
    assert cfsync("plan").last == "Plan: 1 to update."
    for command in (("list",), ("history",), ("show", run)):
        assert cfsync(*command).code == 0
    refused = cfsync("apply", "--yes")
    assert refused.code == 5
    assert "permission denied" in refused.err
    assert served.state() == state


@pytest.fixture
def cut_off_at(served, sql):
    """The connection to the database ends while the site answers its n-th write."""
    from cfsync.emulator.faults.grammar import Fault
    from cfsync.emulator.faults.when import When

    def at(number):
        seen = []

        def act(call, serve, world):
            answer = serve(call)
            if call.method != "GET":
                seen.append(call)
                if len(seen) == number:
                    sql(
                        "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity "
                        "WHERE application_name = 'cfsync'"
                    )
            return answer

        served.count_anew()
        served.faults[:] = [Fault(act, When().matches)]

    return at


@pytest.mark.usefixtures("shared")
@pytest.mark.parametrize("number", [1, 3, 6])
@pytest.mark.parametrize("direction", ["undo", "forward"])
def test_a_lost_connection_stops_the_run_and_recover_ends_it(
    cfsync, served, cut_off_at, number, direction
):
    cut_off_at(number)
    answer = cfsync("apply", "--yes", "--parallel", 1)
    assert answer.code == 4, answer.out + answer.err
    assert "takes no more entries" in answer.out
    assert "recover -e staging" in answer.out
    assert served.log.writes == number  # nothing more was sent
    served.faults.clear()
    assert cfsync("apply", "--yes").code == 5
    recovered = cfsync("recover", "--direction", direction)
    assert recovered.code == (3 if direction == "undo" else 0), recovered.out + recovered.err
    assert bool(served.state()) == (direction == "forward")
    assert cfsync("plan").last.startswith("Plan: 6 to create" if direction == "undo" else "No cha")


def test_a_database_that_is_not_there_is_5_and_its_password_nowhere(
    cfsync, served, monkeypatch, tmp_path
):
    for url in (
        f"postgresql://me:{PASSWORD}@127.0.0.1:1/cfsync",
        f"postgresql://127.0.0.1:1/cfsync?password={PASSWORD}",
        f"postgresql://me:x/{PASSWORD}@127.0.0.1:1/cfsync",
    ):
        monkeypatch.setenv("CFSYNC_JOURNAL", url)
        for command in (("plan",), ("apply", "--yes"), ("history",), ("recover",)):
            answer = cfsync(*command, "--log-level", "debug")
            assert answer.code == 5
            assert "cannot be opened" in answer.err
            assert PASSWORD not in answer.out + answer.err
        assert PASSWORD not in cfsync("plan", "--json").out
    assert served.state() == []


def test_a_password_of_the_journal_is_masked_in_every_log(cfsync, served, monkeypatch):
    monkeypatch.setenv("CFSYNC_JOURNAL", f"postgresql://me:{PASSWORD}@127.0.0.1:1/cfsync")
    cfsync("plan")
    assert PASSWORD not in secrets.scrubbed(f"x {PASSWORD} y")


def test_a_newer_format_is_refused(cfsync, served, shared, sql):
    assert cfsync("apply", "--yes").code == 0
    sql("UPDATE cfsync.version SET number = 99")
    for command in (("plan",), ("apply", "--yes"), ("recover",)):
        answer = cfsync(*command)
        assert answer.code == 5
        assert "newer cfsync" in answer.err


# journal copy


def test_a_journal_moves_to_a_database_and_back(cfsync, site, served, empty_postgres, monkeypatch):
    assert cfsync("apply", "--yes").code == 0
    monkeypatch.setenv("TEAM_JOURNAL", empty_postgres)
    copied = cfsync("journal", "copy", ".cfsync/journal.db", "env:TEAM_JOURNAL")
    assert copied.code == 0, copied.err
    assert "acme, staging" in copied.out
    assert copied.last.endswith('export CFSYNC_JOURNAL="$TEAM_JOURNAL"')

    monkeypatch.setenv("CFSYNC_JOURNAL", empty_postgres)
    shutil.rmtree(site.path / ".cfsync")
    assert "No changes." in cfsync("plan").out
    site.replace("content: Hello", "content: Bye")
    assert cfsync("apply", "--yes").code == 0
    runs = cfsync("history", "--json").json["runs"]
    assert len(runs) == 2

    form = cfsync("journal", "copy", "env:TEAM_JOURNAL", "back/journal.db", "--json").json
    assert form["copied"] == [{"name": "acme", "environment": "staging", "host": served_host(site)}]
    monkeypatch.setenv("CFSYNC_JOURNAL", "back/journal.db")
    assert cfsync("history", "--json").json["runs"] == runs
    assert "No changes." in cfsync("plan").out
    assert cfsync("undo", runs[0]["run"], "--yes").code == 0
    assert (site.path / "back/journal.db").stat().st_mode & 0o777 == 0o600


def served_host(site):
    text = (site.path / "cfsync.yaml").read_text()
    return text.partition("http://")[2].partition("/v1")[0]


def test_a_run_that_waits_moves_too(cfsync, served, faults, empty_postgres, monkeypatch):
    faults("400@w4")
    assert cfsync("apply", "--yes", "--on-error", "stop").code == 4
    faults()
    monkeypatch.setenv("TEAM_JOURNAL", empty_postgres)
    assert cfsync("journal", "copy", ".cfsync/journal.db", "env:TEAM_JOURNAL").code == 0
    monkeypatch.setenv("CFSYNC_JOURNAL", empty_postgres)
    assert cfsync("apply", "--yes").code == 5
    assert cfsync("recover").code == 3
    assert served.state() == []


def test_a_journal_that_knows_the_environment_takes_no_other(
    cfsync, served, empty_postgres, monkeypatch
):
    monkeypatch.setenv("TEAM_JOURNAL", empty_postgres)
    assert cfsync("apply", "--yes").code == 0
    assert cfsync("journal", "copy", ".cfsync/journal.db", "env:TEAM_JOURNAL").code == 0
    again = cfsync("journal", "copy", ".cfsync/journal.db", "env:TEAM_JOURNAL")
    assert again.code == 1
    assert "already has runs of acme/staging" in again.err


@pytest.mark.usefixtures("small")
def test_an_empty_journal_has_nothing_to_copy(cfsync, site, sql, empty_postgres, monkeypatch):
    from cfsync.journal.places import open_store

    open_store(empty_postgres).close()
    monkeypatch.setenv("TEAM_JOURNAL", empty_postgres)
    answer = cfsync("journal", "copy", "env:TEAM_JOURNAL", "new.db")
    assert answer.code == 0
    assert "Nothing to copy" in answer.out


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("none.db", "b.db"), 1, "there is no journal at"),
        (("none.db", f"postgresql://me:{PASSWORD}@db/x"), 64, "command line can be read"),
        ((f"postgresql://db/x?password={PASSWORD}", "b.db"), 64, "command line can be read"),
        ((f"mysql://me:{PASSWORD}@db/x", "b.db"), 64, "a journal is a path"),
        (("", "b.db"), 64, "a journal is a path"),
        (("env:UNSET_VARIABLE", "b.db"), 64, "UNSET_VARIABLE is not set"),
        (("env:", "b.db"), 64, "is not set"),
        (("postgresql://127.0.0.1:1/x", "b.db"), 5, "cannot be opened"),
    ],
)
def test_what_cannot_be_copied_is_said_and_shows_no_password(cfsync, small, arguments, code, says):
    answer = cfsync("journal", "copy", *arguments)
    assert answer.code == code
    assert says in answer.err
    assert PASSWORD not in answer.out + answer.err
    assert not (small.path / "b.db").exists()
