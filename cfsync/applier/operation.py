"""One request that changes something, with all that is needed to tell later whether it did."""

from dataclasses import dataclass, field
from typing import Literal

from cfsync.applier.codec import from_live, from_maybe, to_live, to_maybe
from cfsync.applier.images import Leaf
from cfsync.model.address import KindName
from cfsync.model.live import Live
from cfsync.model.values import Fields


@dataclass(frozen=True, slots=True)
class Operation:
    """Ids are real ones here: nothing is Made any more."""

    verb: Literal["create", "update", "delete"]
    kind: KindName
    address: str
    id: str | None
    """None for a create."""
    scope: str | None
    body: Fields = field(default_factory=dict)
    """What is sent."""
    key: str = ""
    """Idempotency key: sent with a create, relied on never."""
    leaves: tuple[Leaf, ...] = ()
    """Update only."""
    subtree: Live | None = None
    """Delete only: as read just before."""
    siblings: frozenset[str] = frozenset()
    """Create only: who stood under the same parent before."""
    read_at: float | None = None
    """When what it rests on was read; monotonic. None: it rests on nothing that may change."""


def to_json(operation: Operation) -> Fields:
    """Without the siblings: many operations share them."""
    return {
        "verb": operation.verb,
        "kind": operation.kind,
        "address": operation.address,
        "id": operation.id,
        "scope": operation.scope,
        "body": operation.body,
        "key": operation.key,
        "leaves": [
            [list(leaf.path), from_maybe(leaf.before), from_maybe(leaf.after)]
            for leaf in operation.leaves
        ],
        "subtree": None if operation.subtree is None else from_live(operation.subtree),
    }


def from_json(json: Fields, siblings: frozenset[str]) -> Operation:
    leaves = (
        Leaf(tuple(path), to_maybe(before), to_maybe(after))
        for path, before, after in json["leaves"]
    )
    return Operation(
        verb=json["verb"],
        kind=json["kind"],
        address=json["address"],
        id=json["id"],
        scope=json["scope"],
        body=json["body"],
        key=json["key"],
        leaves=tuple(leaves),
        subtree=None if json["subtree"] is None else to_live(json["subtree"]),
        siblings=siblings,
    )
