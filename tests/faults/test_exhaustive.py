"""Every schedule within a budget, with the real product inside; four changes, then six."""

import sys

import pytest
from faults.chooser import Chooser, explore
from faults.figures import Figures
from faults.play import Tally, play, told
from faults.pruning import pruned
from faults.scenarios import four_changes, many_changes, six_changes
from faults.world import Budget, Scenario

FOUR, SIX = four_changes(), six_changes()

SLICE = [
    (FOUR, Budget(crashes=1, persons=True)),
    (FOUR, Budget(faults=1)),
    (FOUR, Budget(reads=1)),
    (FOUR, Budget(edits=1, window=True)),
    (FOUR, Budget(twice=1)),
    (FOUR, Budget(beyond=1)),
    (FOUR, Budget(jumps=1)),
    (FOUR, Budget(rivals=1, window=True)),
    (SIX, Budget(crashes=1)),
    (SIX, Budget(faults=1)),
    (FOUR, Budget(crashes=1, late=1, persons=False)),
    (FOUR, Budget(crashes=2, persons=False)),
]
FULL = [
    (FOUR, Budget(crashes=2)),
    (FOUR, Budget(crashes=1, faults=1)),
    (FOUR, Budget(crashes=3)),
    (FOUR, Budget(crashes=2, faults=1)),
    (SIX, Budget(crashes=1, faults=1)),
    (FOUR, Budget(crashes=2, late=1)),
    (FOUR, Budget(crashes=1, late=1, faults=1)),
    (FOUR, Budget(crashes=1, reads=1)),
    (FOUR, Budget(faults=2)),
    (FOUR, Budget(faults=1, edits=1, window=True)),
    (FOUR, Budget(crashes=1, rivals=1, window=True)),
    (FOUR, Budget(twice=1, crashes=1)),
    (FOUR, Budget(twice=1, faults=1)),
    (FOUR, Budget(jumps=1, crashes=1)),
]


LARGEST = (FOUR, Budget(crashes=1, faults=1, edits=1))
PARTS = 4
"""Of the largest one, so that several processes may share it."""


def named(case: tuple[Scenario, Budget]) -> str:
    return f"{case[0].name}, {told(case[1])}"


def part_of(part: int) -> str:
    return f", part {part + 1} of {PARTS}"


def everything(
    scenario: Scenario, budget: Budget, figures: Figures, part: int = 0, parts: int = 1
) -> Tally:
    may_prune = not (budget.late or budget.jumps or budget.beyond)
    on_crash = pruned(may_prune)
    name = told(budget) + (part_of(part) if parts > 1 else "")
    with figures.exploring("exhaustive", scenario.name, name) as tally:

        def run(chooser: Chooser) -> None:
            play(scenario, chooser, budget, tally, on_crash=on_crash)

        for _ in explore(run, part=part, parts=parts):
            pass
    return tally


@pytest.mark.parametrize("case", SLICE, ids=named)
def test_every_schedule_ends_before_or_after(case, figures):
    tally = everything(*case, figures)

    assert tally.schedules > 1
    assert tally.ended.total() == tally.schedules - tally.pruned
    assert tally.is_good


@pytest.mark.parametrize("case", FULL, ids=named)
def test_every_schedule_of_a_larger_budget_ends_before_or_after(case, full, figures):
    if not full:
        pytest.skip("pytest tests/faults --faults=full")
    tally = everything(*case, figures)

    assert tally.ended.total() == tally.schedules - tally.pruned
    assert tally.is_good


@pytest.mark.parametrize("part", range(PARTS))
def test_every_schedule_of_the_largest_budget_ends_before_or_after(part, full, figures):
    if not full:
        pytest.skip("pytest tests/faults --faults=full")
    tally = everything(*LARGEST, figures, part, PARTS)

    assert tally.ended.total() == tally.schedules - tally.pruned
    assert tally.is_good


def test_the_page_knows_what_there_is_to_explore(figures):
    cases = [named(case) for case in (*SLICE, *FULL)]
    cases += [named(LARGEST) + part_of(part) for part in range(PARTS)]

    figures.planned("exhaustive", cases)

    assert len(set(cases)) == len(cases)


def test_an_explorer_goes_each_way_once():
    seen = []

    def run(choose):
        seen.append((choose(2), choose(3) if choose.choices[0] else 0))

    ways = [chooser.choices for chooser in explore(run)]

    assert seen == [(0, 0), (1, 0), (1, 1), (1, 2)]
    assert ways == [(0,), (1, 0), (1, 1), (1, 2)]


@pytest.mark.parametrize("parts", [1, 2, 3, 7])
def test_the_parts_of_an_exploration_are_all_of_it(parts):
    def run(choose):
        if choose(3):
            choose(2)
        elif choose(2):
            choose(3)
        choose(2)

    every = [chooser.choices for chooser in explore(run)]
    found = [c.choices for part in range(parts) for c in explore(run, part=part, parts=parts)]

    assert len(set(every)) == len(every)
    assert set(found) == set(every)
    assert len(found) == len(every) + parts - 1


def test_a_schedule_is_the_same_whenever_it_is_run():
    def history(choices):
        world = play(FOUR, Chooser(choices), Budget(crashes=1, faults=1), Tally())
        return list(map(str, world.history))

    choices = (0, 0, 0, 0, 0, 0, 0, 0, 2)

    assert history(choices) == history(choices)
    assert history(choices) != history(())


def test_one_schedule_is_run_again(request):
    """`pytest tests/faults --replay 0,0,3,1 --scenario four --budget crashes=1,faults=1`."""
    listed = request.config.getoption("--replay", default=None)
    if listed is None:
        pytest.skip("without --replay there is nothing to run again")
    scenario = scenario_named(request.config.getoption("--scenario"))
    budget = budget_of(request.config.getoption("--budget"))

    world = play(scenario, Chooser([int(one) for one in listed.split(",")]), budget, Tally())

    sys.stdout.write("\n".join(map(str, world.history)))
    assert world.history


def scenario_named(name: str) -> Scenario:
    if name in ("four", "six"):
        return FOUR if name == "four" else SIX
    seed, changes = name.split("/")
    return many_changes(int(seed), int(changes))


def budget_of(text: str) -> Budget:
    pairs = (one.partition("=") for one in text.split(",") if one)
    return Budget(**{name: int(value or 1) for name, _, value in pairs})
