"""What can be checked of a file in spite of what is wrong with it: all problems come in one go."""

from collections.abc import Iterator
from typing import Final

from cfsync.desired.frame import CHILDREN, FROM_FILE
from cfsync.desired.marked import MarkedList, MarkedMap
from cfsync.model.values import Json

_BELOW: Final = ("projects", *dict.fromkeys(CHILDREN.values()))
_FIELDS: Final = tuple(name for _, name in FROM_FILE)
_ENVIRONMENTS: Final = frozenset({"environments", "default_environment", "journal"})


def environments_are_sound(root: Json, wrong: frozenset[str]) -> bool:
    """Whether they can be looked at; `wrong` are the top-level keys with a problem below."""
    return isinstance(root, MarkedMap) and "environments" in root and not wrong & _ENVIRONMENTS


def texts_named(root: Json) -> Iterator[MarkedMap]:
    """Every `{file: PATH}` of a resource, whatever else the file holds."""
    stack = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, MarkedList):
            stack += node
        if not isinstance(node, MarkedMap):
            continue
        stack += [node[key] for key in _BELOW if key in node]
        for value in (node.get(name) for name in _FIELDS):
            if isinstance(value, MarkedMap) and isinstance(value.get("file"), str):
                yield value
