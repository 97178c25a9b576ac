"""Over a real socket, with the faults that the local API can be told to have."""

import asyncio
from random import Random

import pytest
from support.emulator import TOKEN, serving

from cfsync.contract import load
from cfsync.errors import BadAnswer, ListingIncomplete, Unauthorized
from cfsync.model.environment import Environment
from cfsync.model.run import Done, NotDone, Unknown
from cfsync.remote.client import open_remote

BODY = {"name": "My Website", "slug": "my-website"}


@pytest.fixture
def against(clock):
    """(what a story told to a Remote gives, the emulator's projects afterwards)."""

    def tell(story, *faults, token=TOKEN, timeout=5.0):
        async def main(url):
            environment = Environment("test", url, "127.0.0.1", "journal.db", timeout=timeout)
            async with open_remote(
                environment, token, load(), clock=clock, random=Random(1)
            ) as remote:
                return await story(remote)

        with serving(faults=faults) as server:
            return asyncio.run(main(server.url)), len(server.api.state())

    return tell


async def create(remote):
    return await remote.create("project", None, BODY, "key")


async def projects(remote):
    return await remote.page("project", None, None)


def test_a_project_is_made_changed_read_and_deleted(against):
    async def story(remote):
        made = await create(remote)
        assert isinstance(made, Done)
        assert made.item is not None
        assert made.request_id
        id_ = made.item.id
        changed = await remote.update("project", id_, {"name": "Another"})
        read = await remote.get("project", id_)
        page = await projects(remote)
        assert isinstance(changed, Done)
        assert page.items == (read,) == (changed.item,)
        return await remote.delete("project", id_)

    outcome, left = against(story)
    assert isinstance(outcome, Done)
    assert left == 0


@pytest.mark.parametrize(
    ("fault", "carried_out"),
    [
        ("drop-before@1", 0),
        ("drop-after-commit@1", 1),
        ("cut@1", 1),
        ("empty@1", 1),
        ("garbage@1", 1),
        ("deep=100000@1", 1),
        ("without=id@1", 1),
        ("wrong-type=name@1", 1),
        ("502@1", 0),
        ("502-after@1", 1),
        ("302@1 location=https://elsewhere.example/", 0),
    ],
)
def test_a_create_of_unknown_outcome_is_sent_once(against, fault, carried_out):
    outcome, there = against(create, fault)
    assert isinstance(outcome, Unknown)
    assert not outcome.finished
    assert there == carried_out


@pytest.mark.parametrize(("fault", "carried_out"), [("500@1", 0), ("500-after@1", 1)])
def test_a_whole_server_error_is_finished_but_unknown(against, fault, carried_out):
    outcome, there = against(create, fault)
    assert isinstance(outcome, Unknown)
    assert outcome.finished
    assert there == carried_out


def test_an_answer_that_drips_is_given_up_at_the_deadline(against):
    outcome, there = against(create, "drip=10s@1", timeout=0.2)
    assert isinstance(outcome, Unknown)
    assert outcome.failure.code == "timeout"
    assert there == 1


def test_a_refused_create_names_the_field(against):
    async def twice(remote):
        await create(remote)
        return await create(remote)

    outcome, there = against(twice)
    assert isinstance(outcome, NotDone)
    assert (outcome.failure.code, outcome.failure.field) == ("VALIDATION_ERROR", "slug")
    assert outcome.failure.request_id
    assert there == 1


def test_a_key_is_needed(against):
    with pytest.raises(Unauthorized) as caught:
        against(projects, token=None)
    assert caught.value.request_id


@pytest.mark.parametrize("fault", ["garbage@1", "cut@1", "empty@1", "drop-before@1", "500@1"])
def test_a_read_survives_what_passes(against, fault):
    page, _ = against(projects, fault)
    assert page.items == ()


def test_the_documented_list_without_success_and_meta_is_read(against):
    page, _ = against(projects, "bare-list")
    assert page.total == 0


def test_a_redirect_of_a_read_names_the_host(against):
    with pytest.raises(BadAnswer, match=r"to elsewhere\.example, which is never followed"):
        against(projects, "302 location=https://elsewhere.example/")


def test_a_contradiction_of_the_api_is_told_as_such(against):
    from cfsync.current.reader import ProvenReader

    async def story(remote):
        await create(remote)
        return await ProvenReader(remote).list("project", None)

    with pytest.raises(ListingIncomplete, match="counts 2, and lists 1"):
        against(story, "wrong-total")
