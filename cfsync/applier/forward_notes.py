"""What the journal learns of a write of the plan: intent, outcome, and the base's row with it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from cfsync.applier import codec
from cfsync.applier import operation as operations
from cfsync.applier.images import differences, resolved
from cfsync.applier.means import Means
from cfsync.applier.operation import Operation
from cfsync.model.base import Base, BaseChange, DropBase, PutBase, settled
from cfsync.model.live import Item
from cfsync.model.plan import Write
from cfsync.model.run import Failure, Record, RecordKind
from cfsync.model.values import Fields, equal


@dataclass(slots=True)
class ForwardNotes:
    """Implements courier.Notes."""

    means: Means
    write: Write
    rows: dict[str, Base]
    """Of the base, as they are before this write."""
    again: bool = True
    """Another write of the plan needs to know the row that this one leaves."""
    carrier: int | None = None
    """The write whose intent lists the siblings; this one itself, if it is the first."""
    before: Item | None = None
    """Update only: the resource as the guard reading showed it."""
    stored: Item | None = None
    """What the API holds once it is done."""
    _told: bool = False

    async def begun(self, operation: Operation, attempt: int, deadline: float) -> None:
        body: Fields = {"deadline": deadline}
        if not self._told:  # another attempt refers to the first
            body |= operations.to_json(operation) | self._former(operation)
            self._told = True
        await self._log("INTENT", body, attempt)

    async def done(
        self, operation: Operation, item: Item | None, *, looked_up: bool, touched: bool = True
    ) -> None:
        body: Fields = {
            "result": "done",
            "id": item.id if item else operation.id,
            "item": codec.from_item(item) if item else None,
            "touched": touched,
        }
        self.stored = item
        if operation.verb == "create":
            body["created"] = True
        if not touched:
            body |= operations.to_json(operation) | self._former(operation)
        if item is not None and (warnings := list(self._warnings(operation, item))):
            body["warnings"] = warnings
        kind: RecordKind = "RESOLVED" if looked_up else "OUTCOME"
        await self._log(kind, body, base=tuple(self._base(operation, item)))

    async def not_done(self, failure: Failure, *, looked_up: bool) -> None:
        body = {"result": "not_done", "failure": codec.from_failure(failure)}
        await self._log("RESOLVED" if looked_up else "OUTCOME", body)

    async def unknown(self, failure: Failure) -> None:
        await self._log("OUTCOME", {"result": "unknown", "failure": codec.from_failure(failure)})

    async def ambiguous(self, why: str, ids: tuple[str, ...]) -> None:
        await self._log("RESOLVED", {"result": "ambiguous", "why": why, "ids": list(ids)})

    async def changed(self, why: str) -> None:
        await self._log("RESOLVED", {"result": "conflict", "why": why})

    async def _log(
        self, kind: RecordKind, body: Fields, attempt: int = 0, base: tuple[BaseChange, ...] = ()
    ) -> None:
        await self.means.log(Record(kind, body, self.write.number, attempt), base=base)

    def _former(self, operation: Operation) -> Fields:
        """What undo needs: the resource and the base's rows as they were."""
        former: Fields = {"settles": self.write.settle is not None}
        if rows := [self.rows[id_] for id_ in _ids(operation) if id_ in self.rows]:
            former["rows"] = [codec.from_base(row) for row in rows]
        if self.before is not None:
            former["before"] = codec.from_item(self.before)
        if operation.verb == "create" and self.carrier is not None:
            former["siblings_of"] = self.carrier
            if self.carrier == self.write.number:
                former["siblings"] = sorted(operation.siblings)
        return former

    def _base(self, operation: Operation, item: Item | None) -> Iterable[BaseChange]:
        if operation.verb == "delete":
            for id_ in _ids(operation):
                yield DropBase(id_)
        elif self.write.settle is not None and item is not None:
            settle = self.write.settle
            sent = resolved(settle.sent, self.means.ledger.made)
            if sent is not settle.sent:
                settle = replace(settle, sent=sent)
            row = settled(self.rows.get(item.id), item, settle)
            if self.again:
                self.rows[item.id] = row
            yield PutBase(row)

    def _warnings(self, operation: Operation, item: Item) -> Iterable[str]:
        stored = self.means.images.whole(item)
        for path in differences(operation.body, stored):
            yield f"{operation.address}: the server stored {'.'.join(path)} otherwise than sent"
        if self.before is not None:
            before = self.means.images.whole(self.before)
            others = (name for name in stored if name in before and name not in operation.body)
            for name in others:
                if not equal(stored[name], before[name]):
                    yield f"{operation.address}: {name} was changed on the site meanwhile"


def _ids(operation: Operation) -> Iterable[str]:
    if operation.subtree is not None:
        return [node.item.id for node in operation.subtree.walk()]
    return [operation.id] if operation.id else []
