"""How time grows with the number of elements, and a site of 500 files."""

from typing import Final

from bench.interleaved import interleaved, say
from bench.measures.plans import no_op
from bench.measures.settings import Settings
from bench.process import Figures, Measured
from bench.report import Goal
from bench.site import Site, site

_FILES: Final = 500
_APPLIES: Final = 3
"""Runs of the large apply, at most."""
_BOUNDS: Final = {"cold": (8 / 2.4, 5 / 2.4), "warm": (4 / 2.4, 2 / 2.4)}
"""By parse cache, against the floor of half as many: must and stretch."""


def measure_growth(settings: Settings) -> None:
    few, many = settings.growth
    applied: dict[int, list[Measured]] = {few: [], many: []}
    for _ in range(min(settings.runs, _APPLIES)):
        for count in (few, many):
            with site(settings.folder / f"growth-{count}", count) as new:
                applied[count].append(new.cfsync("apply", "--yes"))
                say(f"apply of {count:,}: {applied[count][-1].wall:.2f} s, {new.counts}")
    with (
        site(settings.folder / "small", few) as small,
        site(settings.folder / "big", many) as big,
    ):
        for each in (small, big):
            each.cfsync("apply", "--yes")
        planned = interleaved("growth of a plan", settings.runs, {
            f"{few}": lambda: no_op(small),
            f"{many}": lambda: no_op(big),
            "floor": big.floor,
        })  # fmt: skip
    _add(settings, "no-op plan", planned[f"{few}"], planned[f"{many}"])
    _add(settings, "apply", *(Figures(tuple(applied[count])) for count in (few, many)))
    settings.report.add(f"no-op plan of {many:,}", "floor", planned["floor"])
    measure_large(settings, planned["floor"])


def _add(settings: Settings, what: str, small: Figures, big: Figures) -> None:
    few, many = settings.growth
    settings.report.add(f"{what} of {few:,}", "cfsync", small)
    settings.report.add(f"{what} of {many:,}", "cfsync", big)
    grown = f"growth of {what}, {few:,} to {many:,}"
    settings.report.goal(Goal(grown, big.wall / small.wall, 11, 10, unit=" times"))


def measure_large(settings: Settings, floor: Figures) -> None:
    """`floor` is that of half as many elements."""
    with site(settings.folder / "large", settings.large, files=_FILES) as ours:
        say(f"applying {settings.large:,} elements, so that a plan finds nothing")
        ours.cfsync("apply", "--yes")
        figures = interleaved("large", settings.runs, {
            "warm": lambda: no_op(ours),
            "cold": lambda: no_op(ours, cold=True),
            "floor": ours.floor,
        })  # fmt: skip
        _report_large(settings, ours, figures, floor)


def _report_large(
    settings: Settings, ours: Site, figures: dict[str, Figures], floor: Figures
) -> None:
    what = f"no-op plan of {settings.large:,} in {_FILES} files"
    for cache, (must, stretch) in _BOUNDS.items():
        settings.report.add(f"{what}, cache {cache}", "cfsync", figures[cache])
        against = figures[cache].wall / floor.wall
        goal = f"{what}, cache {cache}, against the floor of {settings.growth[1]:,}"
        settings.report.goal(Goal(goal, against, must, stretch, unit=" times"))
    settings.report.add(what, "floor", figures["floor"], ours.counts)
