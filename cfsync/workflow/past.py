"""What a run did, read back from its lines in the journal."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from cfsync.applier.codec import to_item, to_live
from cfsync.errors import CfsyncError
from cfsync.model.base import Base
from cfsync.model.live import Item, Live
from cfsync.model.run import Event
from cfsync.model.values import Fields

_OUTCOMES: Final = ("OUTCOME", "RESOLVED")


@dataclass(slots=True)
class Past:
    """Net of the whole run: what it made and deleted again is in neither."""

    made: dict[str, Item] = field(default_factory=dict)
    """By id, as it was left."""
    before: dict[str, Item] = field(default_factory=dict)
    """What was updated, as it was before the first write."""
    after: dict[str, Item] = field(default_factory=dict)
    """The same, as it was left."""
    deleted: list[Live] = field(default_factory=list)
    rows: dict[str, Base] = field(default_factory=dict)
    """Of the base, as they were before the run."""

    @property
    def touched(self) -> set[str]:
        """Ids of what is still there, if nobody else deleted it."""
        return self.made.keys() | self.after.keys()


def past_of(events: Iterable[Event]) -> Past:
    """Raises CfsyncError where the page content was pruned."""
    past = Past()
    intents: dict[int, Fields] = {}
    for event in events:
        record = event.record
        if record.write is None:
            continue
        if not record.body:
            raise CfsyncError(
                f"the journal no longer holds what run {event.run} changed",
                why="it was pruned",
                next_step="cfsync history",
            )
        if record.kind == "INTENT" and "verb" in record.body:
            intents[record.write] = record.body
        elif record.kind in _OUTCOMES and _touched(record.body):
            _fold(past, intents[record.write], record.body)
    return past


def _touched(outcome: Fields) -> bool:
    """Whether it was done, and by this run: not found as it was to become."""
    return outcome.get("result") == "done" and bool(outcome.get("touched"))


def _fold(past: Past, intent: Fields, outcome: Fields) -> None:
    for row in intent.get("rows", ()):
        past.rows.setdefault(row["id"], Base(**row))
    item = to_item(outcome["item"]) if outcome.get("item") else None
    match intent["verb"]:
        case "create" if item is not None:
            past.made[item.id] = item
        case "update" if item is not None and item.id in past.made:
            past.made[item.id] = item
        case "update" if item is not None:
            past.before.setdefault(item.id, to_item(intent["before"]))
            past.after[item.id] = item
        case "delete":
            _fold_delete(past, to_live(intent["subtree"]))


def _fold_delete(past: Past, subtree: Live) -> None:
    for node in subtree.walk():
        past.after.pop(node.item.id, None)
        past.made.pop(node.item.id, None)
    past.deleted.append(subtree)
