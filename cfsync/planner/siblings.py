"""Order among declared siblings: one more field, with the same three-way verdicts.

The base's order is that of its rows by (position, creation, id); what nobody declared keeps its
number and takes no part. Whoever is new is placed beside its declared neighbours, also where the
site's own order is kept.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cfsync.model.live import Live
from cfsync.model.plan import Conflict, ConflictReason, Edit, Kept
from cfsync.planner.context import Context
from cfsync.planner.draft import Draft
from cfsync.planner.merge import Policy, Verdict, three_way
from cfsync.planner.node import Node, step_label
from cfsync.planner.positions import Shown, number
from cfsync.planner.verdicts import settled_parent


@dataclass(frozen=True, slots=True)
class _Order:
    verdict: Verdict
    settled: list[Node]
    """Those with a row, as they were settled."""
    shown: list[Node]
    """All that are there, as the site shows them."""


def decide_orders(context: Context, draft: Draft) -> None:
    for parent in context.forest.nodes():
        children = parent.children
        if not children or parent.quiet_below or not parent.stands:
            continue
        if all(child.quiet for child in children) and _in_order(children):
            continue
        if context.contract.kind(children[0].kind).field_of("position") is not None:
            _decide_order(parent, children, context, draft)


def _decide_order(parent: Node, children: Sequence[Node], context: Context, draft: Draft) -> None:
    home = parent.home
    members: list[Node] = []
    new = False
    for child in children:
        if child.moves or child.fate == "create":
            members.append(child)
            new = True
        elif _is_here(child, home):
            members.append(child)
            new = new or child.fate == "replace"
    ordered = _in_order(members)
    if ordered and not new:
        return
    context.forest.wake(members)
    held = False
    wanted = members
    if not ordered:
        order = _verdict(parent, members, context)
        held = order.verdict != "update"
        _report(parent, members, order, context, draft)
        if held:
            wanted = _beside_neighbours(members, order.shown)
            _keep_rows_in_order(members, order)
    _assign(wanted)


def _is_here(child: Node, home: str | None) -> bool:
    """Whether it is on the site below its declared parent, and stays there."""
    live = child.live
    return live is not None and child.fate != "delete" and live.item.above == home


def _has_number(node: Node) -> bool:
    return not (node.moves or node.live is None)


def _shown(node: Node) -> Shown:
    assert node.live is not None  # noqa: S101 - asked only of siblings that are there
    return node.live.item.order


def _in_order(members: Iterable[Node]) -> bool:
    before: Live | None = None
    for node in members:
        now = node.live
        if now is None or node.moves:
            continue
        if before is not None and (
            now.item.position <= before.item.position and now.item.order < before.item.order
        ):
            return False
        before = now
    return True


def _verdict(parent: Node, members: list[Node], context: Context) -> _Order:
    here = [node for node in members if _has_number(node)]
    shown = sorted(here, key=_shown)
    rowed = [node for node in here if _was_here(node, parent, context)]
    settled = sorted(rowed, key=_settled)
    if not all(node.selected for node in here):
        return _Order("same", settled, shown)
    rowed_now = sorted(rowed, key=_shown)
    verdict = three_way(
        config=rowed != settled, site=rowed_now != settled, alike=rowed == rowed_now
    )
    if verdict in {"same", "settle"}:
        verdict = "no-base"  # what is out of order was settled by nobody
    policy = Policy(parent.overwrites, context.options.on_conflict)
    return _Order(policy.decide(verdict), settled, shown)


def _was_here(node: Node, parent: Node, context: Context) -> bool:
    row = node.base
    return row is not None and settled_parent(node, row, context) == parent.home


def _settled(node: Node) -> Shown:
    assert node.base is not None  # noqa: S101 - asked only of siblings with a row
    return node.base.order


def _report(
    parent: Node, members: list[Node], order: _Order, context: Context, draft: Draft
) -> None:
    if order.verdict in {"update", "same"}:
        return
    field = context.contract.kind(members[0].kind).field_of("position") or ""
    names = [
        [step_label(*node.step) for node in nodes if _has_number(node)]
        for nodes in (order.shown, members, order.settled)
    ]
    edits = (Edit((field,), names[0], names[1], names[2]),)
    about = (parent.kind, parent.address, parent.home)
    mark = parent.desired.mark
    if order.verdict in {"keep", "yield"}:
        decided = order.verdict == "yield"
        draft.kept.append((parent.sort, Kept("order", *about, edits, mark, decided)))
        return
    reason: ConflictReason = "no-base" if order.verdict == "no-base" else "both-changed"
    draft.conflicts.append((parent.sort, Conflict(reason, *about, "order", edits, mark=mark)))


def _beside_neighbours(members: list[Node], shown: list[Node]) -> list[Node]:
    """The site's order, with each new one behind the sibling that it is declared behind."""
    behind: dict[int, list[Node]] = {}
    anchor: Node | None = None
    for node in members:
        if _has_number(node):
            anchor = node
        else:
            behind.setdefault(id(anchor), []).append(node)
    leading = behind.get(id(None), [])
    first = next((node for node in members if _has_number(node)), None)
    wanted: list[Node] = [] if first in shown else leading
    for node in shown:
        if node is first:
            wanted += leading
        wanted.append(node)
        wanted += behind.get(id(node), [])
    return wanted


def _keep_rows_in_order(members: list[Node], order: _Order) -> None:
    """Rows must go on telling the order that was sent, so the new ones get a place among them."""
    for node in members:
        node.order_held = True
    if order.verdict in {"keep", "yield"}:
        _number_rows(members, order.settled, rest=True)
    elif order.verdict == "same":
        _number_rows(_beside_neighbours(members, order.settled), order.settled, rest=False)


def _number_rows(wanted: list[Node], settled: list[Node], *, rest: bool) -> None:
    """`rest`: also those that have a place already, as far as they are in the way."""
    known = set(map(id, settled))
    rows = [_settled(node) if id(node) in known else None for node in wanted]
    if rest or None in rows:
        positions = number(rows).positions
        for node, row, position in zip(wanted, rows, positions, strict=True):
            if row is None or (rest and row[0] != position):
                node.row_position = position


def _assign(wanted: Sequence[Node]) -> None:
    """Give numbers; whoever only makes room does so for the nearest one before that needs it."""
    current = [_current(node) for node in wanted]
    numbering = number(current)
    moved, room = set(numbering.moved), set(numbering.renumbered)
    movers = [node for place, node in enumerate(wanted) if current[place] is None or place in moved]
    mover = movers[0] if movers else None
    for place, node in enumerate(wanted):
        shown, position = current[place], numbering.positions[place]
        if shown is None or shown[0] != position:
            node.position = position
        if shown is None or place in moved:
            mover = node
            node.out_of_place = place in moved
        elif place in room and mover is not None:
            node.makes_room_for = mover
            mover.renumbered += 1


def _current(node: Node) -> Shown | None:
    """A replaced one is made anew: any number will do, without a request of its own."""
    return None if node.fate == "replace" or not _has_number(node) else _shown(node)
