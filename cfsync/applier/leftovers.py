"""What a run made without knowing it: looked for before an undo is said to be complete."""

from collections.abc import Iterator, Sequence

from cfsync.applier import operation as operations
from cfsync.applier.means import Means
from cfsync.applier.operation import Operation
from cfsync.applier.readings import Collection, Reading, Readings
from cfsync.errors import NotFound
from cfsync.model.plan import Write
from cfsync.model.run import Left


class Leftovers:
    """A create that was given up and landed after all, or one that was carried out twice."""

    def __init__(self, means: Means, writes: Sequence[Write], readings: Readings) -> None:
        self._means = means
        self._ledger = means.ledger
        self._writes = writes
        self._readings = readings
        self._read: dict[Collection, Reading | None] = {}

    async def found(self) -> list[Left]:
        """Each collection concerned is listed once. Raises RemoteError."""
        return [
            Left(operation.address, id_, why)
            for operation, why in (*self._made(), *self._made_again())
            for id_ in await self._candidates(operation)
        ]

    def _made(self) -> Iterator[tuple[Operation, str]]:
        """On the way forward, whose own last look may never have come."""
        for number, step in self._ledger.steps.items():
            told = number in self._ledger.skipped or not step.intent
            if told or self._writes[number].verb != "create":
                continue
            siblings = self._ledger.siblings_for(number)
            operation = operations.from_json(step.intent, siblings)
            if step.doubtful:
                yield operation, "it was made after this run had given it up"
            else:
                yield operation, "it is there more than once, and this run took back one of them"

    def _made_again(self) -> Iterator[tuple[Operation, str]]:
        for part in self._ledger.parts.values():
            if part.state == "done" and part.intent.get("verb") == "create":
                operation = operations.from_json(part.intent, part.siblings)
                yield operation, "it was made again more than once"

    async def _candidates(self, operation: Operation) -> list[str]:
        reading = await self._reading((operation.kind, operation.scope))
        known = operation.siblings | self._ledger.ours
        images = self._means.images
        return [
            item.id
            for item in (reading.items.values() if reading else ())
            if item.id not in known
            and images.is_like(item, operation.body)
            and images.holds(item, operation.body)
        ]

    async def _reading(self, collection: Collection) -> Reading | None:
        """None where what held it is gone."""
        if collection not in self._read:
            try:
                self._read[collection] = await self._readings.list(collection)
            except NotFound:
                self._read[collection] = None
        return self._read[collection]
