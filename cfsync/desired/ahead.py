"""Other processes, which fill the parse cache from the far end of a long list of files.

Parsing YAML is most of what a plan without a cache does, as in a pipeline, and one process uses one
processor. Whatever happens to the others: what they did not do is done by this one. Measured on
100,000 elements in 500 files, without a cache, on two processors: 3.5 instead of 5.5 s to validate.
"""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import Final

from cfsync import limits
from cfsync.desired.cache import SWITCH

_PASSED_ON: Final = (
    *(SWITCH, "XDG_CACHE_HOME", "HOME", "PATH", "LANG", "LC_ALL"),
    *("PYTHONPATH", "PYTHONHOME", "PYTHONUTF8", "LD_LIBRARY_PATH"),
)
"""Of the environment; no key of an API is among them."""
_QUOTA: Final = Path("/sys/fs/cgroup/cpu.max")
"""What a container may use: `150000 100000`, or `max 100000`."""


class Ahead:
    """Tell it of each file that had to be parsed, and close it in the end."""

    def __init__(self, root: Path, environ: Mapping[str, str]) -> None:
        self._root = root
        self._environ = {name: environ[name] for name in _PASSED_ON if name in environ}
        self._parsed = 0
        self._others: list[subprocess.Popen[bytes]] | None = None

    def parsed(self, size: int, rest: Sequence[str]) -> None:
        """So many bytes were not in the cache; the names of the files that are still to be read."""
        self._parsed += size
        if self._others is None and self._parsed >= limits.AHEAD_AFTER_BYTES:
            self._others = self._started(rest[::-1])

    def close(self) -> None:
        for other in self._others or ():
            other.kill()
            other.wait()

    def _started(self, backwards: Sequence[str]) -> list[subprocess.Popen[bytes]]:
        count = min(_processors() - 1, limits.MAX_AHEAD)
        if count < 1 or self._size(backwards) < limits.MIN_AHEAD_BYTES:
            return []
        started: list[subprocess.Popen[bytes]] = []
        with suppress(OSError):  # no more processes, no place for a list of names
            for number in range(count):
                started.append(self._start(backwards[number::count]))  # noqa: PERF401 - these stay
        return started

    def _start(self, names: Sequence[str]) -> subprocess.Popen[bytes]:
        """-P: not with modules of the working directory, where a pull request may put any."""
        command = [sys.executable, "-P", "-m", "cfsync.desired.parse_ahead", str(self._root)]
        with TemporaryFile() as listed:
            listed.write(b"\0".join(map(os.fsencode, names)))
            listed.seek(0)
            return subprocess.Popen(  # noqa: S603 - this program itself, no shell  # nosec B603
                command,
                env=self._environ,
                stdin=listed,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )

    def _size(self, names: Sequence[str]) -> int:
        size = 0
        for name in names:
            with suppress(OSError):
                size += (self._root / name).stat().st_size
        return size


def _processors() -> int:
    """How many this process can use at once."""
    if not sys.executable or getattr(sys, "frozen", False):
        return 1  # it cannot be started again
    allowed = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    with suppress(OSError, ValueError):
        quota, period = map(int, _QUOTA.read_text(encoding="ascii").split())
        return min(allowed, quota // period)
    return allowed
