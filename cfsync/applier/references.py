"""References to a resource that had to be made again follow it to its new id."""

from collections.abc import Iterator

from msgspec import structs

from cfsync.applier.courier import Courier
from cfsync.applier.images import Leaf, translated
from cfsync.applier.means import Means
from cfsync.applier.operation import Operation
from cfsync.applier.readings import Readings
from cfsync.applier.undo_notes import UndoNotes
from cfsync.model.address import KindName
from cfsync.model.base import Base, BaseChange, PutBase, leaves
from cfsync.model.values import Fields, at, equal


class References:
    """In what was made again, and in every resource that the base knows."""

    def __init__(self, means: Means, courier: Courier, readings: Readings) -> None:
        self._means = means
        self._ledger = means.ledger
        self._courier = courier
        self._readings = readings

    async def follow(self) -> None:
        """Raises Refused, Unsure, RemoteError."""
        if not self._ledger.new_ids:
            return
        rows = await self._means.journal.base()
        for id_ in self._ledger.new_ids.values():
            item = self._ledger.last.get(id_)
            if item is not None and self._mentions(item.fields):
                row = rows.pop(id_, None)
                await self._patch(item.kind, id_, row.address if row else id_, row)
        for id_, row in rows.items():
            if self._mentions(row.stored) or self._mentions(row.sent):
                await self._patch(row.kind, id_, row.address, row)

    def _mentions(self, fields: Fields) -> bool:
        return not equal(fields, translated(fields, self._ledger.new_ids))

    async def _patch(self, kind: KindName, id_: str, address: str, row: Base | None) -> None:
        item = await self._readings.get(kind, id_)
        if item is None:
            return
        edits = tuple(self._edits(item.fields))
        changes: list[BaseChange] = [PutBase(self._followed(row))] if row else []
        notes = UndoNotes(self._means, None, f"references of {id_}", lambda _: changes)
        if not edits:
            await notes.settled(item, id_, looked_up=True)
            return
        body = self._means.images.body(item, edits)
        operation = Operation("update", kind, address, id_, item.scope, body, leaves=edits)
        await self._courier.carry(operation, notes)

    def _edits(self, fields: Fields) -> Iterator[Leaf]:
        for path in leaves(fields):
            value = at(fields, path)
            followed = translated(value, self._ledger.new_ids)
            if not equal(value, followed):
                yield Leaf(path, value, followed)

    def _followed(self, row: Base) -> Base:
        ids = self._ledger.new_ids
        return structs.replace(
            row, sent=translated(row.sent, ids), stored=translated(row.stored, ids)
        )
