"""What was measured, and what was asked of it, as Markdown."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from bench.process import Figures


@dataclass(frozen=True, slots=True)
class Row:
    what: str
    who: str
    figures: Figures
    requests: str = ""


@dataclass(frozen=True, slots=True)
class Goal:
    """Something asked of cfsync: at most so much (or at least, where `least`)."""

    what: str
    value: float
    must: float
    stretch: float | None = None
    least: bool = False
    unit: str = ""
    shown: str = ""
    """Instead of the value, where that says more."""

    @property
    def verdict(self) -> str:
        if self.stretch is not None and self._within(self.stretch):
            return "stretch met"
        return "met" if self._within(self.must) else "**missed**"

    def _within(self, bound: float) -> bool:
        return self.value >= bound if self.least else self.value <= bound


@dataclass(slots=True)
class Report:
    rows: list[Row] = field(default_factory=list)
    goals: list[Goal] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, what: str, who: str, figures: Figures, requests: object = "") -> Figures:
        self.rows.append(Row(what, who, figures, str(requests)))
        return figures

    def goal(self, goal: Goal) -> None:
        self.goals.append(goal)

    def markdown(self) -> Iterator[str]:
        yield from self._goals()
        yield ""
        yield from self._rows()
        yield ""
        for note in self.notes:
            yield f"- {note}"

    def _goals(self) -> Iterator[str]:
        yield "| asked of cfsync | must | stretch | measured | verdict |"
        yield "| --- | --- | --- | --- | --- |"
        for goal in self.goals:
            sign = ">=" if goal.least else "<="
            must = f"{sign} {_number(goal.must)}{goal.unit}"
            stretch = "" if goal.stretch is None else f"{sign} {_number(goal.stretch)}{goal.unit}"
            shown = goal.shown or f"{_number(goal.value)}{goal.unit}"
            yield f"| {goal.what} | {must} | {stretch} | {shown} | {goal.verdict} |"

    def _rows(self) -> Iterator[str]:
        yield "| what | who | wall s, median (least-most) | cpu s | peak MiB | runs | requests |"
        yield "| --- | --- | --- | --- | --- | --- | --- |"
        for row in self.rows:
            one = row.figures
            yield (
                f"| {row.what} | {row.who} | {one.wall:.2f} ({one.spread}) | {one.cpu:.2f} "
                f"| {one.peak:.0f} | {len(one.runs)} | {row.requests} |"
            )


def ratio(goal: str, ours: float, theirs: float, must: float, stretch: float | None) -> Goal:
    """We take at most one `must`-th of their time."""
    shown = f"1/{theirs / ours:.1f}"
    return Goal(goal, ours / theirs, 1 / must, 1 / stretch if stretch else None, shown=shown)


def _number(value: float) -> str:
    if 0 < value < 1 and abs(1 / value - round(1 / value, 1)) < 1e-9:
        return f"1/{1 / value:.3g}"
    return f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"
