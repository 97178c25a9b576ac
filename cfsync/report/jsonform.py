"""A plan as JSON, for machines and for saving. `schemas/plan.schema.json` describes it.

ABSENT is a key that is not there; an id known only after apply is `{"$made": write}`. Only what
differs from a noun's own default is written, so that a large plan stays small.
"""

import hashlib
from dataclasses import replace
from typing import Any, Final, TypeVar

from cfsync.model.base import BaseChange, DropBase, PutBase, Settle
from cfsync.model.live import Item, Live
from cfsync.model.mark import Mark
from cfsync.model.plan import Change, Conflict, Edit, Kept, Plan, Refusal, Summary, Write
from cfsync.model.values import ABSENT, Fields, Maybe
from cfsync.report.jsonvalue import FORMAT_VERSION, dumps, encoded

_Marked = TypeVar("_Marked", Change, Conflict)

_SUMMARY: Final = {"keep_live": "keepLive"}


def plan_to_json(plan: Plan) -> Fields:
    return {
        "formatVersion": FORMAT_VERSION,
        "code": plan_code(plan),
        "name": plan.name,
        "environment": plan.environment,
        "host": plan.host,
        "hasBase": plan.has_base,
        "summary": summary(plan.summary),
        "changes": [_change(change) for change in plan.changes],
        "kept": [_kept(kept) for kept in plan.kept],
        "conflicts": [_conflict(conflict) for conflict in plan.conflicts],
        "refusals": [_refusal(refusal) for refusal in plan.refusals],
        "suggestions": list(plan.suggestions),
        "writes": [_write(write) for write in plan.writes],
        "settlements": [_base_change(change) for change in plan.settlements],
        **_sparse(partial=plan.partial),
        "configDigest": plan.config_digest,
        "liveDigest": plan.live_digest,
    }


def plan_code(plan: Plan) -> str:
    """What a script asks first: `needs-decision`, `changes` (something would be sent) or not."""
    if any(refusal.reason != "deletions" for refusal in plan.refusals):
        return "needs-decision"
    return "changes" if plan.writes else "no-changes"


def summary(numbers: Summary) -> Fields:
    return {named(name): getattr(numbers, name) for name in Summary.__slots__}


def named(number: str) -> str:
    """A number of the summary as the JSON calls it: `keepLive`."""
    return _SUMMARY.get(number, number)


def digest_of_changes(plan: Plan) -> str:
    """Two plans with the same digest would do the same to the same things, seen from the same base.

    Marks take no part: a line may move in its file.
    """
    same = {
        "name": plan.name,
        "environment": plan.environment,
        "host": plan.host,
        "liveDigest": plan.live_digest,
        "changes": [_change(_unmarked(change)) for change in plan.changes],
        "conflicts": [_conflict(_unmarked(conflict)) for conflict in plan.conflicts],
        "writes": [_write(replace(write, edits=_no_marks(write.edits))) for write in plan.writes],
    }
    return hashlib.sha256(dumps(same, indent=0).encode()).hexdigest()


def _unmarked(entry: _Marked) -> _Marked:
    return replace(entry, mark=None, edits=_no_marks(entry.edits))


def _no_marks(edits: tuple[Edit, ...]) -> tuple[Edit, ...]:
    return tuple(replace(edit, mark=None) for edit in edits)


def _sparse(**entries: Any) -> Fields:
    """Leaves out what is not there: None, empty, false, nought."""
    return {key: value for key, value in entries.items() if value}


def _maybe(key: str, value: Maybe) -> Fields:
    return {} if value is ABSENT else {key: encoded(value)}


def _mark(mark: Mark | None) -> Fields | None:
    return None if mark is None else {"file": mark.file, "line": mark.line, "column": mark.column}


def _edit(edit: Edit) -> Fields:
    return {
        "path": list(edit.path),
        **_maybe("before", edit.before),
        **_maybe("after", edit.after),
        **_maybe("settled", edit.settled),
        **_sparse(mark=_mark(edit.mark)),
    }


def edits_to_json(edits: tuple[Edit, ...]) -> list[Fields]:
    return [_edit(edit) for edit in edits]


def _change(change: Change) -> Fields:
    return {
        "action": change.action,
        "kind": change.kind,
        "address": change.address,
        "id": change.id,
        **_sparse(
            edits=edits_to_json(change.edits),
            movedFrom=change.moved_from,
            reordered=change.reordered,
            renumbered=change.renumbered,
            descendants=change.descendants,
            mark=_mark(change.mark),
        ),
    }


def _kept(kept: Kept) -> Fields:
    return {
        "what": kept.what,
        "kind": kept.kind,
        "address": kept.address,
        "id": kept.id,
        **_sparse(edits=edits_to_json(kept.edits), decided=kept.decided, mark=_mark(kept.mark)),
    }


def _conflict(conflict: Conflict) -> Fields:
    return {
        "reason": conflict.reason,
        "what": conflict.what,
        "kind": conflict.kind,
        "address": conflict.address,
        "id": conflict.id,
        **_sparse(
            edits=edits_to_json(conflict.edits),
            others=list(conflict.others),
            mark=_mark(conflict.mark),
        ),
    }


def _refusal(refusal: Refusal) -> Fields:
    return {
        "reason": refusal.reason,
        "message": refusal.message,
        "nextStep": refusal.next_step,
        **_sparse(addresses=list(refusal.addresses)),
    }


def _write(write: Write) -> Fields:
    return {
        "number": write.number,
        "change": write.change,
        "verb": write.verb,
        "kind": write.kind,
        "address": write.address,
        "target": encoded(write.target),
        "scope": encoded(write.scope),
        **_sparse(
            body=encoded(write.body),
            edits=edits_to_json(write.edits),
            subtree=write.subtree and _live(write.subtree),
            waits=list(write.waits),
            settle=write.settle and _settle(write.settle),
            purpose=write.purpose,
            twins=list(write.twins),
        ),
    }


def _settle(settle: Settle) -> Fields:
    return {
        "address": settle.address,
        "sent": encoded(settle.sent),
        "protect": settle.protect,
        "place": settle.place,
        "position": settle.position,
        **_sparse(held=[list(path) for path in settle.held], stored=encoded(settle.stored)),
    }


def _live(live: Live) -> Fields:
    children = live.children
    below = {} if children is None else {"children": [_live(child) for child in children]}
    return {"item": _item(live.item), **below}


def _item(item: Item) -> Fields:
    return {
        "kind": item.kind,
        "id": item.id,
        "scope": item.scope,
        "parent": item.parent,
        "position": item.position,
        "fields": encoded(item.fields),
        "createdAt": item.created_at,
        "updatedAt": item.updated_at,
    }


def _base_change(change: BaseChange) -> Fields:
    match change:
        case DropBase(id=id_):
            return {"drop": id_}
        case PutBase(row=row):
            return {
                "put": {
                    "id": row.id,
                    "kind": row.kind,
                    "parent": row.parent,
                    "address": row.address,
                    "position": row.position,
                    "createdAt": row.created_at,
                    "sent": encoded(row.sent),
                    "stored": encoded(row.stored),
                    "protect": row.protect,
                }
            }
