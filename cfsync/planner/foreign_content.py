"""Content on our own resources that no file declares: a designer's work, lost with a delete."""

from cfsync.model.base import Base
from cfsync.model.live import Live
from cfsync.model.values import ABSENT, Maybe
from cfsync.planner.context import Context
from cfsync.planner.same import same


def holds_undeclared(live: Live, row: Base, context: Context) -> bool:
    """Whether fields, or keys of objects, that were never sent hold texts or lists.

    Numbers, booleans and states do not count: servers fill those in by themselves.
    """
    kind = context.contract.kind(live.item.kind)
    return any(
        _holds(now, row.sent.get(name, ABSENT))
        for name, now in live.item.fields.items()
        if name in kind.content
        and "enum" not in kind.fields[name].schema
        and not (name not in row.sent and same(now, kind.fields[name].default))
    )


def _holds(now: Maybe, sent: Maybe) -> bool:
    if isinstance(now, dict):
        known = sent if isinstance(sent, dict) else {}
        if sent is ABSENT or isinstance(sent, dict):
            return any(_holds(inner, known.get(name, ABSENT)) for name, inner in now.items())
        return False
    return sent is ABSENT and isinstance(now, str | list) and bool(now)
