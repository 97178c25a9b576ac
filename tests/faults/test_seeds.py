"""By seed: sites of random shape, 10 to 500 changes, and trouble at rates drawn for each run."""

from functools import lru_cache

import pytest
from faults.chooser import Swarm
from faults.figures import Figures
from faults.play import Tally, play
from faults.scenarios import many_changes
from faults.world import Budget, Scenario

SLICE = 250
FULL = 10_000
BATCHES = 20
TROUBLE = Budget(crashes=3, faults=6, late=1, reads=2)
"""Each kind, in each run, at a rate of its own, often 0."""


def changes_of(seed: int) -> int:
    """Mostly few: the interesting things happen between neighbours."""
    match seed % 100:
        case 99:
            return 500
        case 96 | 97 | 98:
            return 120
        case n if n >= 80:
            return 40
    return 10


@lru_cache(maxsize=8)
def scenario_of(shape: int, changes: int) -> Scenario:
    return many_changes(shape, changes)


def batches(count: int) -> list[range]:
    each = count // BATCHES
    return [range(number * each, (number + 1) * each) for number in range(BATCHES)]


def named(seeds: range) -> str:
    return f"seeds {seeds.start:,} to {seeds.stop - 1:,}"


def lived_through(seeds: range, figures: Figures) -> Tally:
    with figures.exploring("seeds", named(seeds)) as tally:
        for seed in seeds:
            scenario = scenario_of(seed // 100 % 5, changes_of(seed))
            play(scenario, Swarm(seed), TROUBLE, tally)
    return tally


@pytest.mark.parametrize("batch", range(BATCHES))
def test_every_seed_ends_before_or_after(batch, full, figures):
    seeds = batches(FULL if full else SLICE)[batch]

    tally = lived_through(seeds, figures)

    assert tally.schedules == len(seeds)
    assert tally.is_good


def test_the_page_knows_all_seeds(figures):
    figures.planned("seeds", [named(seeds) for seeds in batches(FULL)])

    assert [seed for seeds in batches(FULL) for seed in seeds] == list(range(FULL))


def test_a_seed_draws_rates_for_its_run():
    calm = sum(not any(Swarm(seed)(4, "write") for _ in range(5)) for seed in range(100))

    assert 60 < calm < 100
    assert Swarm(7)(5) == Swarm(7)(5)
