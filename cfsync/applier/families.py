"""Creates under one parent, kept apart from the look-ups that would mistake one for another."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TypeAlias

from cfsync.applier.operation import Operation
from cfsync.model.address import KindName

Parent: TypeAlias = tuple[KindName, str | None, str | None]
"""A kind, whose collection, and the element above."""


@dataclass(slots=True)
class _Family:
    in_flight: dict[int, Operation] = field(default_factory=dict)
    """By identity: equal ones are still several."""
    lookups: int = 0
    """Waiting or under way: no new create starts."""
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    unsettled: list[Operation] = field(default_factory=list)
    """Creates of unknown outcome."""


class Families:
    def __init__(self) -> None:
        self._families: dict[Parent, _Family] = {}

    def open(self) -> list[Operation]:
        """All creates, of every family, of which it is not noted yet what became of them."""
        families = self._families.values()
        return [one for each in families for one in (*each.in_flight.values(), *each.unsettled)]

    @asynccontextmanager
    async def create(self, parent: Parent, operation: Operation) -> AsyncIterator[None]:
        """While a create is in flight, until its outcome is noted."""
        family = self._families.setdefault(parent, _Family())
        if family.lookups:
            async with family.changed:
                await family.changed.wait_for(lambda: not family.lookups)
        family.in_flight[id(operation)] = operation
        try:
            yield
        finally:
            del family.in_flight[id(operation)]
            if family.lookups:
                async with family.changed:
                    family.changed.notify_all()

    @asynccontextmanager
    async def lookup(
        self, parent: Parent, operation: Operation, settled: Awaitable[None]
    ) -> AsyncIterator[list[Operation]]:
        """Once `settled` and while no create is in flight.

        Yields all creates here whose outcome is unknown, this one too, as the list stands then.
        """
        family = self._families.setdefault(parent, _Family())
        family.lookups += 1
        family.unsettled.append(operation)
        try:
            await settled
            async with family.changed:
                await family.changed.wait_for(lambda: not family.in_flight)
            async with family.turn:
                await asyncio.sleep(0)  # others that became unknown alike get to say so
                yield family.unsettled
        finally:
            family.unsettled.remove(operation)
            family.lookups -= 1
            async with family.changed:
                family.changed.notify_all()
