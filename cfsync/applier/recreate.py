"""Makes again what a delete took away: the whole subtree, top-down, under new ids."""

from collections.abc import Sequence

from cfsync import limits
from cfsync.applier import operation as operations
from cfsync.applier.courier import Courier
from cfsync.applier.former_rows import FormerRows
from cfsync.applier.halts import conflict
from cfsync.applier.images import translated
from cfsync.applier.means import Means
from cfsync.applier.operation import Operation
from cfsync.applier.readings import Readings
from cfsync.applier.undo_notes import UndoNotes
from cfsync.errors import NotFound
from cfsync.model.base import Base, BaseChange, PutBase
from cfsync.model.live import Item
from cfsync.model.plan import Write
from cfsync.model.values import Fields


class Recreate:
    """What an earlier process made again is looked for, not made a second time."""

    def __init__(self, means: Means, courier: Courier, readings: Readings) -> None:
        self._means = means
        self._ledger = means.ledger
        self._courier = courier
        self._readings = readings
        self._former = FormerRows(means.ledger)

    async def run(self, write: Write) -> None:
        """Raises Refused, Unsure, RemoteError."""
        intent = operations.from_json(self._ledger.step(write.number).intent, frozenset())
        if intent.subtree is None:
            raise conflict("the journal does not say what was deleted")
        rows = self._former.of(write.number)
        root = intent.subtree.item
        if not self._begun(write):
            await self._refuse_if_there(root)
        for node in intent.subtree.walk():
            await self._make(write, node.item, rows.get(node.item.id), is_root=node.item is root)
        await self._close(write, self._ledger.now(root.id), [])

    def _begun(self, write: Write) -> bool:
        return any(number == write.number and part for number, part in self._ledger.parts)

    async def _refuse_if_there(self, root: Item) -> None:
        """Answered as deleted, and there all the same: the reading may lag, or the API be wrong.

        Made again now, it could be there twice; believed, it could be lost.
        """
        for _ in range(1, limits.LISTING_ATTEMPTS):
            if not await self._is_there(root):
                return
            await self._means.stop.sleep(self._means.clock, self._means.environment.settle)
        if await self._is_there(root):
            raise conflict("the API answered that it was deleted, and lists it all the same")

    async def _is_there(self, root: Item) -> bool:
        if root.kind != "element":
            return await self._readings.get(root.kind, root.id) is not None
        try:
            reading = await self._readings.list((root.kind, self._now(root.scope)))
        except NotFound:
            return False
        return root.id in reading.items

    async def _close(self, write: Write, id_: str, changes: Sequence[BaseChange]) -> None:
        notes = UndoNotes(self._means, write.number, "", lambda _: changes)
        await notes.settled(None, id_, looked_up=False)

    async def _make(self, write: Write, was: Item, row: Base | None, *, is_root: bool) -> None:
        part = self._ledger.part(write.number, was.id)
        if part.state == "done":
            return

        def rows(item: Item | None) -> list[BaseChange]:
            if row is None or item is None:
                return []
            return [PutBase(self._former.recreated(row, item))]

        notes = UndoNotes(self._means, write.number, was.id, rows, old=was.id, final=False)
        if part.intent and part.state != "not_done":
            operation = operations.from_json(part.intent, part.siblings)
            if await self._courier.look_up(operation, notes, wait=0):
                return
        siblings = part.siblings
        if is_root and not part.intent:
            siblings = await self._siblings(was)
        operation = self._operation(write, was, siblings)
        await self._courier.carry(operation, notes, tried=part.attempts)

    def _operation(self, write: Write, was: Item, siblings: frozenset[str]) -> Operation:
        fields: Fields = self._means.images.whole(was)
        return Operation(
            verb="create",
            kind=was.kind,
            address=write.address,
            id=None,
            scope=self._now(was.scope),
            body=translated(fields, self._ledger.new_ids),
            key=self._means.new_key(),
            siblings=siblings,
        )

    async def _siblings(self, was: Item) -> frozenset[str]:
        reading = await self._readings.read((was.kind, self._now(was.scope)))
        return frozenset(item.id for item in reading.below(self._now(was.parent)))

    def _now(self, id_: str | None) -> str | None:
        return None if id_ is None else self._ledger.now(id_)
