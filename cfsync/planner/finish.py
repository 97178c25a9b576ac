"""Tasks and verdicts become a Plan: numbered, sorted, counted, with ids to come as Made."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from cfsync.model.base import Settle
from cfsync.model.live import Live
from cfsync.model.plan import Change, Edit, Plan, Summary, Write
from cfsync.model.values import Id, IdOf, Json, Made
from cfsync.planner.changes import changes
from cfsync.planner.context import Context
from cfsync.planner.digest import live_digest
from cfsync.planner.draft import Draft
from cfsync.planner.guards import deletions
from cfsync.planner.node import SortKey
from cfsync.planner.order import in_order
from cfsync.planner.references import mentions
from cfsync.planner.settling import settlements
from cfsync.planner.slugs import Slugs
from cfsync.planner.task import Task
from cfsync.planner.writes import Tasks


def finish(context: Context, draft: Draft) -> Plan:
    """Everything but the name, the refusals and what says where the plan comes from."""
    tasks = Tasks(context, draft)
    tasks.build()
    Slugs(tasks).arrange()
    ordered = in_order(tasks)
    shown = sorted(changes(context, draft).items())
    numbers = _Numbers(tasks, ordered, {key: i for i, (key, _) in enumerate(shown)})
    listed = tuple(numbers.change(change) for _, change in shown)
    options = context.options
    return Plan(
        name="",
        environment=options.environment,
        host=options.host,
        has_base=False,
        changes=listed,
        kept=tuple(kept for _, kept in sorted(draft.kept, key=lambda entry: entry[0])),
        conflicts=tuple(one for _, one in sorted(draft.conflicts, key=lambda entry: entry[0])),
        writes=tuple(map(numbers.write, ordered)),
        settlements=(*draft.settlements, *settlements(tasks)),
        suggestions=tuple(sorted(draft.suggestions)),
        summary=_summary(listed, draft),
        live_digest=live_digest(context, draft, ordered),
    )


def _by_name(children: Iterable[Live], context: Context) -> dict[str, list[str]]:
    named: dict[str, list[str]] = {}
    for child in children:
        named.setdefault(_folded(context.contract.name_of(child.item)), []).append(child.item.id)
    return named


def _folded(name: str) -> str:
    return name.strip().casefold()


class _Numbers:
    def __init__(self, tasks: Tasks, ordered: list[Task], places: dict[SortKey, int]) -> None:
        self._tasks = tasks
        self._places = places
        self._refers = tasks.context.forest.refers
        self._numbers = {id(task): number for number, task in enumerate(ordered)}
        self._named: dict[str, dict[str, list[str]]] = {}
        """Ids of those below a live resource, by name as a person reads it."""

    def write(self, task: Task) -> Write:
        return Write(
            number=self._numbers[id(task)],
            change=self._places[task.owner],
            verb=task.verb,
            kind=task.kind,
            address=task.address,
            target=self._target(task),
            scope=self._scope(task),
            body={name: self._known(value) for name, value in task.body.items()},
            edits=tuple(map(self._edit, task.edits)),
            subtree=task.subtree,
            waits=tuple(sorted({self._numbers[id(other)] for other in task.after})),
            settle=None if task.settle is None else self._settle(task.settle),
            purpose=task.purpose,
            twins=self._twins(task),
        )

    def _twins(self, task: Task) -> tuple[str, ...]:
        node = task.node
        if task.verb != "create" or node is None:
            return ()
        above = None if node.parent is None else node.parent.live
        if node.parent is not None and above is None:
            return ()  # nobody stands in what is yet to be made
        context = self._tasks.context
        key = "" if above is None else above.item.id
        if key not in self._named:
            self._named[key] = _by_name(context.forest.live.children(above), context)
        name = str(task.body.get(context.contract.kind(task.kind).key, ""))
        return tuple(self._named[key].get(_folded(name), ()))

    def change(self, change: Change) -> Change:
        if not self._refers and not any(type(edit.after) is IdOf for edit in change.edits):
            return change
        return replace(change, edits=tuple(map(self._edit, change.edits)))

    def _edit(self, edit: Edit) -> Edit:
        after = self._known(edit.after)
        return edit if after is edit.after else replace(edit, after=after)

    def _settle(self, settle: Settle) -> Settle:
        if not self._refers:
            return settle
        sent = self._known(settle.sent)
        return settle if sent is settle.sent else replace(settle, sent=sent)

    def _target(self, task: Task) -> Id | None:
        if task.verb == "create":
            return None
        if task.live is not None:
            return task.live.item.id
        return Made(self._numbers[id(self._tasks.made[id(task.node)])])

    def _scope(self, task: Task) -> Id | None:
        if task.live is not None:
            return task.live.item.scope
        maker = task if task.verb == "create" else self._tasks.made[id(task.node)]
        scope: Id | None = self._known(maker.scope)
        return scope

    def _known(self, value: Json) -> Json:
        """The value itself where nothing in it is to come."""
        if isinstance(value, IdOf):
            return self._id(value)
        if not self._refers or not mentions(value):
            return value
        if isinstance(value, dict):
            return {name: self._known(inner) for name, inner in value.items()}
        return list(map(self._known, value))

    def _id(self, reference: IdOf) -> Json:
        context = self._tasks.context
        made = self._tasks.made.get(id(context.forest.target(reference)))
        return context.resolve(reference) if made is None else Made(self._numbers[id(made)])


def _summary(listed: tuple[Change, ...], draft: Draft) -> Summary:
    actions = Counter(change.action for change in listed)
    return Summary(
        create=actions["create"],
        update=actions["update"],
        move=actions["move"],
        replace=actions["replace"],
        delete=deletions(draft.removals),
        adopt=actions["adopt"],
        keep_live=len(draft.kept),
        conflict=len(draft.conflicts),
        ignored=draft.ignored,
        unmanaged=draft.unmanaged,
    )
