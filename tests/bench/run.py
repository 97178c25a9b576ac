"""Measures cfsync and its peers on this machine, and writes the table into README.md.

python tests/bench/run.py                  # everything; half an hour
python tests/bench/run.py --count 1000 --only plans --dry-run
"""

import argparse
import os
import platform
import re
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench import venvs
from bench.interleaved import say
from bench.measures.applies import measure_applies, measure_few_changes
from bench.measures.plans import measure_plans
from bench.measures.settings import Settings
from bench.measures.sizes import measure_growth
from bench.measures.speeds import (
    measure_emulator,
    measure_help,
    measure_latency,
    measure_rate,
)
from bench.peers import octodns
from bench.peers.terraform import Terraform

_README: Final = Path(__file__).with_name("README.md")
_BEGIN: Final = "<!-- measured -->\n"
_END: Final = "<!-- /measured -->"


def _applies(settings: Settings) -> None:
    measure_emulator(settings, measure_applies(settings))


MEASURES: Final[dict[str, Callable[[Settings], None]]] = {
    "help": measure_help,
    "plans": measure_plans,
    "applies": _applies,
    "changes": measure_few_changes,
    "growth": measure_growth,
    "rate": measure_rate,
    "latency": measure_latency,
}


def main() -> None:
    given = _arguments()
    load = os.getloadavg()[0]
    peers = _peers(given)
    sizes = (given.few, given.many)
    with tempfile.TemporaryDirectory(prefix="run-", dir=venvs.CACHE) as folder:
        settings = Settings(Path(folder), given.runs, given.count, sizes, given.large, peers)
        for name in given.only or MEASURES:
            say(f"== {name}")
            MEASURES[name](settings)
        lines = [*_machine(settings, load), "", *settings.report.markdown()]
    sys.stdout.write("\n".join(lines) + "\n")
    if not given.dry_run:
        _write(lines)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--count", type=int, default=10_000, help="elements beside the peers")
    parser.add_argument("--few", type=int, default=5_000)
    parser.add_argument("--many", type=int, default=50_000)
    parser.add_argument("--large", type=int, default=100_000, help="elements in 500 files")
    parser.add_argument("--only", nargs="+", choices=list(MEASURES))
    parser.add_argument("--without", nargs="+", default=[], help="peers to leave out")
    parser.add_argument("--dry-run", action="store_true", help="print, do not write README.md")
    return parser.parse_args()


def _peers(given: argparse.Namespace) -> frozenset[str]:
    """Those that can run; the hand-written script has to."""
    if not venvs.BYHAND.make():
        raise SystemExit("the hand-written script's packages cannot be installed")
    found = set()
    for venv in (venvs.TERRAFORM, venvs.OCTODNS, venvs.DIFFSYNC):
        missing = octodns.missing() if venv is venvs.OCTODNS else ""
        if venv.name in given.without:
            say(f"{venv.name} is left out")
        elif missing:
            say(f"{venv.name} is left out: {missing}")
        elif not venv.make():
            say(f"{venv.name} is left out: {' '.join(venv.packages)} cannot be installed")
        else:
            found.add(venv.name)
    return frozenset(found)


def _machine(settings: Settings, load: float) -> Iterator[str]:
    cpu = next(
        (line.split(": ")[1].strip() for line in _lines("/proc/cpuinfo") if "model name" in line),
        platform.processor(),
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    yield (
        f"{os.cpu_count()} cores ({cpu}), {memory:.0f} GiB, {platform.system()} "
        f"{platform.release()}, Python {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}; load before the start: {load:.1f}. Medians of "
        f"{settings.runs} runs."
    )
    versions = [f"{venvs.BYHAND.packages[0]} {venvs.BYHAND.version()}"]
    if "octodns" in settings.peers:
        versions.append(f"octoDNS {venvs.OCTODNS.version()} on {_powerdns()}")
    if "diffsync" in settings.peers:
        versions.append(f"diffsync {venvs.DIFFSYNC.version()}")
    if "terraform" in settings.peers:
        versions.append(Terraform(settings.folder).version())
    yield f"Versions: {', '.join(versions)}."


def _powerdns() -> str:
    done = subprocess.run(
        [octodns.SERVER, "--version"], capture_output=True, text=True, check=False
    )
    found = re.search(r"PowerDNS Authoritative Server (\S+)", done.stdout + done.stderr)
    return f"PowerDNS {found[1] if found else ''}"


def _lines(path: str) -> list[str]:
    return Path(path).read_text(encoding="utf-8").splitlines() if Path(path).exists() else []


def _write(lines: list[str]) -> None:
    before, _, rest = _README.read_text(encoding="utf-8").partition(_BEGIN)
    after = rest.partition(_END)[2]
    text = "\n".join(lines)
    _README.write_text(f"{before}{_BEGIN}\n{text}\n\n{_END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
