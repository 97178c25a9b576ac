"""A long life: configurations, designers, crashes, lost keys and journals, in any order.

Whatever came before, once the faults are gone `recover` and `apply` always bring it to an end.
"""

from collections.abc import Sequence
from typing import Any

from faults.checker import Checker
from faults.scenarios import element, read_live, scenario, site, state_of
from faults.world import CONTRACT, KEY, Budget, World
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from cfsync.errors import CfsyncError
from cfsync.journal.memory import MemoryStore
from cfsync.journal.reading import OpenJournal
from cfsync.model.base import BaseState
from cfsync.model.live import LiveState
from cfsync.model.run import RunResult
from cfsync.planner.options import PlanOptions
from cfsync.planner.plan import plan
from cfsync.workflow.past import past_of
from cfsync.workflow.undo_state import only_of, states_before

NAMES = ("a", "b", "c", "d", "e")
LIVE = site(element("a", content="old"), element("b", element("inner")))
START = scenario("a life", "four", LIVE, LIVE)

choices = st.lists(st.integers(0, 9), max_size=60)
names = st.sampled_from(NAMES)
contents = st.sampled_from(("x", "y", None))


class Drawn:
    """Takes the drawn choices one after another, then the ordinary way."""

    def __init__(self, drawn: Sequence[int]) -> None:
        self._drawn = list(reversed(drawn))
        self.choices: tuple[int, ...] = ()

    def __call__(self, n: int, kind: str = "") -> int:
        choice = self._drawn.pop() if self._drawn else 0
        choice = choice if choice < n else 0
        self.choices += (choice,)
        return choice


class Life(RuleBasedStateMachine):
    steps = 0

    def __init__(self) -> None:
        super().__init__()
        self.world = World(START, Drawn(()), Budget())
        self.declared = {"a": "old", "b": None}
        self.result: RunResult | None = None
        self.before: Any = None
        self.foreign = False
        """Somebody else has written since the last run began."""

    # What people declare and do

    @rule(name=names, content=contents)
    def declare(self, name: str, content: str | None) -> None:
        self.declared[name] = content

    @rule(name=names)
    def declare_no_more(self, name: str) -> None:
        self.declared.pop(name, None)

    @rule(name=names, content=contents)
    def a_designer_edits(self, name: str, content: str | None) -> None:
        for row in self.world.named(name)[:1]:
            self.world.api.designer.edit(row.id, content=content)
            self.foreign = True

    @rule(name=names)
    def a_designer_adds_a_namesake(self, name: str) -> None:
        home = self.world.named("Home")[0].id
        self.world.api.designer.add(home, name=name, type="container", content="theirs")
        self.foreign = True

    @rule(name=names)
    def a_designer_adds(self, name: str) -> None:
        for row in self.world.named(name)[:1]:
            self.world.api.designer.add(row.id, name="theirs", type="text", content="theirs")
        self.foreign = True

    @rule(name=names)
    def a_designer_deletes(self, name: str) -> None:
        for row in self.world.named(name)[:1]:
            self.world.api.designer.delete(row.id)
            self.foreign = True

    @rule()
    def the_key_is_revoked(self) -> None:
        self.world.api.token = "another"

    @rule()
    def a_new_key_is_given(self) -> None:
        self.world.api.token = self.world.token

    @precondition(lambda self: not self.world.waits())
    @rule()
    def the_journal_is_lost(self) -> None:
        self.world.store = MemoryStore()
        self.result = None

    # What cfsync does

    @precondition(lambda self: not self.world.waits())
    @rule(drawn=choices, crashes=st.integers(0, 1), faults=st.integers(0, 2))
    def apply(self, drawn: list[int], crashes: int, faults: int) -> None:
        self._run(drawn, Budget(crashes=crashes, faults=faults), self._plan)

    @precondition(lambda self: not self.world.waits())
    @rule()
    def a_rival_applies(self) -> None:
        mine, self.world.store = self.world.store, MemoryStore()
        self._run((), Budget(), self._plan)
        self.world.store, self.foreign, self.result = mine, True, None

    @precondition(lambda self: self.world.waits())
    @rule(
        drawn=choices,
        crashes=st.integers(0, 1),
        direction=st.sampled_from((None, "undo", "forward")),
    )
    def recover(self, drawn: list[int], crashes: int, direction: str | None) -> None:
        assert self.world.applying_is_refused()
        self._prepare(drawn, Budget(crashes=crashes, faults=1))
        self.result = self.world.recover(direction)

    @precondition(lambda self: self.result and self.result.status == "applied")
    @rule(drawn=choices)
    def undo(self, drawn: list[int]) -> None:
        def back() -> Any:
            events = OpenJournal(self.world.store, KEY).events(self.result.run)
            live, base = self._live(), self._base()
            past = past_of(events)
            states = states_before(past, base, live, CONTRACT, "acme")
            made = plan(states.desired, states.base, live, CONTRACT, _options())
            return only_of(made, past, base, live)

        self._run(drawn, Budget(faults=1), back)

    def _run(self, drawn: Sequence[int], budget: Budget, planned: Any) -> None:
        try:
            made = planned()
        except CfsyncError:
            return  # nothing was written: the configuration asks for what cannot be
        if not made.writes and not made.settlements:
            return
        self.before, self.foreign = self.world.state(), False
        self._prepare(drawn, budget)
        self.result = self.world.apply(plan=made)

    def _prepare(self, drawn: Sequence[int], budget: Budget) -> None:
        self.world.choose, self.world.budget = Drawn(drawn), budget

    def _plan(self) -> Any:
        live = self._live()
        return plan(state_of(self._trees()), self._base(), live, CONTRACT, _options())

    def _live(self) -> LiveState:
        """Read with a key that works, whatever the run's is."""
        token, self.world.api.token = self.world.api.token, None
        live = read_live(self.world.api)
        self.world.api.token = token
        return live

    def _base(self) -> BaseState:
        return OpenJournal(self.world.store, KEY).base()

    def _trees(self) -> list[dict[str, Any]]:
        return site(*(element(name, content=text) for name, text in self.declared.items()))

    # What always holds

    @invariant()
    def nothing_was_lost_or_made_twice(self) -> None:
        type(self).steps += 1
        verdict = Checker(self.world.environment.guard_age).check(self.world.history)
        assert not verdict.complaints, verdict.complaints

    @invariant()
    def the_end_of_a_run_tells_the_truth(self) -> None:
        if self.result is None or self.foreign or self.world.waits():
            return
        if self.result.status == "undone" and self.before is not None:
            assert self.world.state() == self.before
        if self.result.status == "stopped":
            assert self.result.left

    def teardown(self) -> None:
        """With the faults gone, it always ends."""
        self.world.api.token = self.world.token
        for _ in range(6):
            if not self.world.waits():
                break
            self._prepare((), Budget())
            skip = [left.address for left in self.result.left] if self.result else []
            self.result = self.world.recover(None, skip)
        assert not self.world.waits()
        for _ in range(2):  # what a designer deleted is adopted as gone, or made again
            self._run((), Budget(), self._plan)
        assert self.result is None or self.result.status in ("applied", "undone", "stopped")
        left = self._plan()
        assert not left.writes, left.writes


def _options() -> PlanOptions:
    return PlanOptions(
        "test", "site.example", on_conflict="take-config", max_delete_percent=100, max_deletes=1000
    )


def _settings(examples: int, steps: int) -> Any:
    return settings(
        derandomize=True,
        database=None,
        deadline=None,
        max_examples=examples,
        stateful_step_count=steps,
        suppress_health_check=list(HealthCheck),
    )


def test_a_long_life_always_comes_to_a_good_end(full, figures):
    from hypothesis.stateful import run_state_machine_as_test

    examples, steps = (400, 40) if full else (30, 20)

    run_state_machine_as_test(Life, settings=_settings(examples, steps))

    assert Life.steps > examples
    figures.machine(Life.steps)
