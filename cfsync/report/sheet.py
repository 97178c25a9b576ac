"""Lines of styled text: the only way in which a report reaches a person.

Every part of a line passes through `inert` when the sheet is rendered, whoever put it there, so
that no reporter can forget it.
"""

from collections.abc import Iterator
from typing import Final, Literal, NamedTuple, TypeAlias

from cfsync.report.inert import inert, inert_start

Style: TypeAlias = Literal[
    "plain",
    "bold",
    "dim",
    "create",
    "update",
    "move",
    "replace",
    "delete",
    "adopt",
    "conflict",
    "error",
    "good",
]

_CODES: Final[dict[Style, str]] = {
    "plain": "",
    "bold": "1",
    "dim": "2",
    "create": "32",
    "update": "33",
    "move": "36",
    "replace": "35",
    "delete": "31",
    "adopt": "34",
    "conflict": "1;35",
    "error": "1;31",
    "good": "1;32",
}


class Span(NamedTuple):
    text: str
    style: Style = "plain"


class _Line(NamedTuple):
    indent: int
    spans: tuple[Span, ...]

    def render(self, colour: bool) -> str:
        plain = [inert(span.text) for span in self.spans]
        whole = " " * self.indent + "".join(plain)
        if (safe := inert_start(whole)) != whole:
            return safe
        if not colour:
            return whole.rstrip()
        painted = (_paint(text, span.style) for text, span in zip(plain, self.spans, strict=True))
        return " " * self.indent + "".join(painted)


def _paint(text: str, style: Style) -> str:
    return f"\x1b[{_CODES[style]}m{text}\x1b[0m" if text and _CODES[style] else text


class Sheet:
    def __init__(self) -> None:
        self._lines: list[_Line] = []

    def __len__(self) -> int:
        return len(self._lines)

    def line(self, *parts: str | Span, indent: int = 0) -> None:
        spans = tuple([part if isinstance(part, Span) else Span(part) for part in parts])
        self._lines.append(_Line(indent, spans))

    def blank(self) -> None:
        """One empty line, never two, and none at the top."""
        if self._lines and self._lines[-1].spans:
            self._lines.append(_Line(0, ()))

    def add(self, other: "Sheet", indent: int = 0) -> None:
        self._lines += [_Line(line.indent + indent, line.spans) for line in other._lines]  # noqa: SLF001 - its own class

    def lines(self, *, colour: bool = False) -> Iterator[str]:
        return (line.render(colour) for line in self._lines)

    def render(self, *, colour: bool = False) -> str:
        """The whole text, ending in one line break; nothing at all if there are no lines."""
        text = "\n".join(self.lines(colour=colour)).rstrip("\n")
        return text + "\n" if text else ""
