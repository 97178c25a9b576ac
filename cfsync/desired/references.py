"""`${…}` is a reference: none can be resolved by this version, and none is ever sent as it stands.

`$${` is a literal `${`.
"""

import re
from collections.abc import Container, Iterator
from typing import Any

from cfsync.desired.marked import Marked, MarkedList, MarkedMap
from cfsync.desired.yaml_tree import Document
from cfsync.errors import Problem
from cfsync.model.values import Json

_LITERAL = "$${"
_REFERENCE = re.compile(r"\$\{[^}\n]{0,40}\}?")


def resolve_references(document: Document, refused: Container[int] = ()) -> list[Problem]:
    """Make `$${` literal, in place; a problem for every reference.

    `refused` are ids of containers that are reported as a whole already.
    """
    if not document.has_references:
        return []
    nodes = _nodes(document.root, refused)
    return [problem for node in nodes for problem in _resolve(node)]


def _nodes(root: Json, refused: Container[int]) -> Iterator[Marked]:
    """Every container once, however many aliases lead to it."""
    seen: set[int] = set()
    stack = [root]
    while stack:
        node = stack.pop()
        if not isinstance(node, MarkedMap | MarkedList) or id(node) in seen or id(node) in refused:
            continue
        seen.add(id(node))
        stack.extend(node.values() if isinstance(node, MarkedMap) else node)
        yield node


def _resolve(node: Any) -> Iterator[Problem]:
    for key, value in list(node.items() if isinstance(node, MarkedMap) else enumerate(node)):
        if isinstance(key, str) and "${" in key:
            yield _problem(node, node.key_place(key), key)
        if not isinstance(value, str) or "${" not in value:
            continue
        if "${" in value.replace(_LITERAL, ""):
            yield _problem(node, node.place_of(key), value)
        else:
            node[key] = value.replace(_LITERAL, "${")


def _problem(node: Marked, place: int, text: str) -> Problem:
    match = _REFERENCE.search(text.replace(_LITERAL, ""))
    what = match[0] if match else text  # a literal one in a key
    return node.source.problem(
        place,
        f"'{what}' cannot be resolved: references are not supported by this version of cfsync",
        expected="a text without '${'; '$${' stands for a literal '${'",
    )
