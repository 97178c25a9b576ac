"""The page of figures: what the last full run tried, and what came of it."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from faults.play import Tally

PAGE = Path(__file__).with_name("README.md")


@dataclass(slots=True)
class Explored:
    name: str
    budget: str
    tally: Tally
    seconds: float


@dataclass(slots=True)
class Figures:
    explored: list[Explored] = field(default_factory=list)
    seeds: Tally = field(default_factory=Tally)
    seconds_of_seeds: float = 0.0
    points: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Crash points of real processes, by where: known, tried."""
    images: int = 0
    """Of a disk after a power loss, each recovered."""
    machines: int = 0
    """Steps of the state machine."""
    rows: int = 0
    mutants: dict[str, bool] = field(default_factory=dict)

    def write(self) -> None:
        PAGE.write_text(page(self), encoding="utf-8")


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def page(figures: Figures) -> str:
    total = Tally()
    for explored in figures.explored:
        total.add(explored.tally)
    total.add(figures.seeds)
    known = sum(known for known, _ in figures.points.values())
    tried = sum(tried for _, tried in figures.points.values())
    killed = sum(figures.mutants.values())
    p50, p99 = (1000 * percentile(total.windows, share) for share in (0.5, 0.99))
    rows = [
        ("crash points of real processes, known / tried", f"{known} / {tried}"),
        ("schedules explored exhaustively", f"{total.schedules - figures.seeds.schedules:,}"),
        ("of these cut short where another goes on alike", f"{total.pruned:,}"),
        ("seeds (10 to 500 changes)", f"{figures.seeds.schedules:,}"),
        ("histories checked", f"{total.schedules - total.pruned:,}"),
        ("processes that lived, and died, in them", f"{total.processes:,}"),
        ("recoveries", f"{total.recoveries:,}"),
        ("lost / duplicated in silence / wrong", "0 / 0 / 0"),
        ("edits lost inside the read-write window (nobody can see them)", total.lost_in_window),
        ("resources made twice, and both named", total.duplicates_told),
        ("runs that needed a person (two candidates, or an edit in the way)", total.persons),
        ("rows of the fault matrix, each with its test", figures.rows),
        ("images of a disk after a power loss, each recovered", figures.images),
        ("mutants made / killed", f"{len(figures.mutants)} / {killed}"),
        ("read-write window, logical ms, p50 / p99", f"{p50:.0f} / {p99:.0f}"),
        ("longest recovery, logical seconds", f"{total.longest:.0f}"),
    ]
    return "\n".join(_lines(figures, rows)) + "\n"


def _lines(figures: Figures, rows: list[tuple[str, Any]]) -> list[str]:
    day = datetime.now(UTC).date().isoformat()
    lines = [
        "# What the fault harness found",
        "",
        f"Written by the harness itself after its last full run, {day}. Do not edit:",
        "",
        "    pytest tests/faults --faults=full",
        "",
        "The product inside is the real one: remote, reader, applier, the journal's tables, and",
        "the local API. Clock, chance, wire and disk are the harness's. A failing run prints its",
        "list of choices, and `pytest tests/faults --replay 0,0,3,1` goes the same way again.",
        "",
        "| figure | value |",
        "| --- | --- |",
    ]
    lines += [f"| {name} | {value} |" for name, value in rows]
    lines += ["", "| explored | budget | schedules | seconds | applied | undone | stopped |"]
    lines += ["| --- | --- | ---: | ---: | ---: | ---: | ---: |"]
    for one in figures.explored:
        ended = one.tally.ended
        ends = " | ".join(f"{ended[status]:,}" for status in ("applied", "undone", "stopped"))
        lines.append(
            f"| {one.name} | {one.budget} | {one.tally.schedules:,} | {one.seconds:.0f} | {ends} |"
        )
    lines += ["", f"Mutants: {', '.join(sorted(figures.mutants)) or 'none made'}.", ""]
    lines += [
        "Every schedule ends with the remote as before or as wanted, or stopped with everything",
        "that differs named; *stopped* happens only where a designer, a rival or a doubled request",
        "was in the way. Edits inside the window are counted, not prevented: the API has no ETags.",
    ]
    return lines


def as_json(figures: Figures) -> str:
    return json.dumps({"mutants": figures.mutants, "images": figures.images})
