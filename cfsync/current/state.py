"""The current state of an account: every project, and what stands below those asked for."""

from collections.abc import Collection, Sequence

from cfsync.contract import Contract
from cfsync.current.gathering import gathered
from cfsync.current.listing import Listing, complete
from cfsync.current.tree import forest
from cfsync.model.address import KindName
from cfsync.model.live import Item, Live, LiveState
from cfsync.model.ports import Pages


async def read(
    pages: Pages, contract: Contract, wanted: Collection[str], parallel: int
) -> LiveState:
    """List everything below the projects named in `wanted`, by natural key or by id.

    max(1, ceil(items / limit)) requests a collection, `parallel` at once. Raises RemoteError.
    """
    root = next(kind.name for kind in contract.kinds.values() if kind.parent is None)
    key = contract.kind(root).key
    projects = await complete(pages, root, None)
    asked = [item for item in projects.items if item.id in wanted or item.fields.get(key) in wanted]
    reading = _Reading(pages, contract, parallel)
    below = await reading.below(root, asked)
    return LiveState(forest(projects.items, below), projects.requests + reading.requests)


class _Reading:
    def __init__(self, pages: Pages, contract: Contract, parallel: int) -> None:
        self._pages = pages
        self._contract = contract
        self._parallel = parallel
        self.requests = 0

    async def below(
        self, kind: KindName, parents: Sequence[Item]
    ) -> dict[str, tuple[Live, ...] | None]:
        """By id of the parent: the trees below it. A level of all parents is read at once."""
        child = self._contract.child_kind(kind)

        async def collection(parent: Item) -> Listing:
            return await complete(self._pages, child, parent.id)

        listings = await gathered(collection, parents, self._parallel)
        self.requests += sum(listing.requests for listing in listings)
        inner = None
        if self._contract.child_kind(child) != child:  # else it nests in itself, in one listing
            everything = [item for listing in listings for item in listing.items]
            inner = await self.below(child, everything)
        return {
            parent.id: forest(listing.items, inner)
            for parent, listing in zip(parents, listings, strict=True)
        }
