"""Anchors and aliases, with the size that each alias has when written out."""

from dataclasses import dataclass

from cfsync.desired.marked import MarkedList, MarkedMap
from cfsync.model.values import Json


@dataclass(slots=True)
class Anchor:
    """`height` are the levels of containers in it; `text` is its length in characters."""

    value: Json
    nodes: int
    text: int
    height: int = 0
    open: bool = False


@dataclass(frozen=True, slots=True)
class _Open:
    anchor: Anchor
    depth: int
    deepest: int
    nodes: int
    text: int


class Anchors:
    """`nodes` and `text` are what aliases add to the file when written out.

    `deepest` is the greatest depth since the innermost open anchor began.
    """

    def __init__(self) -> None:
        self.nodes = 0
        self.text = 0
        self.deepest = 0
        self._named: dict[str, Anchor] = {}
        self._open: list[_Open] = []

    def names(self) -> list[str]:
        return list(self._named)

    def scalar(self, name: str, value: Json, text: int) -> None:
        self._named[name] = Anchor(value, 1, text)

    def begin(self, name: str, value: MarkedMap | MarkedList, depth: int) -> None:
        anchor = Anchor(value, 0, 0, open=True)
        self._named[name] = anchor
        self._open.append(_Open(anchor, depth, self.deepest, self.nodes, self.text))
        self.deepest = depth

    def end(self, value: MarkedMap | MarkedList, text: int) -> None:
        """`value`, which may be anchored or not, is complete and took `text` characters."""
        if not self._open or self._open[-1].anchor.value is not value:
            return
        opened = self._open.pop()
        anchor = opened.anchor
        anchor.open = False
        anchor.nodes = value.end - value.start + self.nodes - opened.nodes
        anchor.text = text + self.text - opened.text
        anchor.height = self.deepest - opened.depth + 1
        self.deepest = max(self.deepest, opened.deepest)

    def use(self, name: str, depth: int) -> Anchor | None:
        """What an alias at this depth stands for; None where nothing has that name."""
        anchor = self._named.get(name)
        if anchor is not None:
            self.nodes += anchor.nodes - 1
            self.text += anchor.text
            self.deepest = max(self.deepest, depth + anchor.height)
        return anchor
