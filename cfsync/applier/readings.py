"""Guard readings: what is live just before a write, read once for all writes of a page."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

from cfsync.applier.halts import conflict
from cfsync.applier.means import Means
from cfsync.errors import NotFound
from cfsync.model.address import KindName
from cfsync.model.live import Item, Live

Collection: TypeAlias = tuple[KindName, str | None]
"""A kind, and whose: the elements of a page, the pages of a project, all projects."""


@dataclass(slots=True)
class Reading:
    """A whole collection, with this run's own answers since laid over it."""

    collection: Collection
    taken: float
    """Monotonic, seconds."""
    items: dict[str, Item]
    siblings: dict[str | None, tuple[int, frozenset[str]]] = field(default_factory=dict)
    """By parent: the write whose intent lists who stands under it, and who does."""
    names: dict[tuple[str | None, str], list[Item]] = field(default_factory=dict)
    """By parent and name, as a person reads it; filled by who needs it."""
    _below: dict[str | None, dict[str, None]] | None = None

    def below(self, parent: str | None) -> list[Item]:
        """Children of an element; of None: the top of a page, or a whole other collection."""
        if self._below is None:
            self._below = defaultdict(dict)
            for item in self.items.values():
                self._below[item.parent][item.id] = None
        found = (self.items.get(id_) for id_ in self._below.get(parent, ()))
        return [item for item in found if item is not None and item.parent == parent]

    def tree(self, item: Item) -> Live:
        children = sorted(self.below(item.id), key=lambda child: child.order)
        return Live(item, tuple(self.tree(child) for child in children))

    def note(self, item: Item) -> None:
        """A write of this run was answered: no later reading is needed to know that."""
        self.items[item.id] = item
        if self._below is not None:
            self._below.setdefault(item.parent, {})[item.id] = None

    def forget(self, ids: Iterable[str]) -> None:
        for id_ in ids:
            self.items.pop(id_, None)


class Readings:
    """The newest reading of each collection that writes wait on.

    `gone_is_empty`: to an undo, what stood in something that is provably gone is gone as well.
    """

    def __init__(self, means: Means, *, gone_is_empty: bool = False) -> None:
        self._means = means
        self._gone_is_empty = gone_is_empty
        self._newest: dict[Collection, Reading] = {}

    async def read(self, collection: Collection) -> Reading:
        """Raises RemoteError, and Refused when what holds the collection is gone."""
        try:
            return await self.list(collection)
        except NotFound as error:
            if self._gone_is_empty:
                return Reading(collection, self._means.clock.monotonic(), {})
            raise conflict(f"{collection[1]} is gone from the site") from error

    async def list(self, collection: Collection) -> Reading:
        """The same, but raises NotFound."""
        taken = self._means.clock.monotonic()
        items = await self._means.reader.list(*collection)
        reading = Reading(collection, taken, {item.id: item for item in items})
        self._newest[collection] = reading
        return reading

    async def get(self, kind: KindName, id_: str) -> Item | None:
        """None when the API says that there is none of this id."""
        try:
            return await self._means.reader.get(kind, id_)
        except NotFound:
            return None

    def taken(self, reading: Reading | None) -> float:
        """When what is looked at from now on was read; without a reading it is read now."""
        return self._means.clock.monotonic() if reading is None else reading.taken

    def is_fresh(self, reading: Reading) -> bool:
        age = self._means.clock.monotonic() - reading.taken
        return age <= self._means.environment.guard_age

    def note(self, item: Item) -> None:
        reading = self._newest.get((item.kind, item.scope))
        if reading is not None:
            reading.note(item)

    def forget(self, collection: Collection, ids: Iterable[str]) -> None:
        reading = self._newest.get(collection)
        if reading is not None:
            reading.forget(ids)

    async def find(self, kind: KindName, id_: str, reading: Reading | None) -> Item | None:
        """One resource as it is now; None when it is provably gone.

        What this run itself made may be missing from a reading that lags: it is given time.
        """
        found = await self._find(kind, id_, reading)
        if found is None and id_ in self._means.ledger.ours:
            await self._means.stop.sleep(self._means.clock, self._means.environment.settle)
            again = await self.read(reading.collection) if reading is not None else None
            found = await self._find(kind, id_, again)
        return found

    async def _find(self, kind: KindName, id_: str, reading: Reading | None) -> Item | None:
        return await self.get(kind, id_) if reading is None else reading.items.get(id_)

    async def tree(self, item: Item, reading: Reading | None) -> Live:
        """A resource and everything below it, as it is now."""
        match item.kind:
            case "element":
                at = reading or await self.read((item.kind, item.scope))
                return at.tree(item)
            case "page":
                return Live(item, await self._top(("element", item.id)))
            case "project":
                pages = (await self.read(("page", item.id))).below(None)
                below = [await self.tree(page, None) for page in pages]
                return Live(item, tuple(below))

    async def _top(self, collection: Collection) -> tuple[Live, ...]:
        reading = await self.read(collection)
        top = sorted(reading.below(None), key=lambda child: child.order)
        return tuple(reading.tree(child) for child in top)
