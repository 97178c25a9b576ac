"""Progress on stderr, for what takes longer than half a second."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from cfsync.cli.screen import Screen, write
from cfsync.report.inert import inert, inert_start
from cfsync.report.sheet import Span

_QUIET: Final = 0.5
"""Seconds before anything is said."""
_REWRITE: Final = 0.1
"""Seconds between two states of the one line of a terminal."""
_LINE: Final = 10.0
"""Seconds between two lines where nobody watches."""


@dataclass(slots=True)
class Progress:
    """A `Listener` that writes to a screen's stderr."""

    screen: Screen
    clock: Callable[[], float] = time.monotonic
    _started: float | None = None
    _next: float = 0.0
    _shown: bool = False
    _rewrites: bool = field(init=False)

    def __post_init__(self) -> None:
        self._rewrites = self.screen.err.isatty()

    def status(self, text: str) -> None:
        self.clear()
        self.screen.status(Span(text, "dim"))

    def progress(self, done: int, of: int, what: str) -> None:
        now = self.clock()
        if self._started is None:
            self._started = now
            self._next = now + _QUIET
        if now < self._next:
            return
        self._next = now + (_REWRITE if self._rewrites else _LINE)
        self._show(f"{done:,} of {of:,}  {what}" if of else f"{what}: {done:,}")

    def _show(self, text: str) -> None:
        line = inert_start(inert(text))
        if self._rewrites:
            write(self.screen.err, f"\r\x1b[2K{line[:79]}")
            self._shown = True
        else:
            write(self.screen.err, line + "\n")

    def clear(self) -> None:
        """Take the line away, and begin anew with the next thing."""
        if self._shown:
            write(self.screen.err, "\r\x1b[2K")
        self._shown = False
        self._started = None
