"""Stores of every sort, and a clock that only moves when told to."""

from dataclasses import replace
from random import Random

import pytest
from msgspec import structs

from cfsync.journal.holder import this_process
from cfsync.journal.memory import MemoryStore
from cfsync.journal.places import open_store
from cfsync.journal.sqlite import SqliteStore
from cfsync.model.base import Base, PutBase
from cfsync.model.lease import Entry, JournalKey
from cfsync.model.run import Record


class StoppedClock:
    def __init__(self):
        self.wall = 1_800_000_000.0
        self.steady = 100.0

    def now(self):
        return self.wall

    def monotonic(self):
        return self.steady

    def pass_(self, seconds):
        self.wall += seconds
        self.steady += seconds

    async def sleep(self, seconds):
        self.pass_(seconds)


@pytest.fixture
def clock():
    return StoppedClock()


@pytest.fixture
def random():
    return Random(11)


@pytest.fixture
def key():
    return JournalKey("acme", "production", "api.example")


@pytest.fixture
def location(tmp_path):
    return tmp_path / "kept" / "journal.db"


@pytest.fixture(params=["sqlite", "memory", "postgres"])
def store(request, location):
    match request.param:
        case "sqlite":
            opened = SqliteStore.open(location)
        case "memory":
            opened = MemoryStore()
        case "postgres":
            opened = open_store(request.getfixturevalue("empty_postgres"))
    yield opened
    opened.close()


@pytest.fixture
def holder(random):
    return this_process(random)


@pytest.fixture
def dead(holder):
    """Another process of this machine that runs no more."""
    return replace(holder, pid=99_999_999, started="1", nonce="dead")


@pytest.fixture
def take(key, holder):
    def take(store, *, holder=holder, now=1.0, until=91.0, may_take=lambda lease: False, key=key):
        return store.take(key, holder, now=now, until=until, may_take=may_take)

    return take


@pytest.fixture
def row():
    def row(id_="elem_1", **over):
        base = Base(
            id=id_,
            kind="element",
            parent="page_1",
            address="site:index#hero",
            position=1024,
            created_at="2026-01-01T00:00:00Z",
            sent={"name": "hero", "props": {"a": 1}},
            stored={"name": "hero", "props": {"a": 1.0}},
        )
        return structs.replace(base, **over)

    return row


@pytest.fixture
def entry():
    def entry(*kinds, run="r1", base=(), **body):
        records = tuple(Record(kind, body, None if "RUN" in kind else 0) for kind in kinds)
        return Entry(run, "2026-11-24T10:00:00.000Z", records, tuple(base))

    return entry


@pytest.fixture
def a_run(store, take, entry, row, key):
    """One run that ended, and one that waits, with a row of the base."""
    lease = take(store)
    put = [PutBase(row()), PutBase(row("elem_2"))]
    store.commit(lease, [entry("RUN_BEGIN", "INTENT", content="secret")], until=91.0)
    store.commit(lease, [entry("OUTCOME", base=put), entry("RUN_END", status="applied")], until=91)
    store.commit(lease, [entry("RUN_BEGIN", "INTENT", run="r2")], until=91.0)
    return lease
