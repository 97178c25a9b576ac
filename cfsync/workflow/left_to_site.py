"""What an undo was told to leave to the site stays as the journal has it.

The files still ask for what the run did there. Were the way back remembered as settled, the next
plan would take the files for what changed, and write over what was just left to the site.
"""

from collections.abc import Mapping
from dataclasses import replace

from cfsync.model.base import Base, BaseChange, DropBase, Settle, leaves
from cfsync.model.live import LiveState
from cfsync.model.plan import Kept, Write
from cfsync.model.values import FieldPath, Fields, at, put


class LeftToTheSite:
    def __init__(self, kept: tuple[Kept, ...], owned: Mapping[str, Base], live: LiveState) -> None:
        decided = [entry for entry in kept if entry.decided]
        orders = {entry.id for entry in decided if entry.what == "order"}
        self._owned = owned
        self._live = {node.item.id for top in live.projects for node in top.walk()}
        self._paths: dict[str | None, list[FieldPath]] = {
            entry.id: [edit.path for edit in entry.edits] if entry.what == "fields" else []
            for entry in decided
            if entry.what != "order"
        }
        self._ordered = {row.id for row in owned.values() if row.parent in orders}

    def stays(self, change: BaseChange) -> bool:
        """Whether the journal is to go on as it is there."""
        if isinstance(change, DropBase):
            return change.id in self._live
        return change.row.id in self._paths or change.row.id in self._ordered

    def held(self, write: Write) -> Write:
        """A write to something else of the same resource leaves the pair, or the place, alone."""
        row = self._owned.get(write.target) if isinstance(write.target, str) else None
        if row is None or write.settle is None:
            return write
        settle = write.settle
        for path in self._paths.get(row.id, ()):
            settle = _holding(settle, path, row)
        if row.id in self._ordered:
            settle = replace(settle, position=row.position)
        return write if settle is write.settle else replace(write, settle=settle)


def _holding(settle: Settle, path: FieldPath, row: Base) -> Settle:
    was = at(row.sent, path)
    sent: Fields = _copied(settle.sent)
    put(sent, path, was)
    deeper = leaves(was) if isinstance(was, dict) and was else iter([()])
    held = tuple((*path, *rest) for rest in deeper)
    return replace(settle, sent=sent, held=(*settle.held, *held))


def _copied(fields: Fields) -> Fields:
    return {name: _copied(v) if isinstance(v, dict) else v for name, v in fields.items()}
