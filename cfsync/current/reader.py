"""Pages to a Reader: whole listings or an error, nothing in between."""

from cfsync.current.listing import complete
from cfsync.model.address import KindName
from cfsync.model.live import Item
from cfsync.model.ports import Pages


class ProvenReader:
    """Implements Reader."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    async def list(self, kind: KindName, scope: str | None) -> tuple[Item, ...]:
        return (await complete(self._pages, kind, scope)).items

    async def get(self, kind: KindName, id_: str) -> Item:
        return await self._pages.get(kind, id_)
