"""Dicts and lists that know where they were written, for a few bytes a value.

A container remembers the numbers of its first and last node in the file's list of places. The
place of one value in it follows from the sizes of those before it, worked out when asked for.
"""

from array import array
from collections.abc import Iterable
from typing import Any, Self, TypeAlias

from cfsync.desired.source import SourceFile
from cfsync.model.mark import Mark
from cfsync.model.values import FieldPath


class MarkedMap(dict[str, Any]):
    """A mapping of a YAML file, its keys in the order of the file (merged ones first)."""

    __slots__ = ("_numbers", "end", "source", "start")

    source: SourceFile
    start: int
    end: int
    _numbers: "array[int] | MarkedMap"

    @property
    def place(self) -> int:
        return self.source.nodes[self.start]

    def mark(self) -> Mark:
        return self.source.mark(self.place)

    def mark_of(self, key: str) -> Mark:
        """Where the value of a key is written. Raises KeyError."""
        return self.source.mark(self.place_of(key))

    def place_of(self, key: str) -> int:
        return self.source.nodes[self.number_of(key)]

    def mark_along(self, path: FieldPath) -> Mark:
        """Where the value at a path is written, or the nearest object above it that is there.

        Raises KeyError where already the first key is missing.
        """
        number, value = self.number_of(path[0]), self[path[0]]
        for step, name in enumerate(path[1:], 1):
            if not isinstance(value, dict) or name not in value:
                break
            if isinstance(value, MarkedMap):
                return value.mark_along(path[step:])
            number, value = _number_in(value, name, number), value[name]
        return self.source.mark(self.source.nodes[number])

    def key_place(self, key: str) -> int:
        return self.source.nodes[self.number_of(key) - 1]

    def place_so_far(self, key: str) -> int:
        """Where a key is written, while the mapping is still being read."""
        return self.source.nodes[dict(zip(self, self._count(), strict=True))[key] - 1]

    def number_of(self, key: str) -> int:
        """The number of a value's node; its key's is the one before."""
        numbers = self.numbers()
        if isinstance(numbers, MarkedMap):
            return numbers.number_of(key)
        for found, number in zip(self, numbers, strict=True):
            if found == key:
                return number
        raise KeyError(key)

    def numbers(self) -> "array[int] | MarkedMap":
        """The number of each value's node, in the order of the keys; or the map that knows it."""
        try:
            return self._numbers
        except AttributeError:
            self._numbers = array("I", self._count())
            return self._numbers

    def _count(self) -> list[int]:
        number, skipped, numbers = self.start + 1, self.source.skipped, []
        for value in self.values():
            while number in skipped:
                number = skipped[number]
            numbers.append(number + 1)
            number = after(value, number + 1)
        return numbers

    def become(self, entries: dict[str, tuple[Any, int]]) -> None:
        """Take these values instead, each with the number of its node."""
        self.clear()
        self.update((key, value) for key, (value, _) in entries.items())
        self._numbers = array("I", [number for _, number in entries.values()])

    def fields(self, names: FieldPath) -> Self:
        """Only these keys, as far as they are there; marks are asked of the whole."""
        chosen = type(self)({name: self[name] for name in names if name in self})
        chosen.source, chosen.start, chosen.end = self.source, self.start, self.end
        chosen._numbers = self  # noqa: SLF001 - its own class
        return chosen

    def __reduce__(self) -> tuple[Any, ...]:
        return dict, (dict(self),)  # a copy is for changing: it has no place in a file


class MarkedList(list[Any]):
    """A sequence of a YAML file."""

    __slots__ = ("_numbers", "end", "source", "start")

    source: SourceFile
    start: int
    end: int
    _numbers: "array[int]"

    @property
    def place(self) -> int:
        return self.source.nodes[self.start]

    def mark(self) -> Mark:
        return self.source.mark(self.place)

    def mark_of(self, index: int) -> Mark:
        return self.source.mark(self.place_of(index))

    def place_of(self, index: int) -> int:
        return self.source.nodes[self.numbers()[index]]

    def numbers(self) -> "array[int]":
        try:
            return self._numbers
        except AttributeError:
            number, numbers = self.start + 1, array("I")
            for value in self:
                numbers.append(number)
                number = after(value, number)
            self._numbers = numbers
            return numbers

    def __reduce__(self) -> tuple[Any, ...]:
        return list, (list(self),)


Marked: TypeAlias = MarkedMap | MarkedList


def after(value: Any, number: int) -> int:
    """The number of the node that follows `value`, which stands at `number`.

    An alias is one node, whatever it stands for: its container began elsewhere. A plain container
    has no place of its own: it is just as it was written.
    """
    if isinstance(value, MarkedMap | MarkedList):
        return value.end if value.start == number else number + 1
    return number + (1 if type(value) is str else size(value))


def size(value: Any) -> int:
    """How many nodes a plain value was written in."""
    values: Iterable[Any]
    if isinstance(value, dict):
        count, values = 1 + 2 * len(value), value.values()
    elif isinstance(value, list):
        count, values = 1 + len(value), value
    else:
        return 1
    for inner in values:
        if type(inner) is dict or type(inner) is list:
            count += size(inner) - 1
    return count


def _number_in(plain: dict[str, Any], name: str, number: int) -> int:
    """The number of the node of a value in a plain mapping, which stands at `number`."""
    number += 2
    for key, value in plain.items():
        if key == name:
            return number
        number += size(value) + 1
    raise KeyError(name)
