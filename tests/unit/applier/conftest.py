"""A made-up world for the applier: site, clock, journal, and a plan builder."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from random import Random

import pytest
from msgspec import structs

from cfsync.applier.apply import apply, recover
from cfsync.applier.stop import StopRequest
from cfsync.contract import load
from cfsync.errors import NotFound, RemoteError, ServerFailed, Unauthorized
from cfsync.journal.holder import this_process
from cfsync.journal.memory import MemoryStore
from cfsync.journal.opening import run_in
from cfsync.model.base import Base, PutBase, Settle
from cfsync.model.environment import Environment
from cfsync.model.lease import Entry, JournalKey
from cfsync.model.live import Item, Live
from cfsync.model.plan import Edit, Plan, Write
from cfsync.model.run import TOO_OLD, Done, Failure, NotDone, Record, Unknown
from cfsync.model.values import ABSENT, Made

KEY = JournalKey("acme", "test", "site.example")


class Crash(BaseException):
    """The process is gone."""


class LogicalClock:
    def __init__(self):
        self.time = 1_800_000_000.0
        self.slept = []

    def now(self):
        return self.time

    def monotonic(self):
        return self.time

    async def sleep(self, seconds):
        self.slept.append(seconds)
        self.time += seconds
        await asyncio.sleep(0)


class Site:
    """Projects, pages and elements in a dict; implements Reader and Writer.

    `faults` maps the number of a write request (from 0) to what happens to it.
    """

    def __init__(self, clock):
        self.clock = clock
        self.items: dict[str, Item] = {}
        self.faults: dict[int, str] = {}
        self.always: Callable | None = None
        self.sent = 0
        self.reads: list[tuple] = []
        self.writes: list[tuple] = []
        self.read_faults: dict[int, Exception] = {}
        self.on_write: dict[int, Callable] = {}
        self.leave_by: list[float] = []
        """Of updates."""
        self.on_read: dict[int, Callable] = {}
        self.normalise = lambda kind, fields: fields
        self.late: list[Callable] = []
        self.undo_began = False
        self.dead = False
        self._count = 0

    def add(self, kind, scope=None, parent=None, position=0, **fields):
        self._count += 1
        id_ = f"{kind}_{self._count}"
        stamp = f"2026-01-01T00:00:{self._count:06d}Z"
        if kind == "element":
            fields = {"content": None, **fields}  # as the API does, where nothing was sent
        fields = self.normalise(kind, fields)
        self.items[id_] = Item(kind, id_, scope, parent, position, fields, stamp, stamp)
        return id_

    def edit(self, id_, **fields):
        self._count += 1
        item = self.items[id_]
        place = {
            "parent": fields.pop("parentId", item.parent),
            "position": fields.pop("position", item.position),
        }
        fields = self.normalise(item.kind, {**item.fields, **fields})
        stamp = f"2026-01-01T00:00:{self._count:06d}Z"
        self.items[id_] = structs.replace(item, fields=fields, updated_at=stamp, **place)
        return self.items[id_]

    def remove(self, id_):
        for below in [i for i in self.items.values() if id_ in (i.scope, i.parent)]:
            if below.id in self.items:
                self.remove(below.id)
        self.items.pop(id_, None)

    def live(self, id_):
        item = self.items[id_]
        below = [
            i
            for i in self.items.values()
            if i.parent == id_ or (i.scope == id_ and i.parent is None)
        ]
        return Live(item, tuple(self.live(i.id) for i in sorted(below, key=lambda i: i.order)))

    def shape(self):
        """Everything but ids and times; references to ids by their names."""
        names = {i.id: str(i.fields.get("slug") or i.fields["name"]) for i in self.items.values()}

        def plain(value):
            if isinstance(value, dict):
                return {k: plain(v) for k, v in value.items()}
            if isinstance(value, list):
                return [plain(one) for one in value]
            return names.get(value, value) if isinstance(value, str) else value

        def tree(scope, parent, kind):
            found = [
                i
                for i in self.items.values()
                if (i.kind, i.scope, i.parent) == (kind, scope, parent)
            ]
            return [
                (i.kind, i.position, plain(i.fields), below(i))
                for i in sorted(found, key=lambda i: (i.position, str(i.fields)))
            ]

        def below(item):
            if item.kind == "project":
                return tree(item.id, None, "page")
            if item.kind == "page":
                return tree(item.id, None, "element")
            return tree(item.scope, item.id, "element")

        return tree(None, None, "project")

    async def list(self, kind, scope):
        await self._reading("list", kind, scope)
        if scope is not None and scope not in self.items:
            raise NotFound(f"no {scope}", status=404)
        return tuple(i for i in self.items.values() if (i.kind, i.scope) == (kind, scope))

    async def get(self, kind, id_):
        await self._reading("get", kind, id_)
        if id_ not in self.items:
            raise NotFound(f"no {id_}", status=404)
        return self.items[id_]

    def land(self):
        """What was given up arrives after all."""
        self.late.pop()()

    def die(self):
        """A dead process neither sends nor writes, whatever its other tasks would do."""
        self.dead = True
        raise Crash

    async def _reading(self, *what):
        if self.dead:
            raise Crash
        number = len(self.reads)
        self.reads.append(what)
        if number in self.on_read:
            self.on_read[number]()
        await asyncio.sleep(0)
        if number in self.read_faults:
            raise self.read_faults[number]

    async def create(self, kind, scope, body, idempotency_key, leave_by):
        fields = dict(body)
        parent, position = fields.pop("parentId", None), fields.pop("position", 0)

        def commit():
            for id_ in (scope, parent):
                if id_ is not None and id_ not in self.items:
                    return NotDone(Failure("VALIDATION_ERROR", "unknown parent", 400, "parentId"))
            slug = fields.get("slug")
            for i in self.items.values():
                if slug and (i.kind, i.scope) == (kind, scope) and i.fields["slug"] == slug:
                    return NotDone(Failure("VALIDATION_ERROR", "slug is taken", 400, "slug"))
            return Done(self.items[self.add(kind, scope, parent, position, **fields)])

        return await self._write(("create", kind, scope, body), commit)

    async def update(self, kind, id_, body, leave_by):
        def commit():
            if id_ not in self.items:
                return NotDone(Failure("NOT_FOUND", "no such resource", 404))
            return Done(self.edit(id_, **body))

        self.leave_by.append(leave_by)
        return await self._write(("update", kind, id_, body), commit)

    async def delete(self, kind, id_, leave_by):
        def commit():
            if id_ not in self.items:
                return NotDone(Failure("NOT_FOUND", "no such resource", 404))
            self.remove(id_)
            return Done(None)

        return await self._write(("delete", kind, id_), commit)

    def begin_undo(self):
        self.undo_began = True

    async def _write(self, what, commit):
        if self.dead:
            raise Crash
        number, self.sent = self.sent, self.sent + 1
        self.writes.append(what)
        if number in self.on_write:
            self.on_write[number]()
        await asyncio.sleep(0)
        fault = self.faults.get(number) or (self.always(what) if self.always else None)
        if fault is None:
            return commit()
        if fault == TOO_OLD:
            return NotDone(Failure(TOO_OLD, "its turn did not come in time"))
        if fault.isdigit():
            return NotDone(Failure("REFUSED", f"refused with {fault}", int(fault)))
        return self._failing(fault, commit)

    def _failing(self, fault, commit):
        """What a request comes to: `WHAT-before` or `WHAT-after` the site has done it."""
        what, _, when = fault.partition("-")
        if what == "late":
            self.late.append(commit)
        elif when != "before":
            commit()
        match what:
            case "twice":
                return commit()
            case "empty":
                return Done(None)
            case "raise":
                raise MemoryError
            case "crash":
                self.die()
            case "500":
                return Unknown(Failure("INTERNAL", "server error", 500), finished=True)
        return Unknown(Failure("answer-lost", "connection reset"))


class CrashingJournal:
    """Lets the process die at an append: before it is durable, or just after."""

    def __init__(self, journal, site, crash_at, when):
        self._journal = journal
        self._site = site
        self._crash_at = crash_at
        self._when = when
        self.appends = 0

    def __getattr__(self, name):
        return getattr(self._journal, name)

    async def append(self, records, base=()):
        if self._site.dead:
            raise Crash
        number, self.appends = self.appends, self.appends + 1
        if number == self._crash_at and self._when == "before":
            self._site.die()
        await self._journal.append(records, base)
        if number == self._crash_at:
            self._site.die()


@dataclass
class Writes:
    """Builds a plan's writes; each method returns the number of the write."""

    site: Site
    writes: list = field(default_factory=list)

    def create(self, kind, scope, address, waits=(), settle=True, **body):
        number = len(self.writes)
        for id_ in (scope, body.get("parentId")):
            if isinstance(id_, Made):
                waits = {*waits, id_.write}
        sent = {k: v for k, v in body.items() if k not in ("parentId", "position")}
        self.writes.append(
            Write(
                number=number,
                change=0,
                verb="create",
                kind=kind,
                address=address,
                target=None,
                scope=scope,
                body=body,
                waits=tuple(sorted(waits)),
                settle=Settle(address, sent) if settle else None,
            )
        )
        return number

    def update(self, id_, address, edits, *, waits=(), kind="element", scope=None, settle=None):
        number = len(self.writes)
        item = self.site.items.get(id_) if isinstance(id_, str) else None
        if isinstance(id_, Made):
            waits = {*waits, id_.write}
        self.writes.append(
            Write(
                number=number,
                change=0,
                verb="update",
                kind=item.kind if item else kind,
                address=address,
                target=id_,
                scope=item.scope if item else scope,
                edits=tuple(Edit(path, before, after, ABSENT) for path, before, after in edits),
                waits=tuple(sorted(waits)),
                settle=settle,
            )
        )
        return number

    def delete(self, id_, address, waits=()):
        number = len(self.writes)
        item = self.site.items[id_]
        self.writes.append(
            Write(
                number=number,
                change=0,
                verb="delete",
                kind=item.kind,
                address=address,
                target=id_,
                scope=item.scope,
                subtree=self.site.live(id_),
                waits=tuple(sorted(waits)),
            )
        )
        return number


class World:
    """One site, one journal, one clock; `apply` and `recover` as a process would do them."""

    def __init__(self, **environment):
        self.clock = LogicalClock()
        self.site = Site(self.clock)
        self.store = MemoryStore()
        self.plan_writes = Writes(self.site)
        self.settlements = ()
        self.stop = StopRequest()
        self.told = []
        self.run = None
        settings = {"settle": 10.0, "parallel": 4, **environment}
        self.environment = Environment(
            "test", "https://site.example", "site.example", "", **settings
        )
        self.holder = replace(this_process(Random(3)), pid=99_999_999, started="1")

    @property
    def plan(self):
        return Plan(
            "acme",
            "test",
            "site.example",
            has_base=True,
            writes=tuple(self.plan_writes.writes),
            settlements=self.settlements,
        )

    def settle_base(self, *rows):
        """Rows that earlier runs settled."""
        lease = self.store.take(KEY, self.holder, now=1.0, until=2.0, may_take=lambda lease: True)
        entry = Entry("earlier", "2026", (), tuple(PutBase(row) for row in rows))
        self.store.commit(lease, [entry], until=2.0)
        self.store.release(lease)

    def row(self, id_, address, **over):
        item = self.site.items[id_]
        row = Base(
            id=id_,
            kind=item.kind,
            parent=item.parent or item.scope,
            address=address,
            position=item.position,
            created_at=item.created_at,
            sent=dict(item.fields),
            stored=dict(item.fields),
        )
        return structs.replace(row, **over)

    def base(self):
        return self.store.base(KEY)

    def open(self, *, resume=False, crash=None):
        journal = run_in(
            self.store,
            KEY,
            clock=self.clock,
            random=Random(5),
            resume=resume,
            settle=self.environment.settle,
            holder=replace(self.holder, nonce=str(self.clock.time)),
        )
        self.run = journal.run
        self.site.dead = False
        return CrashingJournal(journal, self.site, *(crash or (None, "")))

    def means(self, journal):
        return {
            "reader": self.site,
            "writer": self.site,
            "journal": journal,
            "clock": self.clock,
            "random": Random(7),
            "contract": load(),
            "environment": self.environment,
            "progress": lambda *told: self.told.append(told),
            "stop": self.stop,
        }

    def apply(self, *, on_error="undo", crash=None, plan=None):
        async def go():
            journal = self.open(crash=crash)
            self.journal = journal
            result = await apply(plan or self.plan, on_error=on_error, **self.means(journal))
            journal.close()
            return result

        return asyncio.run(go())

    def recover(self, *, crash=None, **how):
        async def go():
            journal = self.open(resume=True, crash=crash)
            self.journal = journal
            events = await journal.events()
            result = await recover(events, **how, **self.means(journal))
            journal.close()
            return result

        return asyncio.run(go())

    def recover_is_over(self):
        return self.kinds()[-1] == "RUN_END"

    def events(self):
        return [event.record for event in self.store.events(KEY, self.run)]

    def kinds(self):
        return [record.kind for record in self.events()]


@pytest.fixture
def world():
    return World()


@pytest.fixture
def new_world():
    return World


@pytest.fixture
def crash():
    return Crash


@pytest.fixture
def errors():
    return {"server": ServerFailed, "unauthorized": Unauthorized, "remote": RemoteError}


@pytest.fixture
def record():
    return Record


@dataclass
class Small:
    """A page with a section, a card in it, and something old with a child."""

    project: str
    page: str
    hero: str
    card: str
    old: str
    kid: str


@pytest.fixture
def small(world):
    site = world.site
    project = site.add("project", name="Site", slug="site", status="draft")
    page = site.add("page", project, name="Home", slug="index")
    hero = site.add("element", page, None, 1024, name="hero", type="section", props={"a": 1})
    card = site.add("element", page, hero, 1, name="card", type="container")
    old = site.add("element", page, None, 2048, name="old", type="section")
    kid = site.add("element", page, old, 1, name="kid", type="text", content="kid")
    return Small(project, page, hero, card, old, kid)
