"""Numbers for requests: sending one after another works, and `waits` says what may overlap.

References that would make two requests wait for each other are left out of the first and set by a
request of their own. A new page or project that is to be published is made as a draft and published
by the last request of its subtree. Deletes wait for everything: the first one for whatever nobody
else waits for, the others for the first, so that all waits together stay proportional to the plan.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from cfsync.model.plan import Edit
from cfsync.model.values import ABSENT, FieldPath, Fields, Maybe
from cfsync.planner.merge import without
from cfsync.planner.node import Node
from cfsync.planner.references import references
from cfsync.planner.task import Task
from cfsync.planner.writes import Tasks


def in_order(tasks: Tasks) -> list[Task]:
    """All tasks, each behind everything that it waits for."""
    _break_circles(tasks)
    publishing = _publish(tasks)
    first = [*tasks.writes, *publishing]
    _hold_deletes(first, tasks.deletes)
    return _sorted([*first, *tasks.deletes])


@dataclass(slots=True)
class _Visit:
    """A task on the way down, and through which of the field of the one above it was reached."""

    task: Task
    rest: "Iterator[tuple[Task, FieldPath | None]]"
    path: FieldPath | None


def _break_circles(tasks: Tasks) -> None:
    """Wait for what is referred to; where that closes a circle, set the reference afterwards."""
    done: set[int] = set()
    for root in list(tasks.writes):
        stack = [] if id(root) in done else [_Visit(root, iter(_leads_to(root, tasks)), None)]
        under_way = {id(root)}
        while stack:
            task = stack[-1].task
            step = next(stack[-1].rest, None)
            if step is None:
                done.add(id(task))
                under_way.discard(id(task))
                stack.pop()
                continue
            other, path = step
            if path is not None and not _names(task, path):
                continue
            if id(other) in under_way:
                _open_circle([*stack, _Visit(other, iter(()), path)], tasks)
                continue
            if path is not None and other not in task.after:
                task.after.append(other)
            if id(other) not in done:
                under_way.add(id(other))
                stack.append(_Visit(other, iter(_leads_to(other, tasks)), path))


def _names(task: Task, path: FieldPath) -> bool:
    """Whether the reference is still there: it may have been taken out."""
    return path[0] in task.body or task.edit(path) is not None


def _open_circle(stack: list[_Visit], tasks: Tasks) -> None:
    """The last reference of the circle is set afterwards; what is no reference has to be first."""
    for above, visit in zip(stack[-2::-1], stack[:0:-1], strict=True):
        if visit.path is not None:
            above.task.after = [one for one in above.task.after if one is not visit.task]
            _set_afterwards(above.task, visit.path, tasks)
            return


def _leads_to(task: Task, tasks: Tasks) -> list[tuple[Task, FieldPath | None]]:
    """Whom it waits for: first those that it must, then those that it refers to, and where."""
    found: list[tuple[Task, FieldPath | None]] = [(other, None) for other in task.after]
    if not tasks.context.forest.refers:
        return found
    parent = tasks.context.contract.kind(task.kind).field_of("parent")
    leaves: list[tuple[FieldPath, Maybe]] = [((name,), value) for name, value in task.body.items()]
    leaves += [(edit.path, edit.after) for edit in task.edits]
    for path, value in leaves:
        if path == (parent,):
            continue  # waited for already, and never set afterwards
        for reference in references(value):
            made = tasks.made.get(id(tasks.context.forest.target(reference)))
            if made is not None:
                found.append((made, path))
    return found


def _set_afterwards(task: Task, path: FieldPath, tasks: Tasks) -> None:
    """Take a field (of a create) or a leaf (of an update) out, into an update that follows."""
    taken = [edit for edit in task.edits if edit.path == path]
    if not taken and path[0] in task.body:
        taken = [Edit(path, ABSENT, task.body.pop(path[0]), ABSENT)]
    task.edits = [edit for edit in task.edits if edit.path != path]
    later = Task("update", task.kind, task.address, task.sort, task.owner, task.live, task.node)
    later.edits, later.after, later.settle = taken, [task], task.settle
    for edit in taken:
        for reference in references(edit.after):
            made = tasks.made.get(id(tasks.context.forest.target(reference)))
            if made is not None and made is not task:
                later.after.append(made)
    if task.settle is not None:
        task.settle = replace(task.settle, sent=without(task.settle.sent, path))
    tasks.writes.append(later)


def _publish(tasks: Tasks) -> list[Task]:
    """Inner ones first, so that a project waits for its pages, not for every element."""
    groups = {id(task): id(_published_above(task.node, tasks)) for task in tasks.writes}
    waited = {
        id(other)
        for task in tasks.writes
        for other in task.after
        if groups[id(other)] == groups[id(task)]
    }
    loose: dict[int, list[Task]] = {}
    publishing: list[Task] = []
    for task in sorted(tasks.writes, key=lambda one: one.sort, reverse=True):
        node = task.node
        if id(task) not in waited and node is not None:
            loose.setdefault(groups[id(task)], []).append(task)
    for task in sorted(tasks.made.values(), key=lambda one: one.sort, reverse=True):
        name = _hidden(task, tasks)
        if name is None or task.node is None:
            continue
        last = _publish_one(task, name, loose.pop(id(task.node), []))
        publishing.append(last)
        above = _published_above(task.node.parent, tasks) if task.node.parent else None
        loose.setdefault(id(above), []).append(last)
    return publishing


def _hidden(task: Task, tasks: Tasks) -> str | None:
    """The status field of something new that is to be published."""
    if task.node is None or task.node.fate != "create":
        return None
    name = tasks.context.status[task.kind]
    return name if name is not None and task.node.desired.fields.get(name) == "published" else None


def _published_above(node: Node | None, tasks: Tasks) -> Node | None:
    """The nearest, itself included, that is published when its subtree is whole."""
    while node is not None:
        made = tasks.made.get(id(node))
        if made is not None and _hidden(made, tasks) is not None:
            return node
        node = node.parent
    return None


def _publish_one(task: Task, name: str, subtree: list[Task]) -> Task:
    last = Task("update", task.kind, task.address, task.sort, task.owner, node=task.node)
    last.purpose = "publish"
    last.edits = [Edit((name,), "draft", "published", ABSENT)]
    last.after = [task, *(other for other in subtree if other is not task)]
    last.settle = task.settle
    task.body = {**task.body, name: "draft"}
    if task.settle is not None:
        sent: Fields = {**task.settle.sent, name: "draft"}
        task.settle = replace(task.settle, sent=sent)
    return last


def _hold_deletes(first: list[Task], deletes: list[Task]) -> None:
    if not deletes:
        return
    waited = {id(other) for task in first for other in task.after}
    barrier, *others = deletes
    barrier.after = [*barrier.after, *(task for task in first if id(task) not in waited)]
    for task in others:
        if not task.after:
            task.after = [barrier]


def _sorted(tasks: list[Task]) -> list[Task]:
    """Depth first along `after`: the order of the list stays where nothing speaks for it."""
    done: set[int] = set()
    result: list[Task] = []
    for root in tasks:
        stack = [(root, iter(root.after))] if id(root) not in done else []
        while stack:
            task, rest = stack[-1]
            waiting = next((other for other in rest if id(other) not in done), None)
            if waiting is not None:
                stack.append((waiting, iter(waiting.after)))
                continue
            stack.pop()
            if id(task) not in done:
                done.add(id(task))
                result.append(task)
    return result
