"""Unique keys: no request may ask for a slug that somebody else still has.

Whoever wants a slug waits for the one who gives it up. Renames that wait for each other in a circle
go over one temporary slug; so does one that is to be deleted, since deletes come last.
"""

from dataclasses import replace

from msgspec import structs

from cfsync.contract import Kind
from cfsync.model.live import Live
from cfsync.model.plan import Edit
from cfsync.model.values import ABSENT
from cfsync.planner.task import Task
from cfsync.planner.writes import Tasks

_LONGEST = 80
"""Of a slug as the beginning of a temporary one; the contract's own limit is never below 100."""


class Slugs:
    def __init__(self, tasks: Tasks) -> None:
        self._tasks = tasks
        self._contract = tasks.context.contract
        self._live = tasks.context.forest.live
        self._leaving = {task.live.item.id: task for task in tasks.deletes if task.live is not None}
        self._temporary: dict[str, Task] = {}
        self._taken: set[str] = set()

    def arrange(self) -> None:
        wanting = [(task, slug) for task in self._tasks.writes if (slug := self._wanted(task))]
        self._taken.update(slug for _, slug in wanting)
        holders = [self._holder(task, slug) for task, slug in wanting]
        waits: dict[int, Task] = {}
        for (task, _), holder in zip(wanting, holders, strict=True):
            if holder is None:
                continue
            if holder.item.id in self._leaving:
                task.after.append(self._free(holder, self._leaving[holder.item.id]))
            elif (giver := self._tasks.updated.get(holder.item.id)) is not None:
                waits[id(task)] = giver
        self._wait(wanting, waits)

    def _kind(self, task: Task) -> Kind:
        return self._contract.kind(task.kind)

    def _wanted(self, task: Task) -> str | None:
        """The unique key that it takes, if it takes a new one."""
        kind = self._kind(task)
        if not kind.key_unique:
            return None
        if task.verb == "create":
            return str(task.body.get(kind.key, ""))
        edit = task.edit((kind.key,))
        return None if edit is None else str(edit.after)

    def _holder(self, task: Task, slug: str) -> Live | None:
        """Who has it on the site now."""
        node = task.node
        above = node.parent.live if node is not None and node.parent is not None else None
        if node is not None and node.parent is not None and above is None:
            return None
        others = self._live.named(above).get(slug, ())
        return next((live for live in others if live is not task.live), None)

    def _wait(self, wanting: list[tuple[Task, str]], waits: dict[int, Task]) -> None:
        """Chains wait; each circle is opened by renaming one of it twice."""
        done: set[int] = set()
        for task, _ in wanting:
            path: dict[int, Task] = {}
            at: Task | None = task
            while at is not None and id(at) not in done and id(at) not in path:
                path[id(at)] = at
                at = waits.get(id(at))
            if at is not None and id(at) in path:
                circle = list(path.values())[list(path).index(id(at)) :]
                self._open(min(circle, key=lambda one: one.sort))
            done.update(path)
        for task, _ in wanting:
            giver_or_none = waits.get(id(task))
            if giver_or_none is not None:
                first = self._temporary.get(_id(giver_or_none))
                task.after.append(first or giver_or_none)

    def _open(self, task: Task) -> None:
        assert task.live is not None  # noqa: S101 - only what is there holds a slug
        first = self._free(task.live, task)
        key = self._kind(task).key
        slug = first.edits[0].after
        task.edits = [
            replace(edit, before=slug) if edit.path == (key,) else edit for edit in task.edits
        ]
        task.after.append(first)

    def _free(self, live: Live, task: Task) -> Task:
        """One rename to a slug that nobody has or wants, before the real request."""
        known = self._temporary.get(live.item.id)
        if known is not None:
            return known
        kind = self._contract.kind(live.item.kind)
        now = self._contract.name_of(live.item)
        edit = Edit((kind.key,), now, self._unused(live, now), ABSENT)
        first = Task("update", live.item.kind, task.address, task.sort, task.owner, live)
        first.edits, first.purpose = [edit], "temporary-slug"
        self._temporary[live.item.id] = first
        self._tasks.writes.append(first)
        if task.subtree is not None:
            fields = {**task.subtree.item.fields, kind.key: edit.after}
            item = structs.replace(task.subtree.item, fields=fields)
            task.subtree = structs.replace(task.subtree, item=item)
        return first

    def _unused(self, live: Live, slug: str) -> str:
        shown = self._live.named(self._live.parent(live))
        stem = f"{slug[:_LONGEST].rstrip('-/')}-moving"
        number = 1
        while (name := stem if number == 1 else f"{stem}-{number}") in shown or name in self._taken:
            number += 1
        self._taken.add(name)
        return name


def _id(task: Task) -> str:
    return task.live.item.id if task.live is not None else ""
