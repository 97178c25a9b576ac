"""Which requests a fault concerns: `@7`, `@3..5`, `@w2..`, and the options `on` and `chance`."""

import re
from dataclasses import dataclass
from typing import Final, Literal

from cfsync.emulator.calls import Call
from cfsync.emulator.designer import CannotEdit
from cfsync.emulator.faults.world import Words, World

_WHEN: Final = re.compile(r"([wr]?)(?:([0-9]+)(\.\.([0-9]+)?)?|\.\.)?")
USAGE: Final = (
    "@7 the seventh request · @3.. from the third on · @3..5 · @w2 the second write · @r2.. reads; "
    "on=NAME requests for that resource · chance=0.1 one in ten"
)


@dataclass(frozen=True, slots=True)
class When:
    counted: Literal["", "w", "r"] = ""
    """All requests, writes, or reads; numbers go from 1 and by that count."""
    first: int = 1
    last: int | None = None
    on: str = ""
    """Only requests whose path holds the id of this resource."""
    chance: float = 1.0

    def matches(self, call: Call, world: World) -> bool:
        if self.counted and (self.counted == "w") != call.is_write:
            return False
        number = call.nth if self.counted else call.number
        if number < self.first or (self.last is not None and number > self.last):
            return False
        if self.on and not _is_about(call, self.on, world):
            return False
        return self.chance >= 1 or world.random.random() < self.chance


def parse(text: str, words: Words, *, open_ended: bool = False) -> When:
    """Read what stands behind `@`. Raises ValueError.

    `open_ended`: a single number means from there on.
    """
    match = _WHEN.fullmatch(text)
    if match is None or match[2] == "0":
        raise ValueError(f"@{text} says no request: {USAGE}")
    counted, first, dots, last = match.groups()
    begin = int(first or 1)
    end = int(last) if last else None if dots or not first or open_ended else begin
    if end is not None and end < begin:
        raise ValueError(f"@{text} ends before it begins")
    return When(
        counted="w" if counted == "w" else "r" if counted == "r" else "",
        first=begin,
        last=end,
        on=words.option("on"),
        chance=_chance(words.option("chance", "1")),
    )


def _chance(text: str) -> float:
    try:
        chance = float(text)
    except ValueError:
        chance = -1
    if not 0 <= chance <= 1:
        raise ValueError(f"chance={text} is not between 0 and 1")
    return chance


def _is_about(call: Call, name: str, world: World) -> bool:
    try:
        return world.designer.find(name) in call.path.split("/")
    except CannotEdit:  # not there yet, or no longer
        return False
