"""A document as bytes, and back: the same values, at the same places.

Only documents whose places follow from their values can be packed: without aliases, merge keys and
refused keys, every key and value is one node, in the order of the file.

A container that knows its places is packed as `[nodes, values]`; a mapping with others of them in
it as `[nodes, values, {key: number of the value's node, counted from its own}]`.
"""

from array import array
from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Any, Final

import msgspec

from cfsync.desired.frame import DECLARING
from cfsync.desired.marked import Marked, MarkedList, MarkedMap
from cfsync.desired.source import SourceFile
from cfsync.desired.yaml_tree import Document
from cfsync.model.values import Json


class _Packed(msgspec.Struct, array_like=True, forbid_unknown_fields=True, gc=False):
    nodes: bytes
    starts: bytes
    root: Any


_DECODER: Final = msgspec.msgpack.Decoder(_Packed)
_ANCHORED: Final = (b"&", b"<<")
_NOTHING: Final[Mapping[str, Collection[str]]] = MappingProxyType({})


def pack(document: Document, raw: bytes, plain: Collection[str] = ()) -> bytes | None:
    """None for what cannot be packed; `raw` is the file that the document was made of.

    `plain` are keys of resources whose objects are values and nothing more: once unpacked, these
    know no places, which follow from where the resource stands.
    """
    if document.problems or document.has_references or any(sign in raw for sign in _ANCHORED):
        return None
    source, root = document.source, document.root
    if isinstance(root, MarkedMap):
        root = _map(root, (), dict.fromkeys(DECLARING, plain))
    elif isinstance(root, MarkedList):
        root = _list(root, ())
    packed = _Packed(source.nodes.tobytes(), source.line_starts().tobytes(), root)
    try:
        return msgspec.msgpack.encode(packed)
    except (OverflowError, msgspec.MsgspecError, UnicodeError):  # a number beyond 64 bits
        return None


def _any(value: Marked, plain: Collection[str]) -> list[Any]:
    return _list(value, plain) if isinstance(value, MarkedList) else _map(value, plain)


def _list(node: MarkedList, plain: Collection[str]) -> list[Any]:
    values = [
        _map(each, plain)
        if type(each) is MarkedMap
        else _list(each, plain)
        if type(each) is MarkedList
        else each
        for each in node
    ]
    return [node.end - node.start, values]


def _map(
    node: MarkedMap, plain: Collection[str], below: Mapping[str, Collection[str]] = _NOTHING
) -> list[Any]:
    """`below` tells what is plain below some of its keys; it is the same below the others."""
    values: dict[str, Json] = node
    places: dict[str, int] = {}
    number = node.start
    for key, value in node.items():
        number += 2
        if type(value) is not MarkedMap and type(value) is not MarkedList:
            continue
        if type(value) is MarkedList or key not in plain:
            if not places:
                values = dict(node)
            places[key] = number - node.start
            values[key] = _any(value, below.get(key, plain))
        number = value.end - 1
    whole = [node.end - node.start, values]
    return [*whole, places] if places else whole


def unpack(packed: bytes, name: str, text: bytes) -> Document:
    """`text` is the file's, without a byte order mark.

    Raises ValueError for what no document was packed to.
    """
    found = _DECODER.decode(packed)  # its errors are ValueErrors
    source = SourceFile(name, text)
    source.know(_numbers(found.nodes), _numbers(found.starts))
    root, end = found.root, 1
    try:
        if isinstance(root, list):
            root = _marked(root, source, 0)
            end = root.end
    except (TypeError, LookupError) as error:
        raise ValueError(str(error)) from error
    if isinstance(root, dict) is not isinstance(root, MarkedMap) or end != len(source.nodes):
        raise ValueError(f"{len(source.nodes)} places for {end} values")
    return Document(source, root, (), has_references=False)


def _numbers(packed: bytes) -> "array[int]":
    numbers = array("I")
    numbers.frombytes(packed)
    return numbers


def _marked(packed: list[Any], source: SourceFile, start: int) -> Marked:
    values = packed[1]
    if type(values) is list:
        return _marked_list(packed[0], values, source, start)
    node = MarkedMap(values)
    node.source, node.start, node.end = source, start, start + packed[0]
    for places in packed[2:]:  # none, mostly
        for key, number in places.items():
            node[key] = _marked(values[key], source, start + number)
    return node


def _marked_list(size: int, values: list[Any], source: SourceFile, start: int) -> MarkedList:
    node = MarkedList()
    node.source, node.start, node.end = source, start, start + size
    number = start + 1
    for value in values:
        if type(value) is list:
            inner = _marked(value, source, number)
            node.append(inner)
            number = inner.end
        else:
            node.append(value)
            number += 1
    return node
