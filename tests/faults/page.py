"""The page of figures: what the last full run of each part tried, and what came of it."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import ceil
from pathlib import Path
from typing import Any

from faults.play import Tally

from cfsync import limits

PAGE = Path(__file__).with_name("README.md")
_ENDS = ("applied", "undone", "stopped")
_HEAD = """\
# What the fault harness found

Written by the harness itself after its last full run, {day}. Not edited by hand:

    pytest tests/faults --faults=full

The product inside is the real one: remote, reader, applier, the journal's tables, and
the local API. Clock, chance, wire and disk are the harness's. A failing run prints its
list of choices, and `pytest tests/faults --replay 0,0,3,1` goes the same way again.
Without `--faults=full` a slice of it runs, the same one every time.

| figure | value |
| --- | --- |"""
_TAIL = """\
Every schedule ends with the remote as before or as wanted, or part-way with all that
differs named. The last happens only where a designer, a rival, or a request that was
carried out twice stands in the way. Edits inside the window are counted, not prevented:
the API promises no ETags. The window is measured in real processes, from when the server
carries out a reading until it carries out a write that rests on it: the way of the answer
and of the write is in it, and all that cfsync does meanwhile. The writes of one page share
one reading, which is made anew once it is {age:g} seconds old."""


@dataclass(slots=True)
class _Sum:
    total: Tally = field(default_factory=Tally)
    explored: list[dict[str, Any]] = field(default_factory=list)
    seeds: int = 0
    known: Counter[str] = field(default_factory=Counter)
    tried: Counter[str] = field(default_factory=Counter)
    """Crash points of each store."""
    windows: dict[int, list[float]] = field(default_factory=dict)
    """By latency; milliseconds, all of them."""
    images: int = 0
    steps: int = 0
    rows: int = 0
    mutants: list[str] = field(default_factory=list)
    killed: set[str] = field(default_factory=set)
    planned: list[str] = field(default_factory=list)


def write(folder: Path, page: Path = PAGE) -> None:
    """Raises nothing where parts are missing: the page says 0 of them."""
    sum_ = _Sum()
    for file in sorted(folder.glob("*.json")):
        _add(sum_, json.loads(file.read_text(encoding="utf-8")))
    page.write_text("\n".join(_lines(sum_)) + "\n", encoding="utf-8")


def _add(sum_: _Sum, part: dict[str, Any]) -> None:
    match part["kind"]:
        case "exhaustive" | "seeds":
            tally = _tally(part["tally"])
            sum_.total.add(tally)
            sum_.explored.append({**part, "tally": tally})
            sum_.seeds += tally.schedules if part["kind"] == "seeds" else 0
        case "points":
            store = part.get("store", "SQLite")
            sum_.known[store] += part["known"]
            sum_.tried[store] += part["tried"]
        case "window":
            sum_.windows[part["latency"]] = part["windows"]
        case "images":
            sum_.images += part["count"]
        case "machine":
            sum_.steps = part["count"]
        case "planned":
            sum_.planned += part["cases"]
        case "rows":
            sum_.rows = part["count"]
        case "mutants":
            sum_.mutants = part["names"]
        case "mutant" if part.get("killed", True):
            sum_.killed.add(part["name"])


def _tally(facts: dict[str, Any]) -> Tally:
    """Parts of an older harness lack what it did not count: they passed, so that is none."""
    known = {name: value for name, value in facts.items() if name in Tally.__slots__}
    return Tally(**{**known, "ended": Counter(known["ended"])})


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least this share of them does not exceed."""
    ranked = sorted(values)
    return ranked[max(0, ceil(share * len(ranked)) - 1)]


def _values(sum_: _Sum) -> Iterator[tuple[str, Any]]:
    total = sum_.total
    for store in ("SQLite", "PostgreSQL"):
        points = f"{sum_.known[store]:,} / {sum_.tried[store]:,}"
        yield f"crash points of real processes, journal in {store}, known / tried", points
    yield "schedules explored exhaustively", f"{total.schedules - sum_.seeds:,}"
    yield "of these, cut short where another goes on alike", f"{total.pruned:,}"
    yield "seeds, of 10 to 500 changes", f"{sum_.seeds:,}"
    yield "histories checked", f"{total.schedules - total.pruned:,}"
    yield "processes that lived, and often died, in them", f"{total.processes:,}"
    yield "recoveries", f"{total.recoveries:,}"
    broken = f"{total.lost:,} / {total.duplicated:,} / {total.wrong:,}"
    yield "lost / duplicated in silence / wrong", broken
    in_window = f"{total.lost_in_window:,}"
    yield "edits lost inside the read-write window, which nobody can see", in_window
    yield "resources made twice, and all of them named", f"{total.duplicates_told:,}"
    yield "runs that ended part-way and named what is left", f"{total.persons:,}"
    yield "rows of the fault matrix with tests", sum_.rows
    yield "images of a disk after a power loss, each recovered", f"{sum_.images:,}"
    yield "steps of the state machine", f"{sum_.steps:,}"
    killed = len(sum_.killed.intersection(sum_.mutants))
    yield "mutants made / killed", f"{len(sum_.mutants)} / {killed}"
    for latency, windows in sorted(sum_.windows.items()):
        p50, p99 = (percentile(windows, share) for share in (0.5, 0.99))
        what = f"HTTP on loopback, latency {latency} ms, {len(windows):,} writes"
        yield f"read-write window, ms, p50 / p99 ({what})", f"{p50:.1f} / {p99:.1f}"
    yield "longest recovery, logical seconds", f"{total.longest:.0f}"


def _lines(sum_: _Sum) -> Iterator[str]:
    yield _HEAD.format(day=datetime.now(UTC).date().isoformat())
    for name, value in _values(sum_):
        yield f"| {name} | {value} |"
    yield "\n| explored | budget | schedules | seconds | applied | undone | part-way |"
    yield "| --- | --- | ---: | ---: | ---: | ---: | ---: |"
    yield from map(_row, sum_.explored)
    if missing := _missing(sum_):
        yield f"\nNot run to their end for this page: {'; '.join(missing)}."
    yield f"\nMutants: {', '.join(sorted(sum_.mutants))}."
    if alive := sorted(set(sum_.mutants) - sum_.killed):
        yield f"\nNot killed: {', '.join(alive)}."
    yield ""
    yield _TAIL.format(age=limits.GUARD_AGE)


def _missing(sum_: _Sum) -> list[str]:
    """What a broken promise ended early is not explored."""
    whole = [part for part in sum_.explored if part["tally"].is_good]
    tried = {f"{part['name']}, {part['budget']}".removesuffix(", ") for part in whole}
    missing = [case for case in dict.fromkeys(sum_.planned) if case not in tried]
    seeds = [case for case in missing if case.startswith("seeds ")]
    others = [case for case in missing if case not in seeds]
    return [*others, f"{len(seeds)} lots of seeds"] if seeds else others


def _row(part: dict[str, Any]) -> str:
    tally = part["tally"]
    ends = " | ".join(f"{tally.ended[status]:,}" for status in _ENDS)
    budget = part["budget"].replace(",", ", ").replace("  ", " ")
    return f"| {part['name']} | {budget} | {tally.schedules:,} | {part['seconds']:.0f} | {ends} |"
