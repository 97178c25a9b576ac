"""A process of its own, and what it took: processor seconds and the most memory at a time."""

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

# Linux counts a process's largest size from before its exec: started by a large test runner it
# would seem as large as that. Hence a small one in between.
_BETWEEN = """
import json, os, resource, sys
report, bytes_, seconds, *command = sys.argv[1:]
resource.setrlimit(resource.RLIMIT_AS, (int(bytes_), int(bytes_)))
resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds)))
_, status, used = os.wait4(os.posix_spawn(command[0], command, os.environ), 0)
with open(report, "w") as file:
    seconds = used.ru_utime + used.ru_stime
    json.dump([os.waitstatus_to_exitcode(status), seconds, used.ru_maxrss], file)
"""
_MOST_BYTES = 1024 * 1024 * 1024
_MOST_SECONDS = 20
"""Far beyond what is promised: the test fails, the machine stays whole."""


@dataclass(frozen=True, slots=True)
class Ended:
    code: int
    said: str
    seconds: float
    """Of a processor."""
    bytes: int
    """Of memory, at most."""


def unmeasured(environ: Mapping[str, str]) -> dict[str, str]:
    """Without coverage, which takes time and memory of its own."""
    return {name: value for name, value in environ.items() if not name.startswith("COV")}


def run(folder: Path, environ: Mapping[str, str], *arguments: str) -> Ended:
    """`cfsync -C FOLDER ARGUMENTS`, started beside the folder."""
    report, said = folder.parent / "used.json", folder.parent / "said"
    command = [sys.executable, "-m", "cfsync", "-C", str(folder), *arguments]
    bounds = [str(_MOST_BYTES), str(_MOST_SECONDS)]
    with said.open("w") as output:
        subprocess.run(
            [sys.executable, "-ESc", _BETWEEN, str(report), *bounds, *command],
            env=unmeasured(environ), cwd=folder.parent, stdin=subprocess.DEVNULL,
            stdout=output, stderr=output, timeout=60, check=True,
        )  # fmt: skip
    code, seconds, kibibytes = json.loads(report.read_text())
    report.unlink()
    return Ended(code, said.read_text(errors="replace"), seconds, kibibytes * 1024)
