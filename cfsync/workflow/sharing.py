"""What the files say and what was settled is mostly the same: one object will do."""

from collections.abc import Iterator

from cfsync.journal.canonical import encode_all
from cfsync.model.base import NOTHING, AtHand
from cfsync.model.desired import Desired, DesiredState
from cfsync.model.values import Fields


def at_hand(state: DesiredState) -> AtHand:
    """For whoever reads what was settled. Nothing, where files refer to what the site knows."""
    if state.refers:
        return NOTHING
    fields = list(_fields(state))
    return dict(zip(encode_all(fields), fields, strict=True))


def _fields(state: DesiredState) -> Iterator[Fields]:
    stack: list[Desired] = list(state.projects)
    while stack:
        declared = stack.pop()
        yield declared.fields
        if declared.children:
            stack.extend(declared.children)
