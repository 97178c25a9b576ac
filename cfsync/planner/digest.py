"""One number for everything on the site that a plan rests on.

Each resource that is touched, decided for the site or in conflict, whole subtrees of what is
deleted, and the sibling lists around them, so that `card[2]` cannot become another card. Nothing
else: what the plan does not touch may change, and a designer's edit that is kept is not touched.
"""

import json
from collections.abc import Iterable
from hashlib import blake2b

from cfsync.model.live import Live
from cfsync.model.values import Json
from cfsync.planner.context import Context
from cfsync.planner.draft import Draft
from cfsync.planner.task import Task


def live_digest(context: Context, draft: Draft, tasks: Iterable[Task]) -> str:
    touched: dict[str, Live] = {}
    lists: set[str] = set()
    live = context.forest.live

    def touch(one: Live) -> None:
        touched[one.item.id] = one
        above = live.parent(one)
        lists.add(above.item.id if above is not None else "")

    for task in tasks:
        if task.live is not None:
            touch(task.live)
        elif task.node is not None and task.node.parent is None:
            lists.add("")
        elif task.node is not None and task.node.parent and task.node.parent.live is not None:
            lists.add(task.node.parent.live.item.id)
    for id_ in _decided(context, draft):
        if (one := live.by_id.get(id_)) is not None:
            touch(one)
    for removal in draft.removals:
        touched.update((one.item.id, one) for one in removal.going)
    facts = [
        [_item(touched[id_]) for id_ in sorted(touched)],
        [[id_, _siblings(id_, context)] for id_ in sorted(lists)],
    ]
    text = json.dumps(facts, sort_keys=True, separators=(",", ":"))
    return blake2b(text.encode(), digest_size=20).hexdigest()


def _decided(context: Context, draft: Draft) -> Iterable[str]:
    """Ids of what is in conflict, was decided for the site, or is adopted."""
    for _, kept in draft.kept:
        if kept.decided:
            yield kept.id or ""
    for _, conflict in draft.conflicts:
        yield conflict.id or ""
    for node in context.forest.busy():
        if node.base is None and node.live is not None and node.selected:
            yield node.live.item.id


def _item(live: Live) -> Json:
    item = live.item
    return [item.id, item.kind, item.scope, item.parent, item.position, item.fields]


def _siblings(id_: str, context: Context) -> Json:
    children = context.forest.live.children(context.forest.live.by_id.get(id_))
    return [
        [child.item.id, context.contract.name_of(child.item), child.item.position]
        for child in children
    ]
