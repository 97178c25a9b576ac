"""One schedule from its first process to its last, and what has to hold of it afterwards."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from faults.checker import Checker
from faults.chooser import Choose, Chooser, Pruned
from faults.history import Born, Told
from faults.scenarios import next_plan, read_live
from faults.trees import edited, tree_paths
from faults.verdict import Verdict
from faults.world import Budget, Edit, Scenario, World

from cfsync.errors import CfsyncError
from cfsync.model.run import RunResult

_BEYOND_REPAIR = ("beyond", "twice", "rivals")
"""What somebody else did, and no client can take back."""
_LIVES = 12
"""Processes in one schedule, at most: more would mean that it never ends."""


class Broken(AssertionError):
    """A schedule in which a promise does not hold."""


@dataclass(slots=True)
class Tally:
    """What came of all schedules."""

    schedules: int = 0
    pruned: int = 0
    """Cut short at a state after a crash from which another schedule goes on alike."""
    processes: int = 0
    recoveries: int = 0
    ended: Counter[str] = field(default_factory=Counter)
    persons: int = 0
    """Runs that only `--skip`, or a look at two candidates, could bring to an end."""
    lost_in_window: int = 0
    duplicates_told: int = 0
    longest: float = 0.0
    lost: int = 0
    duplicated: int = 0
    wrong: int = 0

    @property
    def is_good(self) -> bool:
        return not (self.lost or self.duplicated or self.wrong)

    def add(self, other: "Tally") -> None:
        for name in _COUNTED:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.ended += other.ended
        self.longest = max(self.longest, other.longest)

    def condemn(self, verdict: Verdict) -> None:
        """Of a schedule that broke a promise: what the checker cannot name is wrong too."""
        self.lost += len(verdict.lost)
        self.duplicated += len(verdict.duplicated)
        self.wrong += len(verdict.wrong) if verdict.complaints else 1


_COUNTED = (
    "schedules", "pruned", "processes", "recoveries", "persons", "lost_in_window",
    "duplicates_told", "lost", "duplicated", "wrong",
)  # fmt: skip


def play(
    scenario: Scenario,
    choose: Choose,
    budget: Budget,
    tally: Tally,
    *,
    on_crash: Callable[[World], None] = lambda _: None,
) -> World:
    """Raises Broken with the choices that lead there."""
    world = World(scenario, choose, budget)
    world.on_crash = on_crash
    try:
        result = _live_through(world)
        _judge(world, result, tally)
    except Pruned:
        tally.pruned += 1
    except (AssertionError, CfsyncError) as error:
        tally.condemn(_verdict(world))
        listed = ",".join(map(str, choose.choices))
        raise Broken(
            f"{error}\n  {scenario.name}\n  pytest tests/faults "
            f"--replay {listed or '0'} --scenario {scenario.key} --budget {told(budget)}"
        ) from error
    tally.schedules += 1
    tally.processes += world.process
    return world


def told(budget: Budget) -> str:
    """As `--budget` takes it."""
    ordinary = Budget()
    pairs = ((name, getattr(budget, name)) for name in Budget.__slots__)
    said = [f"{name}={int(v)}" for name, v in pairs if v != getattr(ordinary, name)]
    return ",".join(said)


def _live_through(world: World) -> RunResult:
    result = world.apply()
    skip: list[str] = []
    for _ in range(_LIVES):
        if not world.waits():
            if result is not None and result.status != "waiting":
                return result
            result = _after_a_crash_without_a_run(world)
            continue
        assert world.applying_is_refused(), "a crashed run waits, and apply did not say so"
        quiet = result is not None
        if quiet and world.calm:
            skip = _given_up(world, result)
        if quiet:
            world.calm = True
        result = _person(world, skip, died=not quiet)
    raise AssertionError("it never ends: no command brings this run to an end")


def _after_a_crash_without_a_run(world: World) -> RunResult | None:
    """Nothing of it, or all of it, is in the journal."""
    bounds = world.store.bounds(world.key)
    if bounds:
        return _read_back(world)
    return world.apply()


def _read_back(world: World) -> RunResult:
    """The last process died just after the end was durable: the journal says how it ended."""
    end = world.store.bounds(world.key)[-1].record.body
    from cfsync.model.run import Left

    left = tuple(Left(**one) for one in end["left"])
    run = world.store.bounds(world.key)[-1].run
    return RunResult(run, end["status"], 0, left=left, new_ids=end["new_ids"])


def _person(world: World, skip: list[str], *, died: bool) -> RunResult | None:
    ways: list[tuple[Any, bool]] = [(None, False)]
    if died and world.budget.persons:
        ways += [("undo", False), ("forward", False), (None, True)]
    direction, lock = ways[world.choose(len(ways), "person")]
    if lock:
        world.delete_the_lock()
    return world.recover(direction, skip)


def _given_up(world: World, result: RunResult) -> list[str]:
    """What a person does who reads the message: gives up what it names."""
    named = [one.address for one in result.left] or [result.failed_address]
    assert any(named), f"it waits, and names nothing: {result}"
    return [address for address in named if address]


def _judge(world: World, result: RunResult, tally: Tally) -> None:
    if world.wire.late:
        world.wire.deliver()
        _next_plan_names(world)
    verdict = _verdict(world)
    assert not verdict.complaints, "; ".join(verdict.complaints)
    if world.spent["rivals"]:
        _check_rivals(world, result)
    elif not (verdict.lost_in_window or world.spent["beyond"]):
        _check_tree(world, result)
        _check_base(world, result)
    tally.ended[result.status] += 1
    tally.recoveries += sum(
        isinstance(one, Born) and one.order.startswith("recover") for one in world.history
    )
    tally.persons += result.status == "stopped"
    tally.lost_in_window += verdict.lost_in_window
    tally.duplicates_told += verdict.duplicates_told
    tally.longest = max(tally.longest, world.longest)


def _verdict(world: World) -> Verdict:
    return Checker(world.environment.guard_age).check(world.history)


def _next_plan_names(world: World) -> None:
    """What landed after the last look: nobody could wait for it, and the next plan shows it."""
    live = read_live(world.api)
    items = [node.item for project in live.projects for node in project.walk()]
    rows = world.store.base(world.key)
    strange = [item.id for item in items if item.id not in rows]
    plan = next_plan(world, live)
    shown = plan.summary.unmanaged + plan.summary.conflict + plan.summary.delete
    assert shown >= len(strange), f"{strange} landed late, and the next plan says {plan.summary}"
    world.history.append(Told(world.process, "planned", " ".join(strange)))


def _check_rivals(world: World, result: RunResult) -> None:
    """What neither can see may be there twice, but never so that neither says a word."""
    paths = Counter(path for path, _ in tree_paths(world.state()).elements())
    twice = [path for path, count in paths.items() if count > 1]
    rival = world.rival
    both_happy = result.status == "applied" and getattr(rival, "status", "") == "applied"
    assert not (twice and both_happy), f"{twice} are there twice, and both runs said: applied"


@lru_cache
def _ends(scenario: Scenario) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Before, and after."""
    world = World(scenario, Chooser(), Budget())
    before = world.state()
    result = world.apply()
    assert result is not None
    assert result.status == "applied", result
    return before, world.state()


def _check_tree(world: World, result: RunResult) -> None:
    before, after = _ends(world.scenario)
    found = tree_paths(world.state())
    for status, trees in (("applied", after), ("undone", before)):
        if result.status == status:
            wanted = tree_paths(edited(trees, world.edited))
            if found == tree_paths(edited(trees, _lasting(world))):
                return
            assert found == wanted, (
                f"{status}, but: too much {found - wanted}, missing {wanted - found}"
            )
            return
    assert result.left, "part-way, and nothing is named"
    unrepairable = world.edited or any(world.spent[what] for what in _BEYOND_REPAIR)
    assert unrepairable, f"part-way without anybody's doing: {result}"
    wanted = tree_paths(edited(before, world.edited))
    _only_what_is_named(_named(world, result, before), (found - wanted) + (wanted - found))


def _lasting(world: World) -> list[Edit]:
    """Without deletions of what this very run was making: it cannot tell them from never made."""
    return [edit for edit in world.edited if edit not in world.unmade]


def _only_what_is_named(named: list[str], differing: Counter[tuple[str, str]]) -> None:
    for path, fields in differing:
        assert any(path.startswith(one) or one.startswith(path) for one in named), (
            f"{path} {fields} differs, but only {named} are named"
        )


def _named(world: World, result: RunResult, before: list[dict[str, Any]]) -> list[str]:
    """Where what the run names stands, also where the designer has moved it with all below it."""
    named = [_path(one.address) for one in result.left]
    moved = [edit.target for edit in world.edited if edit.verb == "move"]
    for target in moved:
        if not set(named).isdisjoint(_places(before, target)):
            named += _places(edited(before, world.edited), target)
    return named


def _places(trees: list[dict[str, Any]], name: str) -> list[str]:
    return [path for path, _ in tree_paths(trees) if path.endswith(f"/{name}")]


def _path(address: str) -> str:
    """`site:index#a/b[2]` as `/site/index/a/b`."""
    plain = address.replace(":", "/").replace("#", "/")
    return "/" + "/".join(part.partition("[")[0] for part in plain.split("/"))


def _check_base(world: World, result: RunResult) -> None:
    """The base knows nothing that is not there, and what is owned as it was settled."""
    if result.status == "stopped" or world.edited:
        return
    ids = {row.id for row in world.api.store.rows()}
    rows = world.store.base(world.key)
    unknown = rows.keys() - ids
    assert not unknown, f"the base knows {unknown}, which are not there"
    assert len(rows) == len(ids), f"{len(ids)} resources, {len(rows)} rows of the base"
