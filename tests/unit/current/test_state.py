import asyncio

import pytest

from cfsync.contract import load
from cfsync.current.reader import ProvenReader
from cfsync.current.state import read
from cfsync.errors import Forbidden, NotFound


@pytest.fixture
def site(pages, made):
    """Two projects; the first has two pages, and one of them elements."""
    pages.hold("project", None, made("project", "proj_b"), made("project", "proj_a"))
    pages.hold("page", "proj_a", made("page", "page_1", "proj_a"), made("page", "page_2", "proj_a"))
    pages.hold(
        "element",
        "page_1",
        made("element", "inner", "page_1", parent="outer"),
        made("element", "outer", "page_1"),
    )
    return pages


def state(pages, *wanted, parallel=4):
    return asyncio.run(read(pages, load(), set(wanted), parallel))


@pytest.mark.parametrize("name", ["a", "proj_a"])
def test_a_project_is_asked_for_by_slug_or_by_id(site, name):
    first, second = state(site, name).projects
    assert (first.item.id, second.item.id) == ("proj_a", "proj_b")
    assert [node.item.id for node in first.walk()] == [
        "proj_a", "page_1", "outer", "inner", "page_2",
    ]  # fmt: skip


def test_what_was_not_asked_for_is_listed_but_not_read_below(site):
    live = state(site, "a")
    assert live.projects[1].children is None
    assert ("page", "proj_b", None) not in site.asked


def test_an_empty_collection_is_read_and_is_not_unread(site):
    page = state(site, "a").projects[0].children[1]
    assert page.children == ()


def test_each_collection_takes_one_request(site):
    live = state(site, "a")
    assert live.requests == len(site.asked) == 1 + 1 + 2


def test_restarts_are_not_counted(site, made, page_of):
    broken = page_of(made("page", "page_1", "proj_a"), total=2)
    good = page_of(made("page", "page_1", "proj_a"), total=1)
    site.script("page", "proj_a", broken, good)
    assert state(site, "a").requests == 3


def test_nothing_asked_for_reads_the_projects_alone(site):
    live = state(site)
    assert live.requests == 1
    assert [project.children for project in live.projects] == [None, None]


def test_an_account_may_be_empty(pages):
    assert state(pages, "a").projects == ()


def test_collections_are_read_at_once_but_not_too_many(pages, made):
    pages.hold("project", None, made("project", "proj_a"))
    pages.hold("page", "proj_a", *(made("page", f"page_{n}", "proj_a") for n in range(20)))
    state(pages, "a", parallel=6)
    assert pages.most_at_once == 6


def test_one_failure_ends_the_reading_and_comes_alone(site):
    site.script("element", "page_2", Forbidden("not yours"))
    with pytest.raises(Forbidden, match="not yours"):
        state(site, "a")


def test_a_reader_gives_whole_listings_and_single_resources(site):
    reader = ProvenReader(site)

    async def main():
        return await reader.list("element", "page_1"), await reader.get("page", "page_2")

    listed, single = asyncio.run(main())
    assert {item.id for item in listed} == {"inner", "outer"}
    assert single.id == "page_2"


def test_a_reader_passes_on_what_goes_wrong(site):
    site.script("page", "proj_a", NotFound("gone"))
    with pytest.raises(NotFound):
        asyncio.run(ProvenReader(site).list("page", "proj_a"))
