"""Requests in the making: who they are for, what they send, whom they wait for.

Ids that are known after apply stand in them as IdOf, by the address of the resource; once the
tasks are numbered they become Made.
"""

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from cfsync.model.address import KindName
from cfsync.model.base import Base, Settle, leaves
from cfsync.model.live import Live
from cfsync.model.plan import Edit
from cfsync.model.values import FieldPath, Fields, IdOf
from cfsync.planner.node import Node, SortKey

Purpose: TypeAlias = Literal["", "temporary-slug", "renumber", "publish", "reparent"]


@dataclass(slots=True, eq=False)
class Task:
    verb: Literal["create", "update", "delete"]
    kind: KindName
    address: str
    sort: SortKey
    owner: SortKey
    """Of the change that it belongs to."""
    live: Live | None = None
    """What is updated or deleted, if it is there already."""
    node: Node | None = None
    scope: IdOf | str | None = None
    body: Fields = field(default_factory=dict)
    edits: list[Edit] = field(default_factory=list)
    subtree: Live | None = None
    settle: Settle | None = None
    purpose: Purpose = ""
    after: "list[Task]" = field(default_factory=list)

    def edit(self, path: FieldPath) -> Edit | None:
        return next((edit for edit in self.edits if edit.path == path), None)


def holding(row: Base, *, place: bool, position: int | None = None) -> Settle:
    """Settles place and parent at most; every pair of values stays as it is."""
    return Settle(
        row.address, row.sent, tuple(leaves(row.sent)), row.protect, place=place, position=position
    )
