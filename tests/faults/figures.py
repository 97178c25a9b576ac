"""What each part of the harness leaves behind for the page of figures.

A part is a file of its own in pytest's cache, so that parts may run in several processes, or one
by one; the page is written from all of them.
"""

import json
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from faults.play import Broken, Tally

_OF_EVERY_RUN = ("mutants", "mutant", "rows", "planned")
"""The others are measured in full, or not at all."""


@dataclass(frozen=True, slots=True)
class Figures:
    folder: Path
    full: bool

    @contextmanager
    def exploring(self, kind: str, name: str, budget: str = "") -> Iterator[Tally]:
        """What came of it is left behind also where a schedule broke a promise."""
        tally, begun = Tally(), time.perf_counter()

        def leave() -> None:
            facts = {name: getattr(tally, name) for name in Tally.__slots__}
            more = {"name": name, "budget": budget, "seconds": time.perf_counter() - begun}
            self._leave(f"{kind}-{name}-{budget}", kind, **more, tally=facts)

        try:
            yield tally
        except Broken:
            leave()
            raise
        leave()

    @contextmanager
    def points(self, what: str, store: str, known: int) -> Iterator[list[str]]:
        """To be given each point where a real process was killed, and recovered."""
        tried: list[str] = []
        part = what if store == "SQLite" else f"{what}, {store}"
        try:
            yield tried
        finally:
            facts = {"store": store, "known": known, "tried": len(tried)}
            self._leave(f"points-{part}", "points", **facts)

    def window(self, latency: int, windows: Sequence[float]) -> None:
        """Between a guard reading and each write that rests on it, over HTTP; milliseconds."""
        self._leave(f"window-{latency}", "window", latency=latency, windows=list(windows))

    def images(self, what: str, count: int) -> None:
        """Of a disk after a power loss, each recovered."""
        self._leave(f"images-{what}", "images", count=count)

    def mutants(self, names: Sequence[str]) -> None:
        """All that were made."""
        self._leave("mutants", "mutants", names=list(names))

    @contextmanager
    def mutant(self, name: str) -> Iterator[None]:
        """Killed, unless what stands in here raises."""
        killed = False
        try:
            yield
            killed = True
        finally:
            self._leave(f"mutant-{name}", "mutant", name=name, killed=killed)

    def machine(self, steps: int) -> None:
        self._leave("machine", "machine", count=steps)

    def planned(self, what: str, cases: Sequence[str]) -> None:
        """Everything that a full run explores, so that the page can say what is missing."""
        part = "planned" if what == "exhaustive" else f"planned-{what}"
        self._leave(part, "planned", cases=list(cases))

    def rows(self, rows: set[int]) -> None:
        self._leave("rows", "rows", count=len(rows))

    def _leave(self, part: str, kind: str, **facts: Any) -> None:
        if self.full or kind in _OF_EVERY_RUN:
            name = "".join(c if c.isalnum() or c in "-=" else "_" for c in part)
            text = json.dumps({"kind": kind, **facts})
            (self.folder / f"{name}.json").write_text(text, encoding="utf-8")
