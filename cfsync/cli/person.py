"""The person at the terminal: sees the plan, is asked, answers."""

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cfsync.cli.progress import Progress
from cfsync.cli.screen import Screen, write
from cfsync.report.inert import inert

if TYPE_CHECKING:
    from cfsync.model.plan import Plan


def _line() -> str:
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

            self.screen.result(plan_sheet(plan))

    def agrees(self, question: str) -> bool:
        return self._answer(f"{question} [y/N] ").lower() in ("y", "yes")

    def types(self, question: str, expected: str) -> bool:
        return self._answer(f"{question} ") == expected

    def _answer(self, question: str) -> str:
        write(self.screen.err, "\n" + inert(question))
        with _plain_interrupt():
            return self.read().strip()


@contextmanager
def _plain_interrupt() -> Iterator[None]:
    """Ctrl-C ends the waiting at once; asyncio would only note it for later."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
