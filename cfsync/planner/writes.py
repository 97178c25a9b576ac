"""From verdicts to requests: who is created, updated, re-parented and deleted.

Who waits for whom: a create for its parent's; an update for what it refers to; a move for the
nearest move above it, so that no circle exists in between; what is deleted for everything else.
"""

from copy import deepcopy
from dataclasses import replace

from cfsync.model.base import Settle
from cfsync.model.live import Live
from cfsync.model.plan import Edit
from cfsync.model.values import ABSENT, Fields, IdOf, put
from cfsync.planner.changes import all_edits, deleted_key, parent_value
from cfsync.planner.context import Context
from cfsync.planner.draft import Draft, Removal
from cfsync.planner.node import Node, SortKey
from cfsync.planner.removal import expected_subtree
from cfsync.planner.task import Task, holding
from cfsync.planner.verdicts import stands_below


class Tasks:
    """All requests of a plan before they are numbered, in the order of the tree."""

    def __init__(self, context: Context, draft: Draft) -> None:
        self.context = context
        self.draft = draft
        self.writes: list[Task] = []
        """Creates and updates."""
        self.deletes: list[Task] = []
        self.made: dict[int, Task] = {}
        """The create of a node, by the node's identity."""
        self.updated: dict[str, Task] = {}
        """The update of what is on the site, by id."""
        self._going = {live.item.id for removal in draft.removals for live in removal.going}

    def build(self) -> None:
        touched = [
            node
            for node in self.context.forest.busy()
            if not node.is_settled and (node.selected or node.position is not None)
        ]
        for node in touched:
            if node.fate in {"create", "replace"}:
                self._create(node)
            elif node.fate == "present":
                self._update(node)
        replaced = [node for node in touched if node.fate == "replace"]
        for node in replaced:
            self._reparent(node)
        for task in self.writes:
            self._wait_for_moves_above(task)
        for removal in self.draft.removals:
            self._delete(removal)
        for node in replaced:
            self._delete_replaced(node)
        self._deletes_inside_first()

    def _create(self, node: Node) -> None:
        kind = self.context.contract.kind(node.kind)
        fields = self._fields(node)
        body = dict(fields)
        parent, position = kind.field_of("parent"), kind.field_of("position")
        if parent is not None and node.parent is not None:
            body[parent] = parent_value(node.parent, node)
        if position is not None:
            body[position] = node.position or 0
        settle = Settle(node.address, fields, (), _protects(node), position=_row_position(node))
        if node.merged is not None:
            former = node.base.stored if node.base is not None else {}
            held = tuple(node.merged.held)
            settle = replace(settle, sent=node.merged.sent, held=held, stored=former)
        task = Task("create", node.kind, node.address, node.sort, node.sort, node=node)
        task.scope, task.body, task.settle = self._scope(node), body, settle
        above = self.made.get(id(node.parent))
        if above is not None:
            task.after.append(above)
        self.made[id(node)] = task
        self.writes.append(task)

    def _fields(self, node: Node) -> Fields:
        """Everything declared; of a replaced one also what the site holds besides."""
        if node.fate == "create" or node.live is None or node.merged is None:
            return self.context.resolved(node.desired.fields)
        content = self.context.contract.kind(node.kind).content
        now = node.live.item.fields
        fields = {name: deepcopy(now[name]) for name in content if name in now}
        for edit in node.merged.updates:
            put_copy(fields, edit)
        return fields

    def _scope(self, node: Node) -> IdOf | None:
        above = node.parent
        while above is not None and above.kind == node.kind:
            above = above.parent
        return IdOf(above.address) if above is not None else None

    def _update(self, node: Node) -> None:
        edits = list(all_edits(node, self.context))
        if not edits or node.live is None:
            return
        room_for = node.makes_room_for
        only_room = room_for is not None and len(edits) == 1
        owner = room_for.sort if only_room and room_for is not None else node.sort
        task = Task("update", node.kind, node.address, node.sort, owner, node.live, node)
        task.edits = edits
        task.settle = settle_of(node)
        task.purpose = "renumber" if only_room else ""
        above = self.made.get(id(node.parent)) if node.moves else None
        if above is not None:
            task.after.append(above)
        self.updated[node.live.item.id] = task
        self.writes.append(task)

    def _reparent(self, old: Node) -> None:
        """All children of a replaced resource follow it, whoever they belong to."""
        assert old.live is not None  # noqa: S101 - only what is there is replaced
        field = self.context.contract.kind(old.kind).field_of("parent") or ""
        maker = self.made[id(old)]
        for child in old.live.children or ():
            node = self.context.declared(child)
            if child.item.id in self._going or (node is not None and node.moves):
                continue
            if node is not None and node.fate == "replace":
                continue
            row = self.context.row(child)
            settled = ABSENT if row is None else row.parent
            edit = Edit((field,), old.live.item.id, IdOf(old.address), settled)
            task = self.updated.get(child.item.id)
            if task is None:
                task = self._follow(child, node, maker)
            task.edits = sorted((*task.edits, edit), key=lambda edit: edit.path)
            task.after.append(maker)

    def _follow(self, child: Live, node: Node | None, maker: Task) -> Task:
        live = self.context.forest.live
        row = self.context.row(child)
        address = live.address(child) if node is None else node.address
        sort = live.sort(child) if node is None else node.sort
        task = Task("update", child.item.kind, address, sort, maker.owner, child, node)
        task.purpose = "reparent"
        if node is not None and node.selected and node.fate == "present":
            task.settle = settle_of(node)
        elif row is not None:
            task.settle = holding(row, place=node is None or not node.away)
        self.updated[child.item.id] = task
        self.writes.append(task)
        return task

    def _wait_for_moves_above(self, task: Task) -> None:
        field = self.context.contract.kind(task.kind).field_of("parent")
        start = task.node or task.live
        if field is None or start is None or task.edit((field,)) is None:
            return
        for above in stands_below(start, self.context):
            if isinstance(above, Node):
                other = self.updated.get(above.live.item.id) if above.live is not None else None
                if other is not None and other.edit((field,)) is not None:
                    task.after.append(other)
                    return

    def _delete(self, removal: Removal) -> None:
        owner = deleted_key(removal.sort)
        self._add_delete(removal.top, removal.address, removal.sort, owner, removal)

    def _delete_replaced(self, node: Node) -> None:
        assert node.live is not None  # noqa: S101 - only what is there is replaced
        removal = Removal(node.live, [node.live], node.address, node.sort)
        self._add_delete(node.live, node.address, node.sort, node.sort, removal)

    def _add_delete(
        self, live: Live, address: str, sort: SortKey, owner: SortKey, removal: Removal
    ) -> None:
        task = Task("delete", live.item.kind, address, sort, owner, live)
        task.subtree = expected_subtree(removal, {})
        self.deletes.append(task)

    def _deletes_inside_first(self) -> None:
        """What goes from inside a replaced resource goes before it, so that it is empty then."""
        self.deletes.sort(key=lambda task: (-len(task.sort), task.sort))
        inside: dict[str, list[Task]] = {}
        for task in self.deletes:
            above = self.context.forest.live.parent(task.live) if task.live is not None else None
            if above is not None:
                inside.setdefault(above.item.id, []).append(task)
        for task in self.deletes:
            if task.live is not None:
                task.after += inside.get(task.live.item.id, [])


def settle_of(node: Node) -> Settle:
    """How the row of something that is there is written after its update, or without one."""
    merged, row = node.merged, node.base
    if row is not None and not node.selected:
        return holding(row, place=True, position=row.position if node.order_held else None)
    if merged is not None:
        sent, held = merged.sent, tuple(merged.held)
    else:
        sent, held = (row.sent if row is not None else {}), ()
    position = _row_position(node)
    return Settle(node.address, sent, held, _protects(node), place=not node.away, position=position)


def _row_position(node: Node) -> int | None:
    """What the row says instead of the site's number, so that it tells the order that was sent."""
    if node.row_position is None and node.order_held and node.base is not None:
        return node.base.position
    return node.row_position


def _protects(node: Node) -> bool:
    """Protection stays in the journal when the configuration drops it."""
    return node.desired.protect or (node.base is not None and node.base.protect)


def put_copy(fields: Fields, edit: Edit) -> None:
    put(fields, edit.path, deepcopy(edit.after))
