"""What the journal learns at the end of a good run without a request: adopted, agreed, kept."""

from msgspec import structs

from cfsync.model.base import Base, BaseChange, DropBase, PutBase, settled
from cfsync.planner.node import Node
from cfsync.planner.writes import Tasks, settle_of


def settlements(tasks: Tasks) -> list[BaseChange]:
    context = tasks.context
    found: list[BaseChange] = []
    for node in context.forest.busy():
        if node.live is None:
            if node.fate == "create" and node.base is not None:
                found.append(DropBase(node.base.id))  # it has a new id from now on
        elif (
            node.selected
            and node.fate == "present"
            and node.live.item.id not in tasks.updated
            and not _is_as_settled(node)
        ):
            row = _settled_now(node)
            if row != node.base:
                found.append(PutBase(row))
    return found


def _is_as_settled(node: Node) -> bool:
    """The quick way to see that the row would be written as it is."""
    row, live = node.base, node.live
    return (
        row is not None
        and live is not None
        and node.merged is None
        and not node.away
        and node.row_position is None
        and (node.order_held or row.position == live.item.position)
        and node.stands_as_settled
    )


def _settled_now(node: Node) -> Base:
    assert node.live is not None  # noqa: S101 - asked only of what is there
    row = settled(node.base, node.live.item, settle_of(node))
    return row if node.row_parent is None else structs.replace(row, parent=node.row_parent)
