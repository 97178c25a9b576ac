"""The three states from which the planner makes the way back of a past run.

Desired is what was there before the run, the base what the run left, and both hold only what the
run touched and what it takes to find it: everything above, and the siblings where an order or a
parent was changed. What is missing in both is nobody's business.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from msgspec import structs

from cfsync.contract import Contract
from cfsync.model.address import Address
from cfsync.model.base import Base, BaseChange, BaseState, PutBase, leaves
from cfsync.model.desired import Desired, DesiredState
from cfsync.model.live import Item, LiveState
from cfsync.model.mark import Mark
from cfsync.model.plan import Plan
from cfsync.model.values import FieldPath, Fields, at, equal, put
from cfsync.workflow.left_to_site import LeftToTheSite
from cfsync.workflow.past import Past

_NOWHERE: Final = Mark("", 0, 0)
_OF_WHOLE_PLANS: Final = {"threshold", "shrunken", "empty"}
"""Refusals that compare with everything that is owned, of which this base holds a part."""


@dataclass(frozen=True, slots=True)
class Before:
    desired: DesiredState
    base: BaseState


def states_before(
    past: Past, base: BaseState, live: LiveState, contract: Contract, name: str
) -> Before:
    trees = _Trees(past, replace(base, rows=base.owned()), live, contract)
    projects = [trees.desired(item) for item in trees.below(None)]
    projects += [trees.gone(item) for item in past.made.values() if item.above is None]
    return Before(DesiredState(name, tuple(projects), ""), BaseState(trees.rows, exists=True))


def only_of(plan: Plan, past: Past, base: BaseState, live: LiveState) -> Plan:
    """Without what the planner says of those who are there only for orientation."""
    owned = base.owned()
    ids = past.touched | {node.item.id for tree in past.deleted for node in tree.walk()}
    kept = tuple(entry for entry in plan.kept if entry.id in ids or entry.decided)
    left = LeftToTheSite(kept, owned, live)
    return replace(
        plan,
        kept=kept,
        settlements=tuple(
            change for change in plan.settlements if _id(change) in ids and not left.stays(change)
        ),
        writes=tuple(
            replace(write, settle=None)
            if write.verb == "update" and write.target not in owned
            else left.held(write)
            for write in plan.writes
        ),
        summary=replace(plan.summary, unmanaged=0, ignored=0),
        refusals=tuple(one for one in plan.refusals if one.reason not in _OF_WHOLE_PLANS),
    )


def _id(change: BaseChange) -> str:
    return change.row.id if isinstance(change, PutBase) else change.id


class _Trees:
    def __init__(self, past: Past, base: BaseState, live: LiveState, contract: Contract) -> None:
        self._past = past
        self._base = base
        self._contract = contract
        self._live = {node.item.id: node.item for top in live.projects for node in top.walk()}
        self._then = {id_: self._before(item) for id_, item in self._live.items()}
        self._then = {id_: item for id_, item in self._then.items() if id_ not in past.made}
        self._then |= {node.item.id: node.item for tree in past.deleted for node in tree.walk()}
        self._relevant = self._needed()
        self._children: dict[str | None, list[Item]] = {}
        for id_ in self._relevant:
            self._children.setdefault(self._then[id_].above, []).append(self._then[id_])
        shown = (self._relevant | past.made.keys()) & self._live.keys()
        self.rows = {id_: self._row(id_) for id_ in sorted(shown)}

    def below(self, id_: str | None) -> list[Item]:
        """Relevant siblings as they stood."""
        return sorted(self._children.get(id_, ()), key=lambda item: item.order)

    def desired(self, item: Item) -> Desired:
        below = tuple(self.desired(child) for child in self.below(item.id))
        row = self._base.rows.get(item.id) or self._past.rows.get(item.id)
        return Desired(
            item.kind,
            self._fields(item),
            below or None,
            _NOWHERE,
            protect=row is not None and row.protect,
            renamed_from=self._renamed_from(item),
        )

    def gone(self, project: Item) -> Desired:
        """Leaving a project out would not delete it."""
        key = self._contract.kind(project.kind).key
        fields = {key: project.fields.get(key)}
        return Desired(project.kind, fields, None, _NOWHERE, delete=True)

    def _before(self, item: Item) -> Item:
        """A live resource with what the run wrote taken back, and nothing else."""
        before, after = self._past.before.get(item.id), self._past.after.get(item.id)
        if before is None or after is None:
            return item
        fields = _copied(item.fields)
        for path in _changed(before, after):
            put(fields, path, at(before.fields, path))
        return structs.replace(
            item,
            fields=fields,
            parent=before.parent if before.parent != after.parent else item.parent,
            position=before.position if before.position != after.position else item.position,
        )

    def _needed(self) -> set[str]:
        """Touched, the parents of what was made, siblings of what was moved, all above them.

        And where the run put what it moved: the base knows it by its address there.
        """
        past = self._past
        wanted = {id_ for id_ in past.before if id_ in self._then}
        wanted |= {node.item.id for tree in past.deleted for node in tree.walk()}
        wanted |= {above for item in past.made.values() if (above := item.above)}
        wanted |= {
            above for id_, item in past.after.items() if self._moved(id_) and (above := item.above)
        }
        moved = {self._then[id_].above for id_ in wanted & self._then.keys() if self._moved(id_)}
        wanted |= {id_ for id_, item in self._then.items() if item.above in moved}
        needed: set[str] = set()
        for id_ in wanted:
            step: str | None = id_
            while step is not None and step in self._then and step not in needed:
                needed.add(step)
                step = self._then[step].above
        return {id_ for id_ in needed if self._rooted(id_)}

    def _rooted(self, id_: str) -> bool:
        """Not below something that the run made and that therefore was not there."""
        step: str | None = id_
        while step is not None:
            if step not in self._then:
                return False
            step = self._then[step].above
        return True

    def _moved(self, id_: str) -> bool:
        before, after = self._past.before.get(id_), self._past.after.get(id_)
        if before is None or after is None:
            return id_ not in self._live
        return (before.parent, before.position) != (after.parent, after.position)

    def _fields(self, item: Item) -> Fields:
        """What cfsync had sent, with what the run changed taken back."""
        if item.id not in self._live:
            return item.fields
        row = self._base.rows.get(item.id)
        key = self._contract.kind(item.kind).key
        fields = _copied(row.sent) if row is not None else {key: item.fields.get(key)}
        for path in self._changed_by_run(item.id):
            put(fields, path, at(item.fields, path))
        fields.setdefault(key, item.fields.get(key))
        return fields

    def _changed_by_run(self, id_: str) -> Iterator[FieldPath]:
        before, after = self._past.before.get(id_), self._past.after.get(id_)
        if before is not None and after is not None:
            yield from _changed(before, after)

    def _row(self, id_: str) -> Base:
        """The base as the run left it; of those for orientation, as it is live."""
        item = self._live[id_]
        left = self._past.made.get(id_) or self._past.after.get(id_)
        seen = left or item
        row = self._base.rows.get(id_) or self._orientation(item)
        sent, stored = _copied(row.sent), _copied(row.stored)
        paths = leaves(sent) if id_ in self._past.made else self._changed_by_run(id_)
        for path in list(paths):
            value = at(seen.fields, path)
            put(stored, path, value)
            if id_ in self._past.after:
                put(sent, path, value)
        return structs.replace(
            row,
            sent=sent,
            stored=stored,
            parent=seen.above,
            position=seen.position,
            created_at=seen.created_at,
        )

    def _orientation(self, item: Item) -> Base:
        key = self._contract.kind(item.kind).key
        fields = {key: item.fields.get(key)}
        return Base(item.id, item.kind, item.above, "", item.position, "", fields, dict(fields))

    def _renamed_from(self, item: Item) -> str | None:
        """The address that the base knows it by, where the run renamed it or moved it."""
        row = self.rows.get(item.id)
        key = self._contract.kind(item.kind).key
        if row is None or (row.parent == item.above and row.sent.get(key) == item.fields[key]):
            return None
        return str(self._settled_address(row))

    def _settled_address(self, row: Base) -> Address:
        name = self._name(row)
        if row.parent is None or row.parent not in self.rows:
            return Address(name)
        twins = [
            other
            for other in self.rows.values()
            if other.parent == row.parent and self._name(other) == name
        ]
        twins.sort(key=lambda other: other.order)
        return self._settled_address(self.rows[row.parent]).child(name, twins.index(row) + 1)

    def _name(self, row: Base) -> str:
        return str(row.sent.get(self._contract.kind(row.kind).key, ""))


def _copied(fields: Fields) -> Fields:
    return {name: _copied(v) if isinstance(v, dict) else v for name, v in fields.items()}


def _changed(before: Item, after: Item) -> Iterator[FieldPath]:
    """Leaves in which the two differ."""
    for path in _paths(before.fields, after.fields):
        if not equal(at(before.fields, path), at(after.fields, path)):
            yield path


def _paths(*several: Fields) -> Iterable[FieldPath]:
    """A leaf of one may be an object in the other: then the shorter path stands for both."""
    every = {path for fields in several for path in leaves(fields)}
    return sorted(p for p in every if not any(p[:n] in every for n in range(1, len(p))))
