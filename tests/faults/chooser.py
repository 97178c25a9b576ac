"""Every place where the world may differ asks `choose(n)`.

So the same code is an exhaustive explorer, a seeded fuzzer, and a replayer: only the chooser
differs. A run is named by its list of choices, and nothing else.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Protocol


class Choose(Protocol):
    """One of `n` ways, 0 being the ordinary one. `kind` names the place, for weighing seeds."""

    def __call__(self, n: int, kind: str = "") -> int: ...

    @property
    def choices(self) -> tuple[int, ...]: ...


class Pruned(BaseException):
    """This schedule has come to a state from which another one goes on alike."""


@dataclass(slots=True)
class Chooser:
    """Replays a prefix, then takes the ordinary way; remembers how many there were."""

    prefix: Sequence[int] = ()
    trace: list[tuple[int, int]] = field(default_factory=list)

    def __call__(self, n: int, kind: str = "") -> int:
        place = len(self.trace)
        choice = self.prefix[place] if place < len(self.prefix) else 0
        if choice >= n:
            raise ValueError(f"choice {place} is {choice}, but there are {n} ways")
        self.trace.append((choice, n))
        return choice

    @property
    def choices(self) -> tuple[int, ...]:
        return tuple(choice for choice, _ in self.trace)


@dataclass(slots=True)
class Swarm:
    """By seed. Each kind of place is left ordinary, or troubled, at a rate drawn for the run.

    With uniform choices nearly every run would end in trouble, and the way forward would hardly
    be tried.
    """

    seed: int
    trace: list[int] = field(default_factory=list)
    rates: dict[str, float] = field(default_factory=dict)
    random: Random = field(init=False)

    def __post_init__(self) -> None:
        self.random = Random(self.seed)

    def __call__(self, n: int, kind: str = "") -> int:
        if kind not in self.rates:
            self.rates[kind] = self.random.choice((0.0, 0.0, 0.005, 0.02, 0.1))
        troubled = n > 1 and (not kind or self.random.random() < self.rates[kind])
        choice = self.random.randrange(0 if not kind else 1, n) if troubled else 0
        self.trace.append(choice)
        return choice

    @property
    def choices(self) -> tuple[int, ...]:
        return tuple(self.trace)


def explore(run: Callable[[Chooser], None], *, part: int = 0, parts: int = 1) -> Iterator[Chooser]:
    """Every schedule exactly once, depth first; there is no state to copy.

    One of several parts takes those whose first extraordinary choice is at each so-manieth place,
    and the ordinary schedule, which is in all parts.
    """
    ordinary = Chooser()
    run(ordinary)
    yield ordinary
    for place, (_, ways) in reversed(list(enumerate(ordinary.trace))):
        if place % parts == part:
            for way in range(1, ways):
                yield from _below(run, [0] * place + [way])


def _below(run: Callable[[Chooser], None], within: Sequence[int]) -> Iterator[Chooser]:
    """All that begin so."""
    prefix = list(within)
    while True:
        chooser = Chooser(prefix)
        run(chooser)
        yield chooser
        left = list(chooser.trace)
        while len(left) > len(within) and left[-1][0] + 1 >= left[-1][1]:
            left.pop()
        if len(left) <= len(within):
            return
        prefix = [choice for choice, _ in left[:-1]] + [left[-1][0] + 1]
