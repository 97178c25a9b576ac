"""The quick way for nearly every group of siblings: the same ones, in the same order, on all sides.

Nothing is decided here that the long ways would decide otherwise, which a property test sees to.
Measured on 100,000 elements that nobody changed: 0.55 instead of 0.87 s for the whole planner.
"""

from collections.abc import Sequence
from typing import TypeAlias

from cfsync.model.base import Base
from cfsync.model.live import Item, Live
from cfsync.planner.forest import Forest
from cfsync.planner.merge import in_sync
from cfsync.planner.node import Node, is_at_rest

Group: TypeAlias = tuple[Node | None, Sequence[Node]]
"""Declared siblings, and what they stand below."""


def claim_in_step(forest: Forest, group: Group) -> list[Group]:
    """Claim the rows of siblings one by one, and so on below them.

    Returns the groups of which nothing was claimed: their sides do not match. Those about whom
    nothing is to be decided become quiet, where they may.
    """
    left: list[Group] = []
    stack = [group]
    while stack:
        parent, nodes = stack.pop()
        if _claimed(forest, parent, nodes):
            stack += [(node, node.children) for node in reversed(nodes) if node.children]
        else:
            left.append((parent, nodes))
    return left


def _claimed(forest: Forest, parent: Node | None, nodes: Sequence[Node]) -> bool:
    rows, may_rest = forest.rows_below(parent), forest.may_rest
    if len(nodes) != len(rows):
        return False
    above = None if parent is None else parent.live
    lives: Sequence[Live | None] = () if above is None else above.children or ()
    quiet_below = may_rest and len(lives) == len(rows)
    if len(lives) != len(rows):
        lives = [forest.live.by_id.get(row.id) for row in rows]
    for node, row, live in zip(nodes, rows, lives, strict=True):
        if live is None or not _is_in_step(forest, node, row, live.item):
            _give_back(forest, nodes)
            return False
        node.base, node.live = row, live
        forest.claimed[row.id] = node
        if may_rest and is_at_rest(node) and in_sync(node.desired.fields, row, live.item.fields):
            node.address = row.address  # one text for both
            node.quiet = True
        else:
            quiet_below = False
    if parent is not None:
        parent.quiet_below = quiet_below
    return True


def _is_in_step(forest: Forest, node: Node, row: Base, item: Item) -> bool:
    """Whether they are the same resource by name and by id, the only one of that name."""
    desired = node.desired
    return (
        item.id == row.id
        and item.kind == row.kind
        and node.step[1] == 1
        and desired.renamed_from is None
        and row.id not in forest.claimed
        and (row.sent is desired.fields or forest.base.name(row) == node.step[0])
    )


def _give_back(forest: Forest, nodes: Sequence[Node]) -> None:
    for node in nodes:
        if node.base is not None:
            del forest.claimed[node.base.id]
            node.base, node.live, node.quiet = None, None, False
