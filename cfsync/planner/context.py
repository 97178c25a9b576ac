"""What every verdict of one plan looks things up in."""

from cfsync.contract import Contract, Kind
from cfsync.model.base import Base
from cfsync.model.live import Live
from cfsync.model.values import ABSENT, FieldPath, Fields, IdOf, Maybe
from cfsync.planner.forest import Forest
from cfsync.planner.ignore import NOTHING, Ignoring
from cfsync.planner.merge import FieldMerge, Merged, Policy, resolved
from cfsync.planner.node import Node
from cfsync.planner.options import PlanOptions


def _status_field(kind: Kind) -> str | None:
    """The field by which something new can be hidden until it is whole."""
    for name in kind.content:
        choices = kind.fields[name].schema.get("enum", ())
        if "draft" in choices and "published" in choices:
            return name
    return None


class Context:
    def __init__(
        self, forest: Forest, ignoring: Ignoring, contract: Contract, options: PlanOptions
    ) -> None:
        self.forest = forest
        self.ignoring = ignoring
        self.contract = contract
        self.options = options
        self.immutable = {name: kind.traits for name, kind in contract.kinds.items()}

        self.status = {name: _status_field(kind) for name, kind in contract.kinds.items()}

    def policy(self, node: Node) -> Policy:
        return Policy(node.overwrites, self.options.on_conflict)

    def ignored(self, node: Node) -> frozenset[FieldPath]:
        return self.ignoring.at(node.address) if self.ignoring else NOTHING

    def merge(self, node: Node) -> Merged:
        """The verdicts on the fields of a resource that is on the site."""
        kind = self.contract.kind(node.kind)
        merge = FieldMerge(kind, self.policy(node), self.ignored(node), self.resolve)
        return merge.run(node.desired.fields, node.base, node.live.item.fields if node.live else {})

    def resolve(self, reference: IdOf) -> Maybe:
        """The id on the site; the reference itself if that is known after apply; else ABSENT."""
        node = self.forest.target(reference)
        if node.fate in {"create", "replace"}:
            return reference
        if node.live is not None:
            return node.live.item.id
        return node.base.id if node.base is not None else ABSENT

    def resolved(self, fields: Fields) -> Fields:
        """Declared fields with the ids that they refer to."""
        if not self.forest.refers:
            return fields
        found: Fields = resolved(fields, self.resolve)
        return found

    def declared(self, live: Live) -> Node | None:
        return self.forest.claimed.get(live.item.id)

    def row(self, live: Live) -> Base | None:
        return self.forest.base.rows.get(live.item.id)
