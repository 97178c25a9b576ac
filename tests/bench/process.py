"""Whole processes, measured: wall, processor time of it and its children, peak memory."""

import os
import statistics
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Measured:
    wall: float
    cpu: float
    peak: float
    """MiB; of the largest single process."""


@dataclass(frozen=True, slots=True)
class Failed(Exception):
    command: tuple[str, ...]
    code: int
    output: str

    def __str__(self) -> str:
        return f"{' '.join(self.command)} ended with {self.code}:\n{self.output[-2000:]}"


def measure(
    command: Sequence[str], output: Path, *, environ: Mapping[str, str] | None = None
) -> Measured:
    """What it prints goes to `output`. Raises Failed unless it ends with 0.

    The memory of whoever calls this is a lower bound of the peak: the kernel keeps the high-water
    mark of the process that was replaced. So callers stay small.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    actions = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, str(output), flags, 0o644),
        (os.POSIX_SPAWN_DUP2, 1, 2),
    ]
    start = time.perf_counter()
    pid = os.posix_spawnp(
        command[0], list(command), {**os.environ, **(environ or {})}, file_actions=actions
    )
    _, status, used = os.wait4(pid, 0)
    wall = time.perf_counter() - start
    code = os.waitstatus_to_exitcode(status)
    if code:
        raise Failed(tuple(command), code, output.read_text(encoding="utf-8", errors="replace"))
    return Measured(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


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
