"""A made-up API behind Pages: collections that are scripted page by page, or simply there."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from cfsync.model.live import Item
from cfsync.model.ports import ListPage


def item(kind: str, id_: str, scope: str | None = None, **changes: Any) -> Item:
    fields = {"name": id_} if kind == "element" else {"name": id_, "slug": id_.partition("_")[2]}
    facts = {
        "kind": kind,
        "id": id_,
        "scope": scope,
        "parent": None,
        "position": 0,
        "fields": fields,
        "created_at": "2026-01-15T10:30:00Z",
        "updated_at": "2026-01-15T10:30:00Z",
    }
    return Item(**facts | changes)


class FakePages:
    """`script` the answers of a collection in order, or `hold` items to be paged by `limit`."""

    def __init__(self) -> None:
        self.limit = 100
        self.scripts: dict[tuple[str, str | None], list[Any]] = {}
        self.held: dict[tuple[str, str | None], list[Item]] = {}
        self.asked: list[tuple[str, str | None, str | None]] = []
        self.under_way = 0
        self.most_at_once = 0

    def script(self, kind: str, scope: str | None, *answers: Any) -> None:
        self.scripts[kind, scope] = list(answers)

    def hold(self, kind: str, scope: str | None, *items: Item) -> None:
        self.held[kind, scope] = list(items)

    async def page(self, kind: str, scope: str | None, cursor: str | None) -> ListPage:
        self.asked.append((kind, scope, cursor))
        self.under_way += 1
        self.most_at_once = max(self.most_at_once, self.under_way)
        await asyncio.sleep(0)
        self.under_way -= 1
        script = self.scripts.get((kind, scope))
        if script is None:
            return self._held_page(kind, scope, cursor)
        answer = script.pop(0) if len(script) > 1 else script[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _held_page(self, kind: str, scope: str | None, cursor: str | None) -> ListPage:
        items = self.held.get((kind, scope), [])
        begin = int(cursor or 0)
        end = begin + self.limit
        more = end < len(items)
        return ListPage(tuple(items[begin:end]), more, str(end) if more else None, len(items))

    async def get(self, kind: str, id_: str) -> Item:
        everything = [each for items in self.held.values() for each in items]
        return next(each for each in everything if (each.kind, each.id) == (kind, id_))


@pytest.fixture
def pages() -> FakePages:
    return FakePages()


@pytest.fixture
def made() -> Callable[..., Item]:
    return item


@pytest.fixture
def elements() -> Callable[..., tuple[Item, ...]]:
    """Elements of page_1 by their ids; `child<parent` stands below."""

    def of(*names: str) -> tuple[Item, ...]:
        pairs = [name.partition("<") for name in names]
        return tuple(
            item("element", id_, "page_1", parent=parent or None) for id_, _, parent in pairs
        )

    return of


@pytest.fixture
def page_of() -> Callable[..., ListPage]:
    """A page of items; `more` is the next cursor, `total` absent unless given."""

    def of(*items: Item, more: str | None = None, **changes: Any) -> ListPage:
        facts = {"has_more": more is not None, "next_cursor": more, "total": None}
        return ListPage(items, **facts | changes)

    return of
