"""The served emulator, seen from whoever measures against it."""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Counts:
    """Requests since the last time that somebody asked."""

    methods: dict[str, int]
    limited: int
    """Answered 429."""
    failed: int
    """Answered 5xx, or not at all."""
    writing: float
    """Seconds from the first write to the last."""

    @property
    def reads(self) -> int:
        return self.methods.get("GET", 0)

    @property
    def writes(self) -> int:
        return sum(self.methods.values()) - self.reads

    @property
    def write_rate(self) -> float:
        """Writes a second while there were some."""
        return (self.writes - 1) / self.writing if self.writing else 0.0

    def __str__(self) -> str:
        return " + ".join(f"{count} {method}" for method, count in self.methods.items()) or "none"


@dataclass(frozen=True, slots=True)
class Server:
    url: str
    _process: "subprocess.Popen[str]"

    def counts(self) -> Counts:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write("counts\n")
        self._process.stdin.flush()
        return Counts(**json.loads(self._process.stdout.readline()))


@contextmanager
def served(
    db: Path | None = None, faults: Sequence[str] = (), *, port: int = 0
) -> Iterator[Server]:
    """Without `db` in memory; port 0 is any free one."""
    command = [sys.executable, str(Path(__file__).with_name("served.py")), "--port", str(port)]
    if db is not None:
        command += ["--db", str(db)]
    for fault in faults:
        command += ["--fault", fault]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        url = process.stdout.readline().strip()
        if not url:
            raise RuntimeError("the emulator did not start; its own message stands above")
        yield Server(url, process)
    finally:
        process.stdin.close()
        process.wait(timeout=30)
        process.stdout.close()
