"""What the journal learns of one operation of an undo."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cfsync.applier import codec
from cfsync.applier import operation as operations
from cfsync.applier.means import Means
from cfsync.applier.operation import Operation
from cfsync.model.base import BaseChange
from cfsync.model.live import Item
from cfsync.model.run import Failure, Record, RecordKind
from cfsync.model.values import Fields

Rows = Callable[[Item | None], Sequence[BaseChange]]
"""What becomes of the base once the operation is done."""


@dataclass(slots=True)
class UndoNotes:
    """Implements courier.Notes."""

    means: Means
    number: int | None
    """None: no write of the plan, but a reference that follows a changed id."""
    part: str
    """Tells the operations of one write apart; "" where there is only one."""
    rows: Rows
    old: str = ""
    """The id that a recreated resource had."""
    final: bool = True
    """With this operation the write is undone."""
    _told: bool = False

    async def begun(self, operation: Operation, attempt: int, deadline: float) -> None:
        body: Fields = {"deadline": deadline}
        if not self._told:
            body |= operations.to_json(operation)
            if operation.siblings:
                body["siblings"] = sorted(operation.siblings)
            self._told = True
        await self._log("UNDO_INTENT", body, attempt=attempt)

    async def done(self, operation: Operation, item: Item | None, *, looked_up: bool) -> None:
        await self.settled(item, item.id if item else operation.id, looked_up=looked_up)

    async def settled(self, item: Item | None, id_: str | None, *, looked_up: bool) -> None:
        """Also for what needed no request."""
        body: Fields = {"result": "done", "id": id_, "final": self.final, "looked_up": looked_up}
        if item is not None:
            body["item"] = codec.from_item(item)
        if self.old:
            body["old"] = self.old
        await self._log("UNDO_OUTCOME", body, base=self.rows(item))

    async def not_done(self, failure: Failure, *, looked_up: bool) -> None:
        body = {"failure": codec.from_failure(failure), "looked_up": looked_up}
        await self._log("UNDO_OUTCOME", {"result": "not_done", **body})

    async def unknown(self, failure: Failure) -> None:
        body = {"result": "unknown", "failure": codec.from_failure(failure)}
        await self._log("UNDO_OUTCOME", body)

    async def ambiguous(self, why: str, ids: tuple[str, ...]) -> None:
        await self._log("UNDO_OUTCOME", {"result": "ambiguous", "why": why, "ids": list(ids)})

    async def changed(self, why: str) -> None:
        await self._log("UNDO_OUTCOME", {"result": "conflict", "why": why})

    async def _log(
        self, kind: RecordKind, body: Fields, *, attempt: int = 0, base: Sequence[BaseChange] = ()
    ) -> None:
        record = Record(kind, {"part": self.part, **body}, self.number, attempt)
        await self.means.log(record, base=base)
