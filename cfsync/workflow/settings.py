"""What every story is told first: where, which environment, and who listens."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from cfsync.model.plan import Plan


def command_line(root: Path, *words: str) -> str:
    """A command of cfsync, to be typed where this one was."""
    there = () if root == Path() else ("-C", str(root))
    return " ".join(("cfsync", *(quote(word) for word in (*there, *words))))


class Listener(Protocol):
    """Told what goes on, apart from the result."""

    def status(self, text: str) -> None: ...

    def progress(self, done: int, of: int, what: str) -> None: ...


class Person(Protocol):
    """Whom a story can ask; in a pipeline nobody is present."""

    @property
    def present(self) -> bool: ...

    def see(self, plan: "Plan") -> None:
        """Shown before anything is asked, whether somebody is present or not."""
        ...

    def agrees(self, question: str) -> bool: ...

    def types(self, question: str, expected: str) -> bool:
        """Whether the answer is exactly what is expected."""
        ...


@dataclass(frozen=True, slots=True)
class Settings:
    root: Path
    """Folder of the configuration."""
    environment: str | None
    """None: the configuration's default."""
    environ: Mapping[str, str]
    listener: Listener
