"""The person at the terminal: sees the plan, is asked, answers."""

import select
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from cfsync.cli.progress import Progress
from cfsync.cli.screen import Screen, write
from cfsync.report.inert import inert

if TYPE_CHECKING:
    from cfsync.model.plan import Plan

_POLL: Final = 0.25
"""Seconds after which a Ctrl-C is heard at the latest."""


def _line() -> str:
    """A line, once there is one; until then Ctrl-C is heard, which a blocked read might miss."""
    while not select.select([sys.stdin], [], [], _POLL)[0]:
        pass
    return sys.stdin.readline()


@dataclass(frozen=True, slots=True)
class AtTerminal:
    """A `Person`."""

    screen: Screen
    progress: Progress
    read: Callable[[], str] = _line

    @property
    def present(self) -> bool:
        return self.screen.interactive

    def see(self, plan: "Plan") -> None:
        self.progress.clear()
        if not self.screen.json:
            from cfsync.report.text import plan_sheet  # noqa: PLC0415 - few commands have a plan

            # what it refuses is said by the error that follows
            self.screen.result(plan_sheet(replace(plan, refusals=())))

    def agrees(self, question: str) -> bool:
        return self._answer(f"{question} [y/N] ").lower() in ("y", "yes")

    def types(self, question: str, expected: str) -> bool:
        return self._answer(f"{question} ") == expected

    def _answer(self, question: str) -> str:
        with _plain_interrupt():
            write(self.screen.err, "\n" + inert(question))
            return self.read().strip()


@contextmanager
def _plain_interrupt() -> Iterator[None]:
    """Ctrl-C ends the waiting at once; asyncio would only note it for later."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
