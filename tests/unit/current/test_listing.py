import asyncio

import pytest

from cfsync import limits
from cfsync.current.listing import complete
from cfsync.errors import CursorExpired, Forbidden, ListingIncomplete
from cfsync.model.ports import ListPage


def read(pages):
    return asyncio.run(complete(pages, "element", "page_1"))


@pytest.fixture
def incomplete(pages):
    """What a listing that always answers these pages fails with."""

    def fails(*answers):
        pages.script("element", "page_1", *answers * (limits.LISTING_ATTEMPTS + 1))
        with pytest.raises(ListingIncomplete) as caught:
            read(pages)
        return str(caught.value)

    return fails


@pytest.mark.parametrize(
    ("items", "requests"), [(0, 1), (1, 1), (100, 1), (101, 2), (200, 2), (1001, 11)]
)
def test_a_listing_takes_one_request_for_each_full_page_and_at_least_one(
    pages, made, items, requests
):
    pages.hold("element", "page_1", *(made("element", f"e{n}", "page_1") for n in range(items)))
    listing = read(pages)
    assert len(listing.items) == items
    assert listing.requests == requests == len(pages.asked)


def test_a_listing_without_a_count_is_complete_when_it_ends(pages, elements, page_of):
    pages.script("element", "page_1", page_of(*elements("a"), more="1"), page_of(*elements("b")))
    assert [item.id for item in read(pages).items] == ["a", "b"]


def test_a_count_on_some_pages_only_is_checked_all_the_same(incomplete, elements, page_of):
    message = incomplete(page_of(*elements("a"), more="1", total=3), page_of(*elements("b")))
    assert "counts 3, and lists 2" in message


def test_a_cursor_after_the_last_page_is_not_followed(pages, elements, page_of):
    pages.script("element", "page_1", page_of(*elements("a"), has_more=False, next_cursor="again"))
    assert read(pages).requests == 1


def test_a_cursor_that_repeats_fails_the_listing(incomplete, elements, page_of):
    message = incomplete(page_of(*elements("a"), more="x"), page_of(*elements("b"), more="x"))
    assert "leads back" in message


def test_an_id_that_repeats_fails_the_listing(incomplete, elements, page_of):
    message = incomplete(page_of(*elements("a"), more="x"), page_of(*elements("a")))
    assert "a is in it twice" in message


@pytest.mark.parametrize("cursor", [None, ""])
def test_more_without_a_cursor_fails_the_listing(incomplete, elements, page_of, cursor):
    message = incomplete(page_of(*elements("a"), has_more=True, next_cursor=cursor))
    assert "no cursor" in message


def test_more_after_an_empty_page_fails_the_listing(incomplete, page_of):
    assert "empty page" in incomplete(page_of(more="x"))


@pytest.mark.parametrize("total", [0, 1, 3, -1])
def test_a_count_that_does_not_fit_fails_the_listing(incomplete, elements, page_of, total):
    message = incomplete(page_of(*elements("a", "b"), total=total))
    assert f"counts {total}, and lists 2" in message


def test_a_count_that_moves_between_pages_fails_the_listing(incomplete, elements, page_of):
    message = incomplete(
        page_of(*elements("a"), more="x", total=1), page_of(*elements("b"), total=2)
    )
    assert "counts 1 on one page and 2 on the next" in message


def test_a_parent_that_is_not_listed_fails_the_listing(incomplete, elements, page_of):
    assert "b stands below a, which is not in it" in incomplete(page_of(*elements("b<a")))


@pytest.mark.parametrize(
    "cycle", [("a<a",), ("a<b", "b<a"), ("x", "a<c", "b<a", "c<b"), ("d<a", "a<b", "b<a")]
)
def test_a_cycle_of_parents_fails_the_listing(incomplete, elements, page_of, cycle):
    assert "stands below itself" in incomplete(page_of(*elements(*cycle)))


def test_a_parent_may_be_listed_after_its_children(pages, elements, page_of):
    pages.script(
        "element", "page_1", page_of(*elements("c<b", "b<a"), more="1"), page_of(*elements("a"))
    )
    assert len(read(pages).items) == 3


def test_a_listing_that_contradicts_itself_starts_again(pages, elements, page_of):
    good = page_of(*elements("a", "b"), total=2)
    bad = page_of(*elements("a"), total=2)
    pages.script("element", "page_1", bad, bad, good)
    listing = read(pages)
    assert len(listing.items) == 2
    assert listing.requests == 1
    assert [cursor for *_, cursor in pages.asked] == [None, None, None]


def test_an_expired_cursor_starts_the_listing_again(pages, elements, page_of):
    first = page_of(*elements("a"), more="x")
    pages.script("element", "page_1", first, CursorExpired("expired"), first, page_of())
    assert len(read(pages).items) == 1


def test_a_cursor_that_always_expires_fails_the_listing(pages, elements, page_of):
    first = page_of(*elements("a"), more="x")
    pages.script("element", "page_1", *(first, CursorExpired("expired")) * 3)
    with pytest.raises(ListingIncomplete, match="expired") as caught:
        read(pages)
    error = caught.value
    assert len(pages.asked) == 2 * limits.LISTING_ATTEMPTS
    assert error.where == "elements of page_1"
    assert "LISTING_ATTEMPTS" in error.why
    assert error.next_step


def test_a_refusal_is_no_contradiction(pages):
    pages.script("element", "page_1", Forbidden("no"))
    with pytest.raises(Forbidden):
        read(pages)
    assert len(pages.asked) == 1


def test_a_listing_without_an_end_is_given_up(pages, made, monkeypatch):
    monkeypatch.setattr(limits, "MAX_LISTING_ITEMS", 10)

    class Endless:
        count = 0

        async def page(self, kind, scope, cursor):
            self.count += 1
            return ListPage((made("element", f"e{self.count}"),), True, str(self.count), None)

    with pytest.raises(ListingIncomplete, match="MAX_LISTING_ITEMS"):
        read(Endless())


def test_a_chain_of_any_depth_is_proven(pages, made):
    chain = [
        made("element", f"e{n}", "page_1", parent=f"e{n + 1}" if n < 4999 else None)
        for n in range(5000)
    ]
    pages.hold("element", "page_1", *chain)
    assert len(read(pages).items) == 5000
