"""Spares what would go on alike: a dead process leaves nothing but the site and the journal.

Two schedules that died with the same lines in the journal, the same site and the same budget have
the same futures, so only the first is followed. What is left out of the comparison are deadlines
and idempotency keys, which decide nothing while no request is late.
"""

from collections.abc import Callable
from hashlib import sha256

from faults.chooser import Pruned
from faults.history import Appended
from faults.world import World

_PASSING = ("deadline", "key", "who")


class Pruning:
    def __init__(self) -> None:
        self._first: dict[bytes, tuple[int, ...]] = {}
        """By state: the choices that led there first."""

    @property
    def states(self) -> int:
        return len(self._first)

    def on_crash(self, world: World) -> None:
        """Raises Pruned."""
        choices = world.choose.choices
        if self._first.setdefault(_state(world), choices) != choices:
            raise Pruned


def _state(world: World) -> bytes:
    lines = [
        (
            record.kind,
            record.write,
            record.attempt,
            [pair for pair in record.body.items() if pair[0] not in _PASSING],
        )
        for happening in world.history
        if isinstance(happening, Appended)
        for record in happening.records
    ]
    text = repr((lines, world.state(ids=True), world.budget, world.calm))
    return sha256(text.encode()).digest()


def pruned(may_prune: bool) -> Callable[[World], None]:
    return Pruning().on_crash if may_prune else lambda _: None
