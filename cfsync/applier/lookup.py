"""What became of a request whose answer never came: looked up, never guessed."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from cfsync.applier.images import alike
from cfsync.applier.means import Means
from cfsync.applier.operation import Operation
from cfsync.applier.readings import Readings
from cfsync.errors import NotFound
from cfsync.model.live import Item
from cfsync.model.values import at, equal


@dataclass(frozen=True, slots=True)
class Landed:
    item: Item | None
    """None: a delete."""


@dataclass(frozen=True, slots=True)
class NeverLanded:
    proof: str


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """A person has to look at these."""

    why: str
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Changed:
    """Somebody else changed it meanwhile: it is neither as before nor as sent."""

    why: str


Verdict: TypeAlias = Landed | NeverLanded | Ambiguous | Changed


class Lookup:
    """Absence is believed only when it was read twice alike. Raises RemoteError."""

    def __init__(self, means: Means, readings: Readings) -> None:
        self._means = means
        self._readings = readings

    async def verdict(
        self,
        operation: Operation,
        unsettled: Iterable[Operation] = (),
        open_: Iterable[Operation] = (),
    ) -> Verdict:
        """`unsettled`: all creates under the same parent whose outcome is unknown.

        `open_`: all creates anywhere that are under way or of unknown outcome.
        """
        verdict = await self._once(operation, unsettled, open_)
        if isinstance(verdict, NeverLanded):
            return await self._once(operation, unsettled, open_)
        return verdict

    async def _once(
        self, operation: Operation, unsettled: Iterable[Operation], open_: Iterable[Operation]
    ) -> Verdict:
        match operation.verb:
            case "create":
                return await self._created(operation, unsettled, open_)
            case "update":
                return await self._updated(operation)
            case "delete":
                return await self._deleted(operation)

    async def _created(
        self, operation: Operation, unsettled: Iterable[Operation], open_: Iterable[Operation]
    ) -> Verdict:
        try:
            items = await self._means.reader.list(operation.kind, operation.scope)
        except NotFound:
            return NeverLanded("what it would stand in is gone")
        found = [item for item in items if self._is_candidate(item, operation)]
        images = self._means.images
        mine = [item for item in found if images.holds(item, operation.body)]
        others = [other.body for other in unsettled if other is not operation]
        rest = [item for item in found if not any(images.holds(item, body) for body in others)]
        if len(mine) == 1 and all(item in mine for item in rest):
            return Landed(mine[0])
        if not mine and not rest:
            moved = await self._moved(items, operation, open_)
            return moved or NeverLanded("a whole listing does not hold it")
        ids = tuple(sorted({item.id for item in (*mine, *rest)}))
        return Ambiguous("it cannot be told which of these was made by this run, if any", ids)

    def _is_candidate(self, item: Item, operation: Operation) -> bool:
        return not self._is_known(item, operation) and self._means.images.is_like(
            item, operation.body
        )

    def _is_known(self, item: Item, operation: Operation) -> bool:
        return item.id in operation.siblings or item.id in self._means.ledger.ours

    async def _moved(
        self, items: Iterable[Item], operation: Operation, open_: Iterable[Operation]
    ) -> Ambiguous | None:
        """What nobody owns, and is in all but its place what was sent: sent again, it might be two.

        It may have stood there long before; whoever looks at it can tell.
        """
        images = self._means.images
        places = [other.body for other in open_ if other is not operation]
        places += self._means.ledger.open_creates()
        found = {
            item.id
            for item in items
            if not self._is_known(item, operation)
            and images.is_like_elsewhere(item, operation.body)
            and not any(images.is_like(item, body) for body in places)
        }
        strange = found - (await self._means.journal.base(found)).keys() if found else found
        why = "somebody may have moved what was made: it stands elsewhere, and nobody owns it"
        return Ambiguous(why, tuple(sorted(strange))) if strange else None

    async def _updated(self, operation: Operation) -> Verdict:
        item = await self._readings.get(operation.kind, operation.id or "")
        if item is None:
            return Changed("it is gone from the site")
        live = self._means.images.whole(item)
        if all(alike(at(live, leaf.path), leaf.after) for leaf in operation.leaves):
            return Landed(item)
        if all(equal(at(live, leaf.path), leaf.before) for leaf in operation.leaves):
            return NeverLanded("it is as it was before")
        return Changed("it is neither as it was nor as it was to become")

    async def _deleted(self, operation: Operation) -> Verdict:
        id_, was = operation.id or "", operation.subtree
        reading = None
        if operation.kind == "element":
            try:
                reading = await self._readings.list((operation.kind, operation.scope))
            except NotFound:
                return Landed(None)
            item = reading.items.get(id_)
        else:
            item = await self._readings.get(operation.kind, id_)
        if item is None:
            return Landed(None)
        live = await self._readings.tree(item, reading)
        if was is not None and self._means.images.same_tree(was, live):
            return NeverLanded("it is still there, whole")
        return Changed("it is still there, but not as it was")
