"""A document as bytes, and back: the same values, at the same places.

Only documents whose places follow from their values can be packed: without aliases, merge keys and
refused keys, every key and value is one node, in the order of the file.
"""

from array import array
from collections.abc import Container
from typing import Any, Final

import msgspec

from cfsync.desired.frame import DECLARING
from cfsync.desired.marked import MarkedList, MarkedMap, size
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


def unpack(packed: bytes, name: str, text: bytes, plain: Container[str] = ()) -> Document:
    """`text` is the file's, without a byte order mark.

    Raises ValueError for what no document was packed to.

    `plain` are keys of resources whose objects are values and nothing more: these know no places,
    which follow from where the resource stands. Measured: a third of the time of unpacking.
    """
    found = _DECODER.decode(packed)  # its errors are ValueErrors
    source = SourceFile(name, text)
    source.know(_numbers(found.nodes), _numbers(found.starts))
    root, end = _Marking(source, plain).root(found.root)
    if end != len(source.nodes):
        raise ValueError(f"{len(source.nodes)} places for {end} values")
    return Document(source, root, (), has_references=False)


def _numbers(packed: bytes) -> "array[int]":
    numbers = array("I")
    numbers.frombytes(packed)
    return numbers


class _Marking:
    def __init__(self, source: SourceFile, plain: Container[str]) -> None:
        self._source = source
        self._plain = plain

    def root(self, value: Json) -> tuple[Json, int]:
        """What declares resources is told apart from what may have keys of any name."""
        if type(value) is not dict:
            return self._marked(value, 0, ())
        node = self._new(value, 0)
        number = 1
        for key, inner in value.items():
            below = self._plain if key in DECLARING else ()
            node[key], number = self._marked(inner, number + 1, below)
        node.end = number
        return node, number

    def _marked(self, value: Json, number: int, plain: Container[str]) -> tuple[Json, int]:
        """The value at this node, and the number of the node that follows it."""
        if type(value) is dict:
            node = self._map(value, number, plain)
            return node, node.end
        if type(value) is list:
            inner = self._list(value, number, plain)
            return inner, inner.end
        return value, number + 1

    def _map(self, raw: dict[str, Json], number: int, plain: Container[str]) -> MarkedMap:
        node = self._new(raw, number)
        number += 1
        for key, value in raw.items():
            if type(value) is dict:
                if key in plain:
                    number += 1 + size(value)
                else:
                    inner = node[key] = self._map(value, number + 1, plain)
                    number = inner.end
            elif type(value) is list:
                node[key], number = self._marked(value, number + 1, plain)
            else:
                number += 2
        node.end = number
        return node

    def _new(self, raw: dict[str, Json], number: int) -> MarkedMap:
        node = MarkedMap(raw)
        node.source, node.start = self._source, number
        return node

    def _list(self, raw: list[Json], number: int, plain: Container[str]) -> MarkedList:
        node = MarkedList()
        node.source, node.start = self._source, number
        number += 1
        for value in raw:
            if type(value) is dict:
                inner = self._map(value, number, plain)
                node.append(inner)
                number = inner.end
            else:
                other, number = self._marked(value, number, plain)
                node.append(other)
        node.end = number
        return node
