"""Where a resource stands, split for showing: project, page, and the rest of the address."""

from typing import NamedTuple

from cfsync.model.mark import Mark
from cfsync.report.sheet import Span


class Place(NamedTuple):
    project: str
    page: str
    rest: str

    @property
    def depth(self) -> int:
        """0 for a project, 1 for a page, 2 for an element."""
        return 2 if self.rest else 1 if self.page else 0

    @property
    def label(self) -> str:
        return self.rest or self.page or self.project


def place(address: str) -> Place:
    left, _, rest = address.partition("#")
    project, _, page = left.partition(":")
    return Place(project, page, rest)


def near(address: str, other: str) -> str:
    """`other` as short as it can be said beside `address`: on the same page without its page."""
    here, there = place(address), place(other)
    if here.project != there.project:
        return other
    if here.page != there.page or not there.rest:
        return other.removeprefix(f"{there.project}:")
    return there.rest


def written_at(mark: Mark | None) -> list[Span]:
    """Nothing for what was not read from a file."""
    return [] if mark is None or not mark.line else [Span(f"  {mark.file}:{mark.line}", "dim")]
