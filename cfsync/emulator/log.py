"""What was asked and what was done, for tests and for whoever watches the emulator."""

from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from cfsync.contract import Verb
from cfsync.model.address import KindName

KEPT: Final = 200_000
"""Entries; the oldest go first, so that a server may run for weeks."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and its answer, faults included."""

    number: int
    method: str
    path: str
    """With the query."""
    status: int
    """0: nobody got an answer."""
    at: float


@dataclass(frozen=True, slots=True)
class Commit:
    """A write that was carried out, whatever its sender was told."""

    number: int
    """Of the request; 0 for a designer's edit."""
    verb: Verb
    kind: KindName
    id: str
    at: float


class Log:
    def __init__(self) -> None:
        self.exchanges: deque[Exchange] = deque(maxlen=KEPT)
        self.commits: deque[Commit] = deque(maxlen=KEPT)
        self.methods: Counter[str] = Counter()
        """How often each method was sent."""

    def __iter__(self) -> Iterator[tuple[str, str, int]]:
        """Method, path and status of each request."""
        return ((each.method, each.path, each.status) for each in self.exchanges)

    @property
    def reads(self) -> int:
        return self.methods["GET"]

    @property
    def writes(self) -> int:
        return self.methods["POST"] + self.methods["PATCH"] + self.methods["DELETE"]

    def clear(self) -> None:
        self.exchanges.clear()
        self.commits.clear()
        self.methods.clear()
