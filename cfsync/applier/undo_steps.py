"""Takes back one write, only where what the run wrote still stands as it wrote it."""

from collections.abc import Collection as Some

from cfsync.applier import operation as operations
from cfsync.applier.codec import from_left
from cfsync.applier.courier import Courier
from cfsync.applier.former_rows import FormerRows
from cfsync.applier.halts import Refused, Unsure, conflict, failure_of, stops
from cfsync.applier.images import Leaf, translated
from cfsync.applier.means import Means
from cfsync.applier.operation import Operation
from cfsync.applier.readings import Reading, Readings
from cfsync.applier.recreate import Recreate
from cfsync.applier.undo_notes import UndoNotes
from cfsync.errors import RemoteError
from cfsync.model.base import BaseChange, DropBase, PutBase
from cfsync.model.live import Item, Live
from cfsync.model.plan import Write
from cfsync.model.run import Left, Record
from cfsync.model.values import at, equal


class UndoSteps:
    """`skip`: addresses that a person gave up."""

    def __init__(
        self, means: Means, courier: Courier, readings: Readings, skip: Some[str] = ()
    ) -> None:
        self._means = means
        self._ledger = means.ledger
        self._images = means.images
        self._courier = courier
        self._readings = readings
        self._skip = skip
        self._former = FormerRows(means.ledger)
        self._recreate = Recreate(means, courier, readings)

    async def take_back(self, write: Write, reading: Reading | None) -> None:
        """Undone, skipped or failed: the journal says which. Raises what forbids to go on."""
        if write.address in self._skip:
            await self.leave(write, "left as it is, as asked")
            return
        try:
            await self._take_back(write, reading)
        except (Refused, Unsure, RemoteError) as error:
            if stops(error) and not isinstance(error, Unsure):
                raise
            await self._fail(write, failure_of(error).message)

    async def leave(self, write: Write, why: str) -> None:
        """For good: what the run wrote is not what stands there, or nobody can tell."""
        left = Left(write.address, self._id(write), why)
        await self._means.log(Record("UNDO_SKIPPED", from_left(left), write.number))

    async def _fail(self, write: Write, why: str) -> None:
        """`recover` tries it again."""
        left = from_left(Left(write.address, self._id(write), why))
        body = {"part": "", "result": "failed", "left": left}
        await self._means.log(Record("UNDO_OUTCOME", body, write.number))

    async def _take_back(self, write: Write, reading: Reading | None) -> None:
        step = self._ledger.step(write.number)
        if not step.touched:
            await self._restore_rows(write)
            return
        match write.verb:
            case "create":
                await self._undo_create(write, reading)
            case "update":
                await self._undo_update(write, reading)
            case "delete":
                await self._recreate.run(write)

    async def _restore_rows(self, write: Write) -> None:
        """The site was as wanted already, and only the base changed."""
        rows = self._former.of(write.number)
        id_ = self._ledger.step(write.number).id or ""
        changes: list[BaseChange] = self._former.restored(write.number, id_)
        if write.verb == "delete":
            changes = [PutBase(self._former.now(row)) for row in rows.values()]
        notes = UndoNotes(self._means, write.number, "", lambda _: changes)
        await notes.settled(None, self._id(write), looked_up=False)

    async def _undo_create(self, write: Write, reading: Reading | None) -> None:
        id_ = self._id(write) or ""
        notes = UndoNotes(self._means, write.number, "", lambda _: [DropBase(id_)])
        if await self._landed_before(write, notes):
            return
        read_at = self._readings.taken(reading)
        item = await self._readings.find(write.kind, id_, reading)
        if item is None:
            await notes.settled(None, id_, looked_up=True)
            return
        item = self._newest(item)
        live = await self._readings.tree(item, reading)
        if own := self._own_below(live):
            raise conflict(f"what this run made below it is still there: {own}")
        if why := self._reason_to_keep(item, live):
            await self.leave(write, why)
            return
        operation = Operation(
            "delete", write.kind, write.address, id_, item.scope, subtree=live, read_at=read_at
        )
        await self._courier.carry(operation, notes, tried=self._tried(write))
        self._readings.forget((item.kind, item.scope), [id_])

    def _own_below(self, live: Live) -> str:
        """Not taken back yet, and to be tried again: until then this one cannot go either."""
        given_up = {left.id for left in self._ledger.skipped.values()}
        return ", ".join(
            id_ for id_ in self._below(live) if id_ in self._ledger.ours and id_ not in given_up
        )

    def _below(self, live: Live) -> list[str]:
        """Without what this undo has deleted already: a reading may lag behind."""
        ledger = self._ledger
        gone = {ledger.made.get(number) for number in ledger.undone}
        return [child.item.id for child in live.children or () if child.item.id not in gone]

    def _reason_to_keep(self, item: Item, live: Live) -> str:
        if below := self._below(live):
            return f"something that this run did not make stands below it: {', '.join(below)}"
        own = self._ledger.last.get(item.id)
        if own is not None and not self._images.same(item, own):
            return "it was changed on the site since this run made it"
        return ""

    async def _undo_update(self, write: Write, reading: Reading | None) -> None:
        intent = operations.from_json(self._ledger.step(write.number).intent, frozenset())
        id_ = self._ledger.now(intent.id or "")
        rows = self._former.restored(write.number, intent.id or "")
        notes = UndoNotes(self._means, write.number, "", lambda _: rows)
        if await self._landed_before(write, notes):
            return
        read_at = self._readings.taken(reading)
        item = await self._readings.find(write.kind, id_, reading)
        if item is None:
            await self.leave(write, "it is gone from the site")
            return
        item = self._newest(item)
        leaves = [self._back(leaf, item) for leaf in intent.leaves]
        if not self._may_restore(item, leaves):
            await self.leave(write, "it was changed on the site since this run wrote it")
            return
        await self._send_back(write, item, leaves, notes, read_at=read_at)

    async def _send_back(
        self, write: Write, item: Item, leaves: list[Leaf], notes: UndoNotes, *, read_at: float
    ) -> None:
        body = self._images.body(item, leaves)
        if not body or all(equal(leaf.before, leaf.after) for leaf in leaves):
            await notes.settled(item, item.id, looked_up=True)
            return
        operation = Operation(
            verb="update",
            kind=write.kind,
            address=write.address,
            id=item.id,
            scope=item.scope,
            body=body,
            leaves=tuple(leaves),
            read_at=read_at,
        )
        await self._courier.carry(operation, notes, tried=self._tried(write))
        self._readings.note(self._ledger.last[item.id])

    def _newest(self, item: Item) -> Item:
        """A reading may lag behind this run's own write."""
        own = self._ledger.last.get(item.id)
        return own if own is not None and own.updated_at > item.updated_at else item

    def _back(self, leaf: Leaf, item: Item) -> Leaf:
        """From what is live to what was before, under the ids of now."""
        live = at(self._images.whole(item), leaf.path)
        return Leaf(leaf.path, live, translated(leaf.before, self._ledger.new_ids))

    def _may_restore(self, item: Item, leaves: list[Leaf]) -> bool:
        own = self._ledger.last.get(item.id, item)
        wrote = self._images.whole(own)
        return all(
            equal(leaf.before, at(wrote, leaf.path)) or equal(leaf.before, leaf.after)
            for leaf in leaves
        )

    async def _landed_before(self, write: Write, notes: UndoNotes) -> bool:
        """Whether an attempt that a crash cut off, or that stayed unknown, was done after all."""
        part = self._ledger.part(write.number, "")
        if part.state not in ("open", "ambiguous") or not part.intent:
            return False
        operation = operations.from_json(part.intent, part.siblings)
        return await self._courier.look_up(operation, notes, wait=0)

    def _tried(self, write: Write) -> int:
        return self._ledger.part(write.number, "").attempts

    def _id(self, write: Write) -> str | None:
        id_ = self._ledger.step(write.number).id
        return None if id_ is None else self._ledger.now(id_)
