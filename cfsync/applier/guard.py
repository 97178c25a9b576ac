"""Compares what is live with what the plan was made from, just before each write.

A write that passes becomes an Operation; one that does not raises Refused.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from cfsync.applier.halts import conflict
from cfsync.applier.images import Leaf, resolved
from cfsync.applier.means import Means
from cfsync.applier.operation import Operation
from cfsync.applier.readings import Collection, Reading, Readings
from cfsync.model.base import PutBase
from cfsync.model.live import Item, Live
from cfsync.model.plan import Edit, Plan, Write
from cfsync.model.values import Fields, Id, Made, Maybe, at, equal


@dataclass(frozen=True, slots=True)
class Ready:
    operation: Operation
    before: Item | None = None
    carrier: int | None = None


@dataclass(frozen=True, slots=True)
class Already:
    """The site is as wanted; nothing needs to be sent."""

    operation: Operation
    item: Item | None


class Guard:
    def __init__(self, means: Means, plan: Plan, readings: Readings) -> None:
        self._means = means
        self._images = means.images
        self._readings = readings
        self._again = _written_again(plan.writes)
        self._planned = _ids_of(plan)
        self.latest: dict[str, Item] = {}
        """What this run stored in resources that it writes again or deletes."""

    def collection(self, write: Write) -> Collection | None:
        """Whose reading a write waits for; None: it needs none, or one of its own."""
        if write.verb == "create":
            parent = self._parent_of(write)
            made = isinstance(write.scope, Made) or isinstance(parent, Made)
            return (
                None
                if made or parent in self._means.ledger.ours
                else (write.kind, self._id(write.scope))
            )
        return (write.kind, self._id(write.scope)) if write.kind == "element" else None

    async def checked(self, write: Write, reading: Reading | None) -> Ready | Already:
        """Raises Refused for a conflict, RemoteError when it cannot be read."""
        match write.verb:
            case "create":
                return await self._create(write, reading)
            case "update":
                return await self._update(write, reading)
            case "delete":
                return await self._delete(write, reading)

    def stored(self, write: Write, item: Item | None) -> None:
        """A write was answered."""
        if item is None:
            return
        self._readings.note(item)
        if self.is_written_again(write):
            self.latest[item.id] = item

    def is_written_again(self, write: Write) -> bool:
        """Whether another write of the plan changes or deletes the same resource."""
        return (write.target or Made(write.number)) in self._again

    async def _create(self, write: Write, reading: Reading | None) -> Ready:
        body: Fields = resolved(write.body, self._means.ledger.made)
        first_try = self._means.ledger.siblings_for(write.number)
        carrier, before = None, first_try
        if reading is not None:
            await self._check_place(write, body, reading)
            carrier, before = self._siblings(write, body, reading)
        operation = Operation(
            verb="create",
            kind=write.kind,
            address=write.address,
            id=None,
            scope=self._id(write.scope),
            body=body,
            key=self._means.new_key(),
            siblings=first_try or before,
        )
        return Ready(operation, carrier=carrier)

    async def _check_place(self, write: Write, body: Fields, reading: Reading) -> None:
        parent = self._images.parent_of(write.kind, body)
        if parent is not None and parent not in reading.items:
            raise conflict("what it would stand in is gone from the site")
        await self._refuse_twins(write, body, reading)

    def _siblings(self, write: Write, body: Fields, reading: Reading) -> tuple[int, frozenset[str]]:
        """Once for all creates under one parent on one reading: the lists may be long."""
        parent = self._images.parent_of(write.kind, body)
        if parent not in reading.siblings:
            ids = frozenset(item.id for item in reading.below(parent))
            reading.siblings[parent] = (write.number, ids)
        return reading.siblings[parent]

    async def _refuse_twins(self, write: Write, body: Fields, reading: Reading) -> None:
        """One that the plan knows nothing of was made since: ours would be its duplicate."""
        if not reading.names:
            for item in reading.items.values():
                name = self._images.key_of(item.kind, item.fields)
                reading.names.setdefault((item.parent, name), []).append(item)
        parent = self._images.parent_of(write.kind, body)
        name = self._images.key_of(write.kind, body)
        twins = {
            item.id
            for item in reading.names.get((parent, name), ())
            if not (item.id in self._planned or item.id in write.twins)
            and item.id not in self._means.ledger.ours
            and self._images.is_like(item, body)
        }
        if twins and (new := sorted(twins - (await self._means.journal.base(twins)).keys())):
            raise conflict(f"another of this name has appeared on the site: {', '.join(new)}")

    async def _update(self, write: Write, reading: Reading | None) -> Ready | Already:
        id_ = self._id(write.target) or ""
        item = await self._readings.find(write.kind, id_, reading)
        if item is None:
            raise conflict("it is gone from the site")
        item = self._newest(item)
        leaves = tuple(self._leaf(edit, item) for edit in write.edits)
        self._check_parent(write, leaves, reading)
        operation = Operation(
            verb="update",
            kind=write.kind,
            address=write.address,
            id=id_,
            scope=item.scope,
            body=self._images.body(item, leaves),
            leaves=leaves,
        )
        if not operation.body or all(equal(leaf.before, leaf.after) for leaf in leaves):
            return Already(operation, item)
        return Ready(operation, before=item)

    def _leaf(self, edit: Edit, item: Item) -> Leaf:
        """Compared with the site: as planned, as this run left it, or as wanted already."""
        live = at(self._images.whole(item), edit.path)
        after: Maybe = resolved(edit.after, self._means.ledger.made)
        own = self.latest.get(item.id)
        fine = equal(live, resolved(edit.before, self._means.ledger.made)) or equal(live, after)
        if not fine and not (own and equal(live, at(self._images.whole(own), edit.path))):
            raise conflict(f"{'.'.join(edit.path)} was changed on the site since the plan")
        return Leaf(edit.path, live, after)

    def _check_parent(self, write: Write, leaves: Sequence[Leaf], reading: Reading | None) -> None:
        name = self._images.parent_field(write.kind)
        for leaf in leaves:
            wanted = leaf.after if leaf.path == (name,) else None
            own = wanted in self._means.ledger.ours
            if wanted is not None and not own and reading and wanted not in reading.items:
                raise conflict("what it would move into is gone from the site")

    def _newest(self, item: Item) -> Item:
        """A reading may lag behind this run's own write."""
        own = self.latest.get(item.id)
        return own if own is not None and own.updated_at > item.updated_at else item

    async def _delete(self, write: Write, reading: Reading | None) -> Ready | Already:
        id_ = self._id(write.target) or ""
        operation = Operation(
            verb="delete",
            kind=write.kind,
            address=write.address,
            id=id_,
            scope=self._id(write.scope),
            subtree=write.subtree,
        )
        item = await self._readings.find(write.kind, id_, reading)
        if item is None:
            return Already(operation, None)
        live = await self._readings.tree(item, reading)
        if write.subtree is not None and not self._images.same_tree(
            self._expected(write.subtree), live
        ):
            raise conflict("it, or something in it, was changed on the site since the plan")
        return Ready(replace(operation, subtree=live))

    def _expected(self, planned: Live) -> Live:
        """The plan's image with what this run has changed since laid over it."""
        item = self.latest.get(planned.item.id, planned.item)
        if planned.children is None:
            return Live(item, None)
        stayed = (child for child in planned.children if self._stays(child.item))
        return Live(item, tuple(self._expected(child) for child in stayed))

    def _stays(self, planned: Item) -> bool:
        own = self.latest.get(planned.id)
        return own is None or own.parent == planned.parent

    def _parent_of(self, write: Write) -> Id | None:
        name = self._images.parent_field(write.kind)
        return write.body.get(name) if name else None

    def _id(self, id_: Id | None) -> str | None:
        return self._means.ledger.made[id_.write] if isinstance(id_, Made) else id_


def _written_again(writes: Iterable[Write]) -> set[Id]:
    """Targets of several writes, or of a write and a delete: their own answers are kept at hand."""
    count: Counter[Id] = Counter(_targets(writes))
    return {id_ for id_, times in count.items() if times > 1 or isinstance(id_, Made)}


def _targets(writes: Iterable[Write]) -> Iterator[Id]:
    for write in writes:
        if write.verb == "update" and write.target is not None:
            yield write.target
        for node in write.subtree.walk() if write.subtree else ():
            yield node.item.id


def _ids_of(plan: Plan) -> set[str]:
    """Every resource that the plan knows of as its own."""
    ids = {write.target for write in plan.writes if isinstance(write.target, str)}
    return ids | {change.row.id for change in plan.settlements if isinstance(change, PutBase)}
