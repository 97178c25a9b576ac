"""What goes: owned and no longer declared, declared to be gone, or not declared under `mirror`.

A delete cascades, so it is looked at whole: what was changed on the site since, what nobody here
owns, and what holds ignored content stands in its way. Something declared elsewhere that the plan
moves out first does not.
"""

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from msgspec import structs

from cfsync.model.base import Base, DropBase, PutBase
from cfsync.model.desired import Manage
from cfsync.model.live import Live
from cfsync.model.plan import Conflict, ConflictReason, Kept
from cfsync.model.values import ABSENT, Maybe, at
from cfsync.planner.answers import forget_answers, let_go
from cfsync.planner.context import Context
from cfsync.planner.draft import Draft, Removal
from cfsync.planner.foreign_content import holds_undeclared
from cfsync.planner.node import Node
from cfsync.planner.same import same, unchanged
from cfsync.planner.verdicts import goes_in_a_circle

Why: TypeAlias = Literal["undeclared", "mirrored", "declared"]
"""Owned and no longer declared; not declared under `mirror`; `delete: true`."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A wish to delete a resource, and under whose rules."""

    top: Live
    why: Why
    manage: Manage
    overwrites: bool
    node: Node | None = None
    """The one that says `delete: true`."""


@dataclass(slots=True)
class _Below:
    """What was found in a subtree that is to go."""

    going: list[Live] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    declared: list[str] = field(default_factory=list)
    """What the configuration wants elsewhere, and that cannot be moved there."""
    undeclared: list[str] = field(default_factory=list)
    """Ours, with content in fields that no file ever declared."""
    protected: list[str] = field(default_factory=list)


def decide_removals(context: Context, draft: Draft) -> None:
    asks = (*_declared_gone(context), *_undeclared(context, draft))
    answered = context.forest.base.let_go
    for ask in asks:
        if ask.top.item.id in answered:
            draft.unmanaged += len(list(ask.top.walk())) if ask.why == "declared" else 1
            continue
        address = context.forest.live.address(ask.top)
        labels = [row.address] if (row := context.row(ask.top)) is not None else []
        if not context.options.selects(address, *labels):
            continue
        excluded = _excluded(ask.top, context)
        if excluded is None:
            _decide(ask, address, context, draft)
        else:
            draft.suggestions.append(
                f"{address} stays this time: it would be deleted with {excluded}, which is excluded"
            )
    draft.removals = _topmost(draft.removals)
    if answered:
        forget_answers({ask.top.item.id for ask in asks}, context, draft)


def _topmost(removals: list[Removal]) -> list[Removal]:
    """Without what goes with another one: designers may have moved it in there."""
    inner = {live.item.id for removal in removals for live in removal.going[1:]}
    return [removal for removal in removals if removal.top.item.id not in inner]


def _excluded(top: Live, context: Context) -> str | None:
    """Something in there that `--exclude` names, and that the delete would take with it."""
    if not context.options.excludes:
        return None
    for live in top.walk():
        row = context.row(live)
        names = (context.forest.live.address(live), *([row.address] if row is not None else []))
        if context.options.excluded(*names):
            return names[0]
    return None


def _declared_gone(context: Context) -> list[Ask]:
    return [
        Ask(node.live, "declared", node.desired.manage, node.overwrites, node)
        for node in context.forest.busy()
        if node.fate == "delete" and node.live is not None
    ]


def _undeclared(context: Context, draft: Draft) -> list[Ask]:
    """Everything on the site below what is declared that nothing declares."""
    asks: list[Ask] = []
    claimed = context.forest.claimed
    if context.forest.live.by_id.keys() <= claimed.keys():
        return asks
    for node in context.forest.nodes():
        live = node.live
        if live is None or not live.children or node.fate == "delete":
            continue
        if len(live.children) == len(node.children) and all(
            child.item.id in claimed for child in live.children
        ):
            continue
        _look_below(node, live, context, draft, asks)
    return asks


def _look_below(node: Node, live: Live, context: Context, draft: Draft, asks: list[Ask]) -> None:
    manage, overwrites = node.desired.manage, node.overwrites
    mirrors = manage == "mirror" and node.desired.children is not None and node.stands
    stack = [(child, mirrors) for child in live.children or ()]
    while stack:
        child, mirrored = stack.pop()
        if context.declared(child) is not None:
            continue
        if context.row(child) is not None and manage != "add":
            asks.append(Ask(child, "undeclared", manage, overwrites))
            continue
        given = child.item.id in context.forest.base.let_go
        if mirrored:
            asks.append(Ask(child, "mirrored", manage, overwrites))
        if given or not mirrored:
            draft.unmanaged += not mirrored
            stack.extend((inner, mirrored and not given) for inner in child.children or ())


def _decide(ask: Ask, address: str, context: Context, draft: Draft) -> None:
    below = _look_through(ask, context, draft)
    if below.protected:
        draft.protected += below.protected
        return
    reason = _in_the_way(ask, below, context)
    if reason is None or (context.options.on_conflict == "take-config" and not below.declared):
        sort = context.forest.live.sort(ask.top)
        draft.removals.append(Removal(ask.top, below.going, address, sort))
    else:
        _keep(ask, reason, below, context, draft)


def _in_the_way(ask: Ask, below: _Below, context: Context) -> ConflictReason | None:
    if ask.why == "declared" and context.row(ask.top) is None and not ask.overwrites:
        return "no-base"
    if below.foreign or below.declared:
        return "holds-foreign"
    if below.changed:
        return "changed-since"
    return "undeclared" if below.undeclared else None


def _keep(ask: Ask, reason: ConflictReason, below: _Below, context: Context, draft: Draft) -> None:
    address = context.forest.live.address(ask.top)
    kind, id_, sort = ask.top.item.kind, ask.top.item.id, context.forest.live.sort(ask.top)
    mark = ask.node.desired.mark if ask.node is not None else None
    if context.options.on_conflict == "keep-live":
        draft.kept.append((sort, Kept("delete", kind, address, id_, mark=mark, decided=True)))
        _let_go(ask, below, context, draft)
        return
    others = tuple(sorted({*below.changed, *below.foreign, *below.declared, *below.undeclared}))
    conflict = Conflict(reason, kind, address, id_, "delete", others=others, mark=mark)
    draft.conflicts.append((sort, conflict))


def _let_go(ask: Ask, below: _Below, context: Context, draft: Draft) -> None:
    """What is asked to be deleted again by the next plan is remembered as answered."""
    asked_again = ask.why == "declared" or ask.manage == "mirror"
    for live in below.going:
        if live is ask.top and asked_again:
            draft.settlements.append(PutBase(let_go(live.item)))
        elif context.row(live) is not None and not _stays(context.declared(live)):
            draft.settlements.append(DropBase(live.item.id))


def _look_through(ask: Ask, context: Context, draft: Draft) -> _Below:
    """Walk what goes. What is declared elsewhere and moves out is not part of it."""
    below = _Below()
    if ask.node is not None and ask.node.desired.protect:
        below.protected.append(ask.node.address)
    stack = [ask.top]
    while stack:
        live = stack.pop()
        node = context.declared(live)
        other = _stays(node)
        if node is not None and other and (node.moves or _taken_out(node, context, draft)):
            continue
        below.going.append(live)
        stack.extend(reversed(live.children or ()))
        if other:
            below.declared.append(context.forest.live.address(live))
        else:
            _look_at(live, ask, below, context)
    return below


def _stays(node: Node | None) -> bool:
    """Whether it is declared, and not to be gone."""
    return node is not None and node.fate != "delete"


def _taken_out(node: Node, context: Context, draft: Draft) -> bool:
    """Where the configuration wins, what it declares elsewhere goes there instead of being lost."""
    above = node.parent
    if context.options.on_conflict != "take-config" or above is None or not above.stands:
        return False
    if not (node.selected and node.away):
        return False
    node.moves, node.away = True, False
    if goes_in_a_circle(node, context):
        node.moves, node.away = False, True
        return False
    draft.kept = [
        (sort, kept)
        for sort, kept in draft.kept
        if not (kept.what == "parent" and kept.id == node.home)
    ]
    return True


def _look_at(live: Live, ask: Ask, below: _Below, context: Context) -> None:
    row = context.row(live)
    address = context.forest.live.address
    if row is not None and row.protect:
        below.protected.append(address(live))
    elif row is None:
        mirrored = ask.manage == "mirror"
        if not mirrored and live is not ask.top:
            below.foreign.append(address(live))
    elif not ask.overwrites and (
        differs(live, row) or _holds_ignored(address(live), live, row, context)
    ):
        below.changed.append(address(live))
    elif not ask.overwrites and holds_undeclared(live, row, context):
        below.undeclared.append(address(live))


def differs(live: Live, row: Base) -> bool:
    """Whether the site changed it since it was settled: a field that was sent, or its parent."""
    if live.item.above != row.parent:
        return True
    return not all(
        unchanged(value, row.stored.get(name, ABSENT), live.item.fields.get(name, ABSENT))
        for name, value in row.sent.items()
    )


def _holds_ignored(address: str, live: Live, row: Base, context: Context) -> bool:
    """Whether a field that nobody compares holds something that was not sent."""
    for path in context.ignoring.at(address, row.address):
        now = at(live.item.fields, path)
        if not path:
            continue  # fields that were sent are compared anyway
        if not _is_empty(now) and not same(now, at(row.stored, path)):
            return True
    return False


def _is_empty(value: Maybe) -> bool:
    return value is ABSENT or value is None or value in ("", [], {})


def expected_subtree(removal: Removal, changed: dict[str, Live]) -> Live:
    """What is there just before the delete; `changed` are those that this plan writes to before."""
    going = {live.item.id for live in removal.going}
    built: dict[str, Live] = {}
    for live in reversed(removal.going):
        inner = tuple(built[c.item.id] for c in live.children or () if c.item.id in going)
        now = changed.get(live.item.id, live)
        built[live.item.id] = structs.replace(now, children=inner)
    return built[removal.top.item.id]
