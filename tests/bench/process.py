"""Whole processes, measured: wall, processor time of it and its children, peak memory."""

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_LAUNCHER: Final = Path(__file__).with_name("launch.py")


@dataclass(frozen=True, slots=True)
class Measured:
    wall: float
    cpu: float
    peak: float
    """MiB; of the largest single process."""


class Failed(Exception):
    def __init__(self, command: Sequence[str], code: int, output: str) -> None:
        super().__init__(f"{' '.join(command)} ended with {code}:\n{output[-2000:]}")


def measure(
    command: Sequence[str], output: Path, *, environ: Mapping[str, str] | None = None
) -> Measured:
    """What it prints goes to `output`. Raises Failed unless it ends with 0."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(_LAUNCHER), str(output), *command],
        env={**os.environ, **(environ or {})},
        stdout=subprocess.PIPE,
        check=True,
    )
    took = json.loads(done.stdout)
    if code := took.pop("code"):
        raise Failed(command, code, output.read_text(encoding="utf-8", errors="replace"))
    return Measured(**took)


@dataclass(frozen=True, slots=True)
class Figures:
    """Runs of the same command."""

    runs: tuple[Measured, ...]

    @property
    def wall(self) -> float:
        return statistics.median(each.wall for each in self.runs)

    @property
    def cpu(self) -> float:
        return statistics.median(each.cpu for each in self.runs)

    @property
    def peak(self) -> float:
        return statistics.median(each.peak for each in self.runs)

    @property
    def spread(self) -> str:
        walls = [each.wall for each in self.runs]
        return f"{min(walls):.2f}-{max(walls):.2f}"
