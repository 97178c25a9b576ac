"""The page of figures: what the last full run of each part tried, and what came of it.

Each part leaves its figures in pytest's cache, so that parts may run in several processes, or one
by one; the page is written from all of them.
"""

import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from faults.play import Tally

PAGE = Path(__file__).with_name("README.md")
_ENDS = ("applied", "undone", "stopped")


@dataclass(slots=True)
class Explored:
    name: str
    budget: str
    tally: Tally
    seconds: float


@dataclass(slots=True)
class Figures:
    folder: Path
    full: bool

    def explored(self, kind: str, one: Explored) -> None:
        tally = one.tally
        facts = {name: getattr(tally, name) for name in Tally.__slots__}
        facts |= {"ended": dict(tally.ended), "windows": dict(tally.windows)}
        more = {"name": one.name, "budget": one.budget, "seconds": one.seconds}
        self._leave(f"{kind}-{one.name}-{one.budget}", {"kind": kind, **more, "tally": facts})

    def points(self, what: str, known: int, tried: int) -> None:
        self._leave(f"points-{what}", {"kind": "points", "known": known, "tried": tried})

    def images(self, what: str, count: int) -> None:
        """Of a disk after a power loss, each recovered."""
        self._leave(f"images-{what}", {"kind": "images", "count": count})

    def mutant(self, name: str) -> None:
        """Killed: the test fails otherwise."""
        self._leave(f"mutant-{name}", {"kind": "mutant", "name": name})

    def machine(self, rules: int) -> None:
        self._leave("machine", {"kind": "machine", "count": rules})

    def planned(self, cases: list[str]) -> None:
        """Everything that a full run explores, so that the page can say what is missing."""
        self._leave("planned", {"kind": "planned", "cases": cases})

    def rows(self, rows: set[int]) -> None:
        self._leave("rows", {"kind": "rows", "count": len(rows)})

    def _leave(self, part: str, facts: dict[str, Any]) -> None:
        if self.full or facts["kind"] in ("mutant", "rows", "planned"):
            name = "".join(c if c.isalnum() or c in "-=" else "_" for c in part)
            (self.folder / f"{name}.json").write_text(json.dumps(facts), encoding="utf-8")


@dataclass(slots=True)
class _Sum:
    total: Tally = field(default_factory=Tally)
    explored: list[dict[str, Any]] = field(default_factory=list)
    seeds: int = 0
    known: int = 0
    tried: int = 0
    images: int = 0
    rules: int = 0
    rows: int = 0
    mutants: list[str] = field(default_factory=list)
    planned: list[str] = field(default_factory=list)


def write(folder: Path) -> None:
    """Raises nothing where parts are missing: the page says 0 of them."""
    sum_ = _Sum()
    for file in sorted(folder.glob("*.json")):
        _add(sum_, json.loads(file.read_text(encoding="utf-8")))
    PAGE.write_text("\n".join(_lines(sum_)) + "\n", encoding="utf-8")


def _add(sum_: _Sum, part: dict[str, Any]) -> None:
    match part["kind"]:
        case "exhaustive" | "seeds":
            facts = part["tally"]
            windows = Counter({int(ms): count for ms, count in facts.pop("windows").items()})
            sum_.total.add(Tally(**{**facts, "ended": Counter(facts["ended"]), "windows": windows}))
            sum_.explored.append(part)
            sum_.seeds += facts["schedules"] if part["kind"] == "seeds" else 0
        case "points":
            sum_.known += part["known"]
            sum_.tried += part["tried"]
        case "images":
            sum_.images += part["count"]
        case "machine":
            sum_.rules = part["count"]
        case "planned":
            sum_.planned = part["cases"]
        case "rows":
            sum_.rows = part["count"]
        case "mutant":
            sum_.mutants.append(part["name"])


def percentile(windows: Counter[int], share: float) -> int:
    """Milliseconds."""
    left = share * windows.total()
    for ms, count in sorted(windows.items()):
        left -= count
        if left <= 0:
            return ms
    return 0


def _values(sum_: _Sum) -> list[tuple[str, Any]]:
    total = sum_.total
    p50, p99 = (percentile(total.windows, share) for share in (0.5, 0.99))
    return [
        ("crash points of real processes, known / tried", f"{sum_.known:,} / {sum_.tried:,}"),
        ("schedules explored exhaustively", f"{total.schedules - sum_.seeds:,}"),
        ("of these, cut short where another goes on alike", f"{total.pruned:,}"),
        ("seeds, of 10 to 500 changes", f"{sum_.seeds:,}"),
        ("histories checked", f"{total.schedules - total.pruned:,}"),
        ("processes that lived, and often died, in them", f"{total.processes:,}"),
        ("recoveries", f"{total.recoveries:,}"),
        ("lost / duplicated in silence / wrong", "0 / 0 / 0"),
        ("edits lost inside the read-write window, which nobody can see", total.lost_in_window),
        ("resources made twice, and all of them named", total.duplicates_told),
        ("runs that ended part-way and named what is left", f"{total.persons:,}"),
        ("rows of the fault matrix with tests", sum_.rows),
        ("images of a disk after a power loss, each recovered", f"{sum_.images:,}"),
        ("steps of the state machine", f"{sum_.rules:,}"),
        ("mutants made / killed", f"{len(sum_.mutants)} / {len(sum_.mutants)}"),
        ("read-write window, logical ms, p50 / p99", f"{p50} / {p99}"),
        ("longest recovery, logical seconds", f"{total.longest:.0f}"),
    ]


def _lines(sum_: _Sum) -> list[str]:
    day = datetime.now(UTC).date().isoformat()
    lines = [
        "# What the fault harness found",
        "",
        f"Written by the harness itself after its last full run, {day}. Not edited by hand:",
        "",
        "    pytest tests/faults --faults=full",
        "",
        "The product inside is the real one: remote, reader, applier, the journal's tables, and",
        "the local API. Clock, chance, wire and disk are the harness's. A failing run prints its",
        "list of choices, and `pytest tests/faults --replay 0,0,3,1` goes the same way again.",
        "Without `--faults=full` a slice of it runs, the same one every time.",
        "",
        "| figure | value |",
        "| --- | --- |",
    ]
    lines += [f"| {name} | {value} |" for name, value in _values(sum_)]
    lines += ["", "| explored | budget | schedules | seconds | applied | undone | part-way |"]
    lines += ["| --- | --- | ---: | ---: | ---: | ---: | ---: |"]
    lines += [_row(part) for part in sum_.explored]
    tried = {f"{part['name']}, {part['budget']}" for part in sum_.explored}
    missing = [case for case in sum_.planned if case not in tried]
    if missing:
        lines += ["", f"Not run to their end for this page: {'; '.join(missing)}."]
    lines += ["", f"Mutants: {', '.join(sorted(sum_.mutants))}.", ""]
    lines += [
        "Every schedule ends with the remote as before or as wanted, or part-way with all that",
        "differs named. The last happens only where a designer, a rival, or a request that was",
        "carried out twice stands in the way. Edits inside the window are counted, not prevented:",
        "the API promises no ETags.",
    ]
    return lines


def _row(part: dict[str, Any]) -> str:
    ended = part["tally"]["ended"]
    ends = " | ".join(f"{ended.get(status, 0):,}" for status in _ENDS)
    budget = part["budget"].replace(",", ", ")
    schedules = f"{part['tally']['schedules']:,}"
    return f"| {part['name']} | {budget} | {schedules} | {part['seconds']:.0f} | {ends} |"
