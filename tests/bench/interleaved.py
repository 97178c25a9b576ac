"""Contenders side by side: one run of each, then the next, so that a slow minute hits them all."""

import sys
from collections.abc import Callable, Mapping

from bench.process import Figures, Measured


def interleaved(
    what: str, runs: int, contenders: Mapping[str, Callable[[], Measured]]
) -> dict[str, Figures]:
    """Medians come from `runs` runs of each; how they go is told on stderr."""
    measured: dict[str, list[Measured]] = {name: [] for name in contenders}
    for number in range(runs):
        for name, run in contenders.items():
            one = run()
            measured[name].append(one)
            say(f"{what}, {name}, run {number + 1}: {one.wall:.2f} s, {one.peak:.0f} MiB")
    return {name: Figures(tuple(each)) for name, each in measured.items()}


def say(line: str) -> None:
    sys.stderr.write(line + "\n")
    sys.stderr.flush()
