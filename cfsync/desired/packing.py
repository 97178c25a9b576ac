"""A document as bytes, and back: the same values, at the same places.

Only documents whose places follow from their values can be packed: without aliases, merge keys and
refused keys, every key and value is one node, in the order of the file.
"""

from array import array
from typing import Any, Final

import msgspec

from cfsync.desired.marked import MarkedList, MarkedMap
from cfsync.desired.source import SourceFile
from cfsync.desired.yaml_tree import Document
from cfsync.model.values import Json


class _Packed(msgspec.Struct, array_like=True, forbid_unknown_fields=True, gc=False):
    nodes: bytes
    starts: bytes
    root: Any


_DECODER: Final = msgspec.msgpack.Decoder(_Packed)
_ANCHORED: Final = (b"&", b"<<")


def pack(document: Document, raw: bytes) -> bytes | None:
    """None for what cannot be packed; `raw` is the file that the document was made of."""
    if document.problems or document.has_references or any(sign in raw for sign in _ANCHORED):
        return None
    source = document.source
    packed = _Packed(source.nodes.tobytes(), source.line_starts().tobytes(), document.root)
    try:
        return msgspec.msgpack.encode(packed)
    except (OverflowError, msgspec.MsgspecError, UnicodeError):  # a number beyond 64 bits
        return None


def unpack(packed: bytes, name: str, text: str) -> Document:
    """`text` is the file's. Raises ValueError for what no document was packed to."""
    found = _DECODER.decode(packed)  # its errors are ValueErrors
    source = SourceFile(name, text)
    source.know(_numbers(found.nodes), _numbers(found.starts))
    root, end = _marked(found.root, 0, source)
    if end != len(source.nodes):
        raise ValueError(f"{len(source.nodes)} places for {end} values")
    return Document(source, root, (), has_references=False)


def _numbers(packed: bytes) -> "array[int]":
    numbers = array("I")
    numbers.frombytes(packed)
    return numbers


def _marked(value: Json, number: int, source: SourceFile) -> tuple[Json, int]:
    """The value at this node, and the number of the node that follows it."""
    if type(value) is dict:
        node = _map(value, number, source)
        return node, node.end
    if type(value) is list:
        inner = _list(value, number, source)
        return inner, inner.end
    return value, number + 1


def _map(plain: dict[str, Json], number: int, source: SourceFile) -> MarkedMap:
    node = MarkedMap(plain)
    node.source, node.start = source, number
    number += 1
    for key, value in plain.items():
        if type(value) is dict:
            inner = node[key] = _map(value, number + 1, source)
            number = inner.end
        elif type(value) is list:
            node[key], number = _marked(value, number + 1, source)
        else:
            number += 2
    node.end = number
    return node


def _list(plain: list[Json], number: int, source: SourceFile) -> MarkedList:
    node = MarkedList()
    node.source, node.start = source, number
    number += 1
    for value in plain:
        if type(value) is dict:
            inner = _map(value, number, source)
            node.append(inner)
            number = inner.end
        else:
            other, number = _marked(value, number, source)
            node.append(other)
    node.end = number
    return node
