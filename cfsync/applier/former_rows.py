"""The base's rows as they were before a write, under the ids that resources have by now."""

from msgspec import structs

from cfsync.applier.codec import to_base
from cfsync.applier.images import translated
from cfsync.applier.ledger import Ledger
from cfsync.model.base import Base, BaseChange, DropBase, PutBase
from cfsync.model.live import Item


class FormerRows:
    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def of(self, number: int) -> dict[str, Base]:
        """By the id that each had then."""
        rows = (to_base(row) for row in self._ledger.step(number).intent.get("rows", ()))
        return {row.id: row for row in rows}

    def restored(self, number: int, id_: str) -> list[BaseChange]:
        """For an update: the row that it replaced, or none."""
        if not self._ledger.step(number).intent.get("settles"):
            return []
        row = self.of(number).get(id_)
        return [PutBase(self.now(row))] if row else [DropBase(self._ledger.now(id_))]

    def now(self, row: Base) -> Base:
        ids = self._ledger.new_ids
        return structs.replace(
            row,
            id=ids.get(row.id, row.id),
            parent=ids.get(row.parent, row.parent) if row.parent else None,
            sent=translated(row.sent, ids),
            stored=translated(row.stored, ids),
        )

    def recreated(self, row: Base, item: Item) -> Base:
        """For a resource that was deleted and is made again."""
        row = structs.replace(self.now(row), id=item.id)
        return structs.replace(
            row, parent=item.above, position=item.position, created_at=item.created_at
        )
