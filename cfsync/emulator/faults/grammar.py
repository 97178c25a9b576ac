"""A fault as text: `NAME[=ARGUMENT][@REQUESTS] [words]`."""

import re
import shlex
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from cfsync.emulator.answers import Answer
from cfsync.emulator.calls import Call
from cfsync.emulator.faults import edits, listings, outages, refusals, spoiled, storing, when
from cfsync.emulator.faults.world import Act, Sayable, Serve, Words, World
from cfsync.errors import UsageError

_HEAD: Final = re.compile(r"(?P<name>[a-z0-9-]+)(?:=(?P<argument>[^@]*))?(?:@(?P<when>.*))?")
_FROM_THEN_ON: Final = frozenset({"revoke"})
_SAYABLE: Final[dict[str, Sayable]] = {
    **outages.SAYABLE,
    **spoiled.SAYABLE,
    **refusals.SAYABLE,
    **listings.SAYABLE,
    **storing.SAYABLE,
    **edits.SAYABLE,
}


@dataclass(frozen=True, slots=True)
class Fault:
    """Belongs to one Api: some faults count and remember."""

    act: Act
    when: Callable[[Call, World], bool] = when.When().matches
    text: str = ""
    """As it was said."""
    first: bool = False
    """Acts before those that are named before it."""

    @classmethod
    def parse(cls, text: str) -> "Fault":
        """Raises UsageError, which lists what can be said."""
        try:
            return _parsed(text)
        except ValueError as error:
            raise UsageError(
                f"the fault {text!r} cannot be understood",
                why=str(error),
                next_step="choose one of:\n" + "\n".join(sayable()),
            ) from error

    def concerns(self, call: Call, world: World) -> bool:
        return self.when(call, world)

    def around(self, serve: Serve, world: World) -> Serve:
        def served(call: Call) -> Answer:
            return self.act(call, serve, world)

        return served


def sayable() -> Iterator[str]:
    """One line for each fault, and one for which requests it concerns."""
    known = ((each.usage, each.meaning) for each in _SAYABLE.values())
    for usage, meaning in (*refusals.STATUS_USAGE, *known):
        yield f"  {usage:34} {meaning}"
    yield f"  {'NAME@REQUESTS':34} {when.USAGE}"


def _parsed(text: str) -> Fault:
    head, *rest = shlex.split(text) or [""]
    match = _HEAD.fullmatch(head)
    if match is None:
        raise ValueError("it has to begin like 500@7 or latency=50ms")
    options = dict(word.split("=", 1) for word in rest if "=" in word)
    words = Words(match["argument"] or "", [word for word in rest if "=" not in word], options)
    name = match["name"]
    moment = when.parse(match["when"] or "", words, open_ended=name in _FROM_THEN_ON)
    act = _make(name, words)
    left = [*words.names, *words.options]
    if left:
        raise ValueError(f"{name} does not know {', '.join(left)}")
    # a designer's edit lasts, even where a lagging read is taken back
    return Fault(act, moment.matches, text, first=name in edits.SAYABLE)


def _make(name: str, words: Words) -> Act:
    status = refusals.STATUS.fullmatch(name)
    if status is not None:
        return refusals.status(status, words)
    known = _SAYABLE.get(name)
    if known is None:
        near = get_close_matches(name, _SAYABLE, n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise ValueError(f"there is no fault {name!r}{hint}")
    try:
        return known.make(words)
    except ValueError as error:
        raise ValueError(f"{name} {error}") from error
