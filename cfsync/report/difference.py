"""What differs inside two lists, or two long values, in lines for people. deepdiff finds it."""

import difflib
from collections.abc import Iterator
from typing import Any, Final

from cfsync.model.values import Json, Maybe
from cfsync.report.sheet import Sheet, Span, Style
from cfsync.report.values import ARROW, long, shown, shown_pair

_MOST: Final = 12
"""Lines for one value; the JSON of a plan always has it whole."""


def deserves_lines(before: Maybe, after: Maybe) -> bool:
    """Whether the two are worth more than `old → new` on one line."""
    if isinstance(before, str) and isinstance(after, str):
        return "\n" in before.strip("\n") and "\n" in after.strip("\n")
    same_kind = isinstance(before, list) and isinstance(after, list)
    same_kind = same_kind or (isinstance(before, dict) and isinstance(after, dict))
    return same_kind and (long(before) or long(after))


def difference(before: Json, after: Json) -> Sheet:
    lines = _of_text(before, after) if isinstance(before, str) else _of_values(before, after)
    sheet = Sheet()
    every = list(lines)
    for line in every[:_MOST]:
        sheet.line(*line)
    if len(every) > _MOST:
        sheet.line(Span(f"… and {len(every) - _MOST} more differences", "dim"))
    return sheet


def _of_text(before: str, after: str) -> Iterator[list[str | Span]]:
    """Changed lines of a text, with one unchanged line around them."""
    styles: dict[str, Style] = {"-": "delete", "+": "create"}
    compared = difflib.unified_diff(before.split("\n"), after.split("\n"), lineterm="", n=1)
    for number, line in enumerate(compared):
        if number > 1 and not line.startswith("@@"):
            yield [Span(f"{line[:1]} {line[1:]}"[:100], styles.get(line[:1], "dim"))]


def _of_values(before: Json, after: Json) -> Iterator[list[str | Span]]:
    from deepdiff import DeepDiff  # noqa: PLC0415 - 120 ms, and few plans need it

    tree = DeepDiff(
        _plain(before),
        _plain(after),
        view="tree",
        verbose_level=2,
        ignore_numeric_type_changes=True,
        threshold_to_diff_deeper=0,  # else two unlike lists are one change, shown whole
    )
    levels = [level for found in tree.values() for level in found]
    for level in sorted(levels, key=lambda level: [_sortable(step) for step in _path(level)]):
        yield _entry(level)
    if not levels:  # to Python, and so to deepdiff, true is 1
        left, right = shown_pair(before, after)
        yield [left, ARROW, right]


def _plain(value: Json) -> Json:
    """Values from files are of classes that know their places; deepdiff would see other types."""
    if isinstance(value, dict):
        return {key: _plain(entry) for key, entry in value.items()}
    return [_plain(entry) for entry in value] if isinstance(value, list) else value


def _entry(level: Any) -> list[str | Span]:
    name = _name(_path(level))
    if "added" in level.report_type:
        return [Span(f"+ {name}  {shown(level.t2)}", "create")]
    if "removed" in level.report_type:
        return [Span(f"- {name}  {shown(level.t1)}", "delete")]
    left, right = shown_pair(level.t1, level.t2)
    return [Span(f"~ {name}  ", "update"), left, ARROW, right]


def _path(level: Any) -> list[str | int]:
    path: list[str | int] = level.path(output_format="list")
    return path


def _sortable(step: str | int) -> tuple[int, str]:
    return (step, "") if isinstance(step, int) else (-1, step)


def _name(path: list[str | int]) -> str:
    """`[2].title`."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return "".join(steps).removeprefix(".")
