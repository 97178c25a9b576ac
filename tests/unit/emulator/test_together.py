"""What arrives in one round of the loop is committed at once, and answered only then."""

import asyncio
import json
import sqlite3

import pytest

from cfsync.contract import load
from cfsync.emulator.api import Api
from cfsync.emulator.faults import Fault
from cfsync.emulator.store import Store
from cfsync.emulator.together import Together

HEADERS = {"content-type": "application/json"}


@pytest.fixture
def api(tmp_path, clock):
    api = Api(Store(tmp_path / "emulator.db"), load(), now=clock)
    yield api
    api.close()


@pytest.fixture
def commits(api):
    """Statements that ended a transaction."""
    found = []

    def told(statement):
        if statement in {"COMMIT", "ROLLBACK"}:
            found.append(statement)

    api.store._db.set_trace_callback(told)
    return found


def create(slug):
    return "POST", "/projects", {"slug": slug, "name": "Site"}


def answered(api, *requests):
    """Status and data (or error) of requests that come in the same round."""

    async def all_at_once():
        together = Together(api)

        async def one(method, target, body=None):
            text = b"" if body is None else json.dumps(body).encode()
            answer = await together.handle(method, target, HEADERS, text)
            assert not api.store._db.in_transaction  # or it would not be there when it is told
            envelope = json.loads(answer.body)
            return answer.status, envelope.get("data", envelope.get("error"))

        return await asyncio.gather(*(one(*request) for request in requests))

    return asyncio.run(all_at_once())


def slugs(api):
    """As another program sees them."""
    other = sqlite3.connect(api.store.path)
    found = [key for (key,) in other.execute("SELECT key FROM resource ORDER BY seq")]
    other.close()
    return found


def test_writes_of_one_round_are_one_commit(api, commits):
    found = answered(api, create("one"), create("two"), create("three"))
    assert [status for status, _ in found] == [201, 201, 201]
    assert commits == ["COMMIT"]
    assert slugs(api) == ["one", "two", "three"]


def test_a_read_tells_only_what_will_stay(api, commits):
    _, (status, listed) = answered(api, create("one"), ("GET", "/projects"))
    assert status == 200
    assert [each["slug"] for each in listed] == ["one"]
    assert commits == ["COMMIT"]


def test_reads_alone_commit_nothing(api, commits):
    assert answered(api, ("GET", "/projects")) == [(200, [])]
    assert commits == []


def test_who_is_refused_takes_nobody_along(api, commits):
    found = answered(api, create("one"), create("one"), create("x" * 1000), create("two"))
    assert [status for status, _ in found] == [201, 400, 400, 201]
    assert commits == ["COMMIT"]
    assert slugs(api) == ["one", "two"]


def test_what_cannot_be_committed_is_told_to_all_and_gone(api, monkeypatch):
    commit = api.store.commit

    def full():
        api.store._roll_back("ROLLBACK")
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(api.store, "commit", full)
    found = answered(api, create("one"), create("two"))
    assert [status for status, _ in found] == [500, 500]
    assert all("disk is full" in error["message"] for _, error in found)
    assert slugs(api) == []
    monkeypatch.setattr(api.store, "commit", commit)
    assert answered(api, create("one"))[0][0] == 201


def test_a_fault_does_not_wait(api, commits):
    async def before_and_after():
        together = Together(api)
        first = asyncio.ensure_future(together.handle("POST", "/projects", HEADERS, body("one")))
        await asyncio.sleep(0)  # it was carried out, and waits
        assert commits == []
        api.faults.append(Fault.parse("latency=1ms"))
        await together.handle("POST", "/projects", HEADERS, body("two"))
        assert commits == ["COMMIT", "COMMIT"]
        return await first

    def body(slug):
        return json.dumps(create(slug)[2]).encode()

    assert asyncio.run(before_and_after()).status == 201
    assert slugs(api) == ["one", "two"]


def test_who_does_not_wait_any_more_leaves_the_others_theirs(api):
    async def one_goes():
        together = Together(api)
        going, staying = (
            asyncio.ensure_future(together.handle("POST", "/projects", HEADERS, text))
            for text in (json.dumps(create(slug)[2]).encode() for slug in ("one", "two"))
        )
        await asyncio.sleep(0)
        going.cancel()
        return await staying

    assert asyncio.run(one_goes()).status == 201
    assert slugs(api) == ["one", "two"]
