"""One world behind all four seams: Clock, Random, Transport and Store are the World's.

The product inside is the real one: the remote, the reader, the applier, the journal's tables, and
the emulator on the other side. Only what may go differently is the World's to decide.
"""

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from faults.chooser import Choose
from faults.disk import Disk
from faults.history import Appended, Born, Committed, Edited, Happening, Told
from faults.loop import LogicalLoop
from faults.transport import Wire

from cfsync.applier.apply import apply, recover
from cfsync.applier.stop import StopRequest
from cfsync.contract import load
from cfsync.current.reader import ProvenReader
from cfsync.emulator.api import Api
from cfsync.emulator.store import Store as SiteStore
from cfsync.errors import CfsyncError, RunWaiting
from cfsync.journal.holder import this_process
from cfsync.journal.memory import MemoryStore
from cfsync.journal.opening import run_in
from cfsync.journal.sql_store import SqlStore
from cfsync.model.environment import Environment
from cfsync.model.lease import JournalKey
from cfsync.model.plan import Plan
from cfsync.model.run import RunResult
from cfsync.remote.client import Remote

KEY = JournalKey("acme", "test", "site.example")
START = 1_800_000_000.0
CONTRACT = load()
_RIVAL = 1000
"""Processes of the rival count from here."""
HOLDER = replace(this_process(Random(3)), pid=99_999_999, started="1")
"""Of every process here: one that is gone, so that the next may take its lease."""


class Crash(BaseException):
    """The process is gone."""


@dataclass(slots=True)
class Budget:
    """How much may go wrong in one schedule; it bounds the tree."""

    crashes: int = 0
    faults: int = 0
    edits: int = 0
    late: int = 0
    """Requests that are carried out after everybody gave up on them, yet within `settle`."""
    beyond: int = 0
    """The same, long after it: what no client can wait for."""
    twice: int = 0
    reads: int = 0
    """Reads that fail for good."""
    rivals: int = 0
    jumps: int = 0
    """The machine sleeps for longer than a lease lasts."""
    window: bool = False
    """Edits also between a guard reading and the write that rests on it."""
    persons: bool = True
    """After a crash, every thing that a person may ask for, instead of `recover` alone."""


@dataclass(frozen=True, slots=True)
class Edit:
    """What a designer may do; `target` and `under` are names."""

    verb: str
    target: str
    values: dict[str, Any] = field(default_factory=dict)
    under: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Scenario:
    """Where every schedule begins: a site, a base, and a plan made from them."""

    name: str
    key: str
    """As `--scenario` takes it."""
    site: bytes
    journal: bytes
    plan: Plan
    declared: tuple[dict[str, Any], ...]
    """What the configuration asks for, as trees."""
    edits: tuple[Edit, ...] = ()
    environment: Environment = field(
        default_factory=lambda: Environment(
            "test", "https://site.example", "site.example", "", parallel=4
        )
    )


class Clock:
    """Implements model.ports.Clock on logical time."""

    def __init__(self, loop: LogicalLoop) -> None:
        self.loop = loop

    def now(self) -> float:
        return START + self.loop.time()

    def monotonic(self) -> float:
        return self.loop.time()

    async def sleep(self, seconds: float) -> None:
        future = self.loop.create_future()
        self.loop.call_later(max(seconds, 0.0), _wake, future)
        await future


def _wake(future: Any) -> None:
    if not future.done():
        future.set_result(None)


class World:
    def __init__(self, scenario: Scenario, choose: Choose, budget: Budget) -> None:
        self.scenario = scenario
        self.choose = choose
        self.budget = replace(budget)
        self.environment = scenario.environment
        self.loop = LogicalLoop()
        self.clock = Clock(self.loop)
        self.api = restored_api(scenario.site, self.clock.now)
        self.store = restored_store(scenario.journal)
        self.history: list[Happening] = []
        self.dead = False
        self.process = 0
        self.calm = False
        """Nothing goes wrong any more: the end of a schedule, to see that it ends."""
        self.results: list[RunResult] = []
        self.rival: RunResult | str | None = None
        self.wire = Wire(self)
        self.on_crash: Callable[[World], None] = lambda _: None
        self.longest = 0.0
        """Logical seconds of the longest recovery."""
        self.edited: list[Edit] = []
        self.unmade: list[Edit] = []
        """Of these: deletions of what this run had just made, made again, or meant to delete.

        Nobody can tell them from what the run did itself, or did not.
        """
        self.journal: Any = None
        self.key = KEY
        self.token = "the-key"
        self.spent: Counter[str] = Counter()

    # What may go differently

    def may(self, what: str) -> bool:
        return not self.calm and getattr(self.budget, what) > 0

    def spend(self, what: str) -> None:
        self.spent[what] += 1
        setattr(self.budget, what, getattr(self.budget, what) - 1)

    def die(self) -> None:
        self.spend("crashes")
        self.dead = True
        self.wire.orphan()
        raise Crash

    def alive(self) -> None:
        """Whatever a dead process would still do reaches nothing."""
        if self.dead:
            raise Crash

    def boundary(self, *, in_window: bool) -> None:
        """Between two requests: a designer, or another run."""
        if self.may("edits") and (self.budget.window or not in_window):
            possible = [edit for edit in self.scenario.edits if self.can(edit)]
            chosen = self.choose(1 + len(possible), "edit")
            if chosen:
                self.spend("edits")
                self.edit(possible[chosen - 1])
        if self.may("rivals") and self.choose(2, "rival"):
            self.spend("rivals")
            self.run_rival()
        if not in_window:
            self.maybe_jump()

    def maybe_jump(self) -> None:
        if self.may("jumps") and self.choose(2, "jump"):
            self.spend("jumps")
            self.loop.jump(1000.0)

    # The designer

    def can(self, edit: Edit) -> bool:
        names = {row.id: row for row in self.named(edit.target)}
        return len(names) == 1 and (not edit.under or len(self.named(edit.under)) == 1)

    def named(self, name: str) -> list[Any]:
        return [row for row in self.api.store.rows() if f'"name":"{name}"' in row.body]

    def edit(self, edit: Edit) -> None:
        designer, row = self.api.designer, self.named(edit.target)[0]
        id_ = row.id
        match edit.verb:
            case "edit":
                designer.edit(id_, edit.values)
            case "delete":
                if any(_is_of(one, id_) for one in self.history):
                    self.unmade.append(edit)
                designer.delete(id_)
            case "add":
                id_ = designer.add(id_, edit.values)
            case "copy":
                edit = self._as_addition(row, edit)
                id_ = designer.copy(id_)
            case "move":
                designer.move(id_, under=self.named(edit.under)[0].id)
        self.history.append(Edited(edit.verb, id_, self.clock.monotonic(), edit.values))
        self.edited.append(edit)

    def _as_addition(self, row: Any, edit: Edit) -> Edit:
        """A copy, told as what it adds, and where."""
        hidden = ("id", "pageId", "parentId", "createdAt", "children")
        fields = json.loads(row.body + "}")
        above = self.api.designer.get(row.parent or row.scope)["name"]
        return Edit("add", above, {k: v for k, v in fields.items() if k not in hidden})

    # Processes

    def live(self, order: str, story: Callable[[Any], Any]) -> RunResult | None:
        """One process from its birth to its end; None: it died."""
        self.process += 1
        self.dead = False
        self.history.append(Born(self.process, order))
        begun = self.loop.time()
        try:
            result: RunResult = self.loop.run(self._story(order, story))
        except Crash:
            self.history.append(Told(self.process, None))
            self.on_crash(self)
            return None
        finally:
            self.dead = True
            if order.startswith("recover"):
                self.longest = max(self.longest, self.loop.time() - begun)
        self.history.append(Told(self.process, result.status, _said(result)))
        self.results.append(result)
        return result

    async def _story(self, order: str, story: Callable[[Any], Any]) -> RunResult:
        store = Disk(self, self.store)
        journal = run_in(
            store,
            KEY,
            clock=self.clock,
            random=Random(5),
            resume=order.startswith("recover"),
            settle=self.environment.settle,
            holder=replace(HOLDER, nonce=str(self.process)),
        )
        means = self.means(Random(self.process))
        means["writer"].fence(lambda seconds: journal.lease_left() > seconds)
        self.journal = journal
        try:
            result: RunResult = await story({**means, "journal": journal})
        finally:
            if not self.dead:
                journal.close()
        return result

    def means(self, random: Random) -> dict[str, Any]:
        remote = Remote(
            self.wire,
            CONTRACT,
            self.clock,
            random,
            parallel=self.environment.parallel,
            timeout=self.environment.timeout,
        )
        return {
            "reader": ProvenReader(remote),
            "writer": remote,
            "clock": self.clock,
            "random": random,
            "contract": CONTRACT,
            "environment": self.environment,
            "progress": _quiet,
            "stop": StopRequest(),
        }

    def apply(self, *, on_error: Any = "undo", plan: Plan | None = None) -> RunResult | None:
        def story(means: dict[str, Any]) -> Any:
            return apply(plan or self.scenario.plan, on_error=on_error, **means)

        return self.live("apply", story)

    def recover(self, direction: Any = None, skip: Sequence[str] = ()) -> RunResult | None:
        async def story(means: dict[str, Any]) -> RunResult:
            events = await means["journal"].events()
            return await recover(events, direction=direction, skip=tuple(skip), **means)

        return self.live(f"recover {direction or ''} {' '.join(skip)}".rstrip(), story)

    def run_rival(self) -> None:
        """Another machine with a journal of its own applies the same plan, from here to its end."""
        outer = (self.store, self.process, self.dead, self.calm, self.results, self.journal)
        mine = self.loop
        self.loop = self.clock.loop = LogicalLoop(mine.time())
        self.store = restored_store(self.scenario.journal)
        self.calm, self.results = True, []
        self.process += _RIVAL
        try:
            self.rival = self.apply()
        except CfsyncError as error:
            self.rival = error.code
        finally:
            self.store, self.process, self.dead, self.calm, self.results, self.journal = outer
            mine.jump(self.loop.time() - mine.time())
            self.loop = self.clock.loop = mine

    def waits(self) -> bool:
        tail = self.store.tail(KEY)
        return tail is not None and tail.record.kind != "RUN_END"

    def applying_is_refused(self) -> bool:
        """A crashed run waits: another apply says so, and writes nothing."""
        try:
            run_in(
                self.store,
                KEY,
                clock=self.clock,
                random=Random(9),
                holder=replace(HOLDER, nonce="another"),
            ).close()
        except RunWaiting as refusal:
            return "cfsync recover" in refusal.next_step
        return False

    def delete_the_lock(self) -> None:
        """A person in a hurry empties the lease."""
        lease = self.store.lease(KEY)
        if lease is not None and lease.holder is not None:
            self.store.release(lease)

    def state(self, *, ids: bool = False) -> list[dict[str, Any]]:
        return self.api.state(ids=ids)


def _is_of(happening: Happening, id_: str) -> bool:
    """A write to this resource, carried out; or the intent to delete it, whatever came of that."""
    match happening:
        case Committed():
            return happening.id == id_
        case Appended():
            bodies = (record.body for record in happening.records)
            return any(body.get("verb") == "delete" and body["id"] == id_ for body in bodies)
    return False


def _said(result: RunResult) -> str:
    """All that a person is told of ids and addresses."""
    failure = result.failure.message if result.failure else ""
    left = "; ".join(f"{one.address} {one.id or ''} {one.why}" for one in result.left)
    return f"{result.failed_address} {failure}; {left}; {'; '.join(result.warnings)}"


def _quiet(_done: int, _all: int, _what: str) -> None:
    """Nobody looks."""


def restored_api(site: bytes, now: Callable[[], float]) -> Api:
    db = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    db.deserialize(site)
    store = SiteStore.__new__(SiteStore)
    store.path, store._db = None, db
    return Api(store, CONTRACT, now=now, random=Random(11))


def restored_store(journal: bytes) -> MemoryStore:
    db = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    db.deserialize(journal)
    store = MemoryStore.__new__(MemoryStore)
    SqlStore.__init__(store, db, ":memory:")
    return store
