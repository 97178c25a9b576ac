"""What a fault may touch."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Protocol, TypeAlias

from cfsync.emulator.answers import Answer, Meta
from cfsync.emulator.calls import Call
from cfsync.emulator.designer import Designer
from cfsync.emulator.store import Store

Serve: TypeAlias = Callable[[Call], Answer]
"""The rest: further faults, then the API itself."""


class World(Protocol):
    @property
    def now(self) -> Callable[[], float]: ...
    @property
    def random(self) -> Random: ...
    @property
    def designer(self) -> Designer: ...
    @property
    def store(self) -> Store: ...
    def meta(self, call: Call) -> Meta: ...
    def later(self, seconds: float, call: Call) -> None: ...


Act: TypeAlias = Callable[[Call, Serve, World], Answer]
"""Answers a request, mostly by way of `serve`. May raise Lost or NotSent."""


def always(act: Act) -> "Callable[[Words], Act]":
    """For a fault that takes no words."""
    return lambda _words: act


@dataclass(slots=True)
class Words:
    """What stands behind a fault's name. The maker takes what it knows; the rest is an error."""

    argument: str
    names: list[str]
    options: dict[str, str]

    def name(self, what: str) -> str:
        """Raises ValueError where it is missing."""
        if not self.names:
            raise ValueError(f"says no {what}")
        return self.names.pop(0)

    def option(self, name: str, default: str = "") -> str:
        return self.options.pop(name, default)

    def all_options(self) -> dict[str, str]:
        taken, self.options = self.options, {}
        return taken


@dataclass(frozen=True, slots=True)
class Sayable:
    """A fault that can be said: how, what it does, and what makes it of its words."""

    usage: str
    meaning: str
    make: Callable[[Words], Act]
    """Raises ValueError, its message going on after the fault's name."""
