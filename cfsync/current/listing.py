"""A collection read to its end, and the proof that the end is one.

A list is no snapshot: what is inserted, deleted or moved while pages are read can be missed or
seen twice. Whatever shows that this happened makes the listing start again.
"""

from dataclasses import dataclass

from cfsync import limits
from cfsync.errors import CursorExpired, ListingIncomplete
from cfsync.model.address import KindName
from cfsync.model.live import Item
from cfsync.model.ports import ListPage, Pages


@dataclass(frozen=True, slots=True)
class Listing:
    items: tuple[Item, ...]
    requests: int
    """Of the pass that was proven complete."""


async def complete(pages: Pages, kind: KindName, scope: str | None) -> Listing:
    """Raises ListingIncomplete, naming what contradicted, and RemoteError."""
    seen = ""
    for _ in range(limits.LISTING_ATTEMPTS):
        try:
            return await _pass(pages, kind, scope)
        except CursorExpired:
            seen = "its cursor expired between two pages"
        except _Contradiction as contradiction:
            seen = str(contradiction)
    raise ListingIncomplete(
        f"the list of {kind}s contradicts itself: {seen}",
        where=f"{kind}s of {scope}" if scope else f"{kind}s",
        why=f"read {limits.LISTING_ATTEMPTS} times (limit LISTING_ATTEMPTS); what such a list "
        "leaves out is never taken for gone",
        next_step="run the same command again when nobody edits the site",
    )


class _Contradiction(Exception):
    pass


async def _pass(pages: Pages, kind: KindName, scope: str | None) -> Listing:
    items: dict[str, Item] = {}
    cursors: set[str] = set()
    total: int | None = None
    cursor: str | None = None
    requests = 0
    while True:
        page = await pages.page(kind, scope, cursor)
        requests += 1
        _take(items, page)
        total = _same_total(total, page.total, is_first=requests == 1)
        if not page.has_more:
            break
        cursor = _next_cursor(page, cursors)
    if total is not None and total != len(items):
        raise _Contradiction(f"it counts {total}, and lists {len(items)}")
    found = tuple(items.values())
    _check_parents(items)
    return Listing(found, requests)


def _take(items: dict[str, Item], page: ListPage) -> None:
    for item in page.items:
        if item.id in items:
            raise _Contradiction(f"{item.id} is in it twice")
        items[item.id] = item
    if len(items) > limits.MAX_LISTING_ITEMS:
        raise _Contradiction(
            f"it goes on beyond {limits.MAX_LISTING_ITEMS} (limit MAX_LISTING_ITEMS)"
        )


def _same_total(before: int | None, now: int | None, *, is_first: bool) -> int | None:
    """A count that moves between two pages: what was read already may be out of date."""
    if not is_first and before is not None and now is not None and before != now:
        raise _Contradiction(f"it counts {before} on one page and {now} on the next")
    return now if now is not None else before


def _next_cursor(page: ListPage, cursors: set[str]) -> str:
    if not page.next_cursor:
        raise _Contradiction("it has more, but no cursor to go on with")
    if page.next_cursor in cursors:
        raise _Contradiction("its cursor leads back to a page that was read already")
    if not page.items:
        raise _Contradiction("it has more after an empty page")
    cursors.add(page.next_cursor)
    return page.next_cursor


def _check_parents(items: dict[str, Item]) -> None:
    """Every parent is in the listing, and following parents ends."""
    rooted: set[str] = set()
    for item in items.values():  # mostly parents come first
        if item.parent is not None and item.parent not in rooted:
            _follow_parents(items, rooted)
            return
        rooted.add(item.id)


def _follow_parents(items: dict[str, Item], rooted: set[str]) -> None:
    for item in items.values():
        path: list[str] = []
        way: set[str] = set()
        step: Item | None = item
        while step is not None and step.id not in rooted:
            if step.id in way:
                raise _Contradiction(f"{step.id} stands below itself")
            way.add(step.id)
            path.append(step.id)
            step = _parent(step, items)
        rooted.update(path)


def _parent(item: Item, items: dict[str, Item]) -> Item | None:
    if item.parent is None:
        return None
    if item.parent not in items:
        raise _Contradiction(f"{item.id} stands below {item.parent}, which is not in it")
    return items[item.parent]
