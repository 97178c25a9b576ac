"""Rows 14 to 24: what the API may answer, and what its lists may leave out."""

import pytest
from faults.stage import AFTER, BEFORE, CANARY, JumpingClock, content
from faults.test_matrix_wire import WRITES, applied, undone
from support.emulator import serving

from cfsync import limits


@pytest.mark.parametrize("k", WRITES)
def test_row_14_a_key_revoked_in_mid_run_stops_at_once_without_an_undo(k, new_stage):
    stage = new_stage(f"revoke@w{k}")

    answer = stage.apply()

    assert answer.code == 4
    assert "recover" in answer.said
    assert "401" in answer.said
    assert stage.api.log.writes == k
    stage.api.faults.clear()
    if k == len(WRITES):  # deletes have started: from there on it goes forward
        assert stage.run("recover").code == 0
        assert stage.is_after()
    else:
        assert stage.run("recover").code == 3
        assert stage.is_before()


def test_row_15_a_403_is_never_gone(new_stage):
    stage = new_stage("403@r3")
    answer = stage.apply()
    assert (answer.code, stage.is_before(), stage.api.log.writes) == (1, True, 0)
    assert "403" in answer.said
    for k in WRITES:
        stage = new_stage(f"403@w{k}")
        answer = stage.apply()
        assert undone(stage, answer), (k, answer)
        assert "403" in answer.said


def test_row_15_a_403_on_one_resource_for_ever_names_what_is_left(new_stage):
    stage = new_stage("403@w3", "403@w4.. on=a")

    answer = stage.apply()

    assert answer.code == 4
    assert "my-site:index#a" in answer.said
    assert "recover" in answer.said
    stage.api.faults.clear()
    assert stage.run("recover").code == 3
    assert stage.is_before()


def test_row_16_an_updates_target_that_is_gone_is_a_conflict(new_stage):
    stage = new_stage("delete@r4 my-site:index#a")

    answer = stage.apply()

    assert answer.code in (1, 3)
    assert stage.names() == ["b"]
    assert "gone" in answer.said


def test_row_16_a_404_at_the_kth_write(new_stage):
    for k in WRITES:
        stage = new_stage(f"404@w{k}")
        answer = stage.apply()
        if k == 4:  # a delete: it was gone already, says the API; the listing says otherwise
            assert answer.code in (0, 3, 4)
            assert stage.is_before() or "b" in answer.said
        else:
            assert undone(stage, answer), (k, answer)


def test_row_16_a_deletes_target_that_was_gone_already_is_done(new_stage):
    stage = new_stage("delete@w4 my-site:index#b")

    answer = stage.apply()

    assert answer.code == 0
    assert stage.is_after()


def test_row_16_a_creates_parent_that_is_gone_undoes_the_run(new_stage):
    stage = new_stage("delete@w3 my-site:index#c")

    answer = stage.apply()

    assert answer.code == 3
    assert stage.is_before()


@pytest.mark.parametrize("k", WRITES)
def test_row_17_a_400_at_the_kth_write_is_undone(k, new_stage):
    stage = new_stage(f"400@w{k} field=content reason=made-up")

    answer = stage.apply()

    assert undone(stage, answer)
    assert "made-up" in answer.said
    assert "req_" in answer.said


def test_row_17_an_undone_run_as_json_says_so(new_stage):
    stage = new_stage("400@w3")

    form = stage.apply("--json").json

    assert form["code"] == "undone"
    assert (form["run"]["failure"]["status"], form["run"]["left"]) == (400, [])


@pytest.mark.parametrize("fault", ["normalise=trim", "normalise=lower", "fill=props.made=1",
                                   "ignore=styles"])  # fmt: skip
def test_row_18_what_the_server_stores_otherwise_does_not_come_back_for_ever(fault, new_stage):
    stage = new_stage(fault)
    stage.write(AFTER.replace("content: new", 'content: " New "').replace("{name: c", "{name: c"))

    answer = stage.apply()

    assert answer.code == 0
    assert stage.run("plan", "--detailed-exitcode").code == 0
    assert stage.run("apply", "--yes").code == 0


def test_row_18_an_undo_knows_what_the_server_stored(new_stage):
    stage = new_stage("normalise=trim", "400@w4")
    stage.write(AFTER.replace("content: new", 'content: " new "'))

    answer = stage.apply()

    assert undone(stage, answer)


@pytest.mark.parametrize("reads", [1, 2])
def test_row_19_reads_that_lag_behind_are_not_absence(reads, new_stage):
    stage = new_stage(f"lag={reads}")

    assert stage.apply().code == 0
    assert stage.is_after()


def test_row_19_reads_that_lag_for_longer_than_anybody_waits_are_named(new_stage):
    stage = new_stage("lag=9")

    answer = stage.apply()

    assert answer.code == 4
    assert "my-site:index#b" in answer.said
    stage.api.faults.clear()
    assert stage.run("recover").code == 3
    assert stage.is_before()


def test_row_19_a_lagging_look_up_after_a_lost_answer_makes_nothing_twice(new_stage):
    stage = new_stage("drop-after-commit@w2", "lag=1")

    answer = stage.apply()

    assert answer.code in (0, 3, 4), answer
    assert stage.names().count("c") < 2 or answer.code == 4


@pytest.mark.parametrize("fault", ["without=id", "wrong-type=position", "without=name",
                                   "deep=100000", "wrong-type=createdAt"])  # fmt: skip
def test_row_20_a_list_with_a_broken_resource_is_refused(fault, new_stage):
    stage = new_stage(f"{fault}@r3..9")

    answer = stage.apply()

    assert (answer.code, stage.is_before(), stage.api.log.writes) == (1, True, 0), answer


def test_row_20_an_answer_that_is_too_large_is_refused(monkeypatch):
    monkeypatch.setattr(limits, "MAX_ANSWER_BYTES", 100_000)
    monkeypatch.setattr("cfsync.workflow.clock.SystemClock", JumpingClock)
    monkeypatch.setenv("CFSYNC_TOKEN_STAGE", CANARY)
    with serving(faults=["huge=200KiB"]) as server:
        said = list_projects(server.url, monkeypatch)

    assert "MAX_ANSWER_BYTES" in said


def list_projects(url, monkeypatch):
    """What a reader of a real socket is told."""
    import asyncio
    from random import Random

    from cfsync.contract import load
    from cfsync.errors import RemoteError
    from cfsync.model.environment import Environment
    from cfsync.remote.client import open_remote

    environment = Environment("stage", url, "127.0.0.1", "")

    async def read():
        clock, random = JumpingClock(), Random(1)
        async with open_remote(environment, CANARY, load(), clock=clock, random=random) as remote:
            await remote.page("project", None, None)

    with pytest.raises(RemoteError) as told:
        asyncio.run(read())
    return f"{told.value.message} {told.value.why}"


@pytest.mark.parametrize("fault", ["without=id", "wrong-type=position", "garbage"])
def test_row_20_a_broken_answer_to_a_write_is_looked_up(fault, new_stage):
    for k in WRITES:
        stage = new_stage(f"{fault}@w{k}")
        answer = stage.apply()
        assert applied(stage, answer), (k, answer)


def many(stage, count):
    """A page with more elements than one page of a listing holds, all of it settled."""
    lines = "".join(f"          - {{name: e{n}, type: text}}\n" for n in range(count))
    stage.write(BEFORE + lines)
    assert stage.run("apply", "--yes").code == 0
    return BEFORE.replace("old", "new") + lines


def test_row_21_inserts_and_deletes_while_listing_are_seen_or_refused(new_stage):
    stage = new_stage()
    wanted = many(stage, 130)
    stage.write(wanted)
    stage.fault("delete@4 my-site:index#e3", "add@4 my-site:index name=theirs type=text")

    answer = stage.apply()

    assert answer.code == 0, answer
    assert "theirs" in stage.names()
    assert "e3" not in stage.names()
    assert len(stage.names()) == 132


@pytest.mark.parametrize("fault", ["repeat-cursor", "expire-cursor"])
def test_row_22_a_cursor_that_repeats_or_expires_for_ever_is_refused(fault, new_stage):
    stage = new_stage()
    stage.write(many(stage, 230))
    stage.fault(fault)

    answer = stage.apply()

    assert (answer.code, stage.api.log.writes) == (1, 0)
    assert "LISTING_ATTEMPTS" in answer.said


def test_row_22_a_cursor_that_expires_once_starts_the_list_again(new_stage):
    stage = new_stage()
    stage.write(many(stage, 130))
    stage.fault("expire-cursor@r4")

    assert stage.apply().code == 0


@pytest.mark.parametrize("fault", ["no-cursor", "wrong-total", "duplicate"])
def test_row_23_a_list_that_contradicts_itself_creates_and_deletes_nothing(fault, new_stage):
    stage = new_stage(fault)

    answer = stage.apply()

    assert (answer.code, stage.is_before(), stage.api.log.writes) == (1, True, 0)
    assert "contradicts" in answer.said


@pytest.mark.parametrize("fault", ["empty-list", "short-list"])
def test_row_24_a_list_that_shrank_is_not_believed(fault, new_stage):
    stage = new_stage()
    stage.write(many(stage, 40))
    stage.fault(f"{fault}@r3")

    answer = stage.run("apply", "--yes")

    assert answer.code in (0, 1, 6), answer
    assert stage.api.log.methods["POST"] == stage.api.log.methods["DELETE"] == 0
    assert len(stage.names()) == 42


def test_row_24_an_account_that_seems_empty_creates_nothing(new_stage):
    stage = new_stage("empty-list@r1")

    answer = stage.run("apply", "--yes")

    assert answer.code in (1, 6), answer
    assert stage.api.log.writes == 0
    assert content(stage.elements())
