"""The last look before a run is called good: nothing twice, nothing left that was deleted."""

from collections import defaultdict
from collections.abc import Collection as Some

from cfsync import limits
from cfsync.applier.halts import Refused, Unsure
from cfsync.applier.images import resolved
from cfsync.applier.means import Means
from cfsync.applier.readings import Collection, Readings
from cfsync.errors import NotFound
from cfsync.model.live import Item
from cfsync.model.plan import Write
from cfsync.model.run import Failure
from cfsync.model.values import Fields, Made


class Verify:
    def __init__(self, means: Means, writes: Some[Write], readings: Readings) -> None:
        self._means = means
        self._writes = writes
        self._readings = readings

    async def nothing_twice(self, *, only_doubtful: bool, skip: Some[str] = ()) -> None:
        """Each collection in which something was created is listed once. Raises Unsure.

        A request may have been carried out twice, by a proxy or after we had given up on it.
        """
        created: dict[Collection, list[Write]] = defaultdict(list)
        for write in self._writes:
            step = self._means.ledger.step(write.number)
            wanted = step.doubtful or not only_doubtful
            if write.verb == "create" and step.state == "done" and wanted:
                created[self._collection(write)].append(write)
        for collection, writes in created.items():
            named = self._by_name((await self._readings.read(collection)).items.values())
            for write in writes:
                if write.address not in skip:
                    self._refuse_twins(write, named)

    async def deletes_took_place(self) -> None:
        """The listing of what held them proves it. Raises Refused."""
        deleted: dict[Collection, list[Write]] = defaultdict(list)
        for write in self._writes:
            step = self._means.ledger.step(write.number)
            if write.verb == "delete" and step.state == "done" and step.touched:
                deleted[self._collection(write)].append(write)
        for collection, writes in deleted.items():
            left = await self._still_there(collection, writes)
            for _ in range(1, limits.LISTING_ATTEMPTS):  # a reading may lag behind the writes
                if left:
                    await self._means.stop.sleep(self._means.clock, self._means.environment.settle)
                    left = await self._still_there(collection, writes)
            if left:
                raise Refused(Failure("still-there", f"deleted, but still listed: {left}"))

    async def _still_there(self, collection: Collection, writes: list[Write]) -> str:
        try:
            items = (await self._readings.list(collection)).items
        except NotFound:
            return ""
        return ", ".join(str(write.target) for write in writes if write.target in items)

    def _refuse_twins(self, write: Write, named: dict[tuple[str | None, str], list[Item]]) -> None:
        images, ledger = self._means.images, self._means.ledger
        parent = resolved(images.parent_of(write.kind, write.body), ledger.made)
        known = ledger.siblings_for(write.number)
        others = [
            item
            for item in named.get((parent, images.key_of(write.kind, write.body)), ())
            if item.id not in known and item.id not in ledger.ours
        ]
        if not others:
            return
        body: Fields = resolved(write.body, ledger.made)
        if twins := [item.id for item in others if images.holds(item, body)]:
            ids = tuple(sorted((*twins, ledger.made[write.number])))
            raise Unsure(f"{write.address} is there more than once", ids, address=write.address)

    def _by_name(self, items: Some[Item]) -> dict[tuple[str | None, str], list[Item]]:
        named: dict[tuple[str | None, str], list[Item]] = defaultdict(list)
        for item in items:
            named[item.parent, self._means.images.key_of(item.kind, item.fields)].append(item)
        return named

    def _collection(self, write: Write) -> Collection:
        scope = write.scope
        made = self._means.ledger.made
        return (write.kind, made[scope.write] if isinstance(scope, Made) else scope)
