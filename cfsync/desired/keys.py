"""Keys of a mapping that are not taken as they stand: refused ones, and the merge key `<<`.

While a mapping is read they are kept under names that begin with NUL, which no key can hold.
"""

from typing import Any, Final

from cfsync.desired.marked import MarkedMap, after

MERGE: Final = "\0<<"


def rejected(number: int) -> str:
    """The name under which the value of a refused key is kept; its key is this node."""
    return f"\0{number}"


def drop_rejected(node: MarkedMap) -> None:
    """Remove them, and leave a note so that the places of the others can still be told."""
    for key in [key for key in node if key[0:1] == "\0" and key != MERGE]:
        number = int(key[1:])
        node.source.skipped[number] = after(node.pop(key), number + 1)


def merge(node: MarkedMap) -> bool:
    """Replace `<<` by the keys of what it names. False where that is no mapping or list of them.

    The mapping's own keys win, then those of the mapping named first.
    """
    own = _entries(node)
    value, _ = own.pop(MERGE)
    origins = value if isinstance(value, list) else [value]
    good = all(isinstance(origin, MarkedMap) for origin in origins)
    merged: dict[str, tuple[Any, int]] = {}
    for origin in reversed(origins if good else []):
        merged |= _entries(origin)
    node.become(merged | own)
    return good


def _entries(node: MarkedMap) -> dict[str, tuple[Any, int]]:
    return {key: (value, node.number_of(key)) for key, value in node.items()}
