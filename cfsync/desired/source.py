"""A file of the configuration: its text, its lines, and where each value stands in it."""

import re
from array import array
from bisect import bisect_right
from itertools import accumulate

from cfsync.errors import Problem
from cfsync.model.mark import Mark

_BREAK = re.compile(r"\r\n|\r|\n")
_SHOWN = 160
"""Characters of a source line that a message shows."""
_SECRET = re.compile(
    r"""(?x) ( (?i:token|secret|passw(?:or)?d|api[_-]?key|authorization) ["']? \s* [:=] \s* )
        (?! \{? \s* (?: env \s* : \s* ["']?[A-Z_][A-Z0-9_]{0,63}["']?\s*[,}]
                      | (?:keyring|command) \s* : ) )
        [^\s\#] .* """
)
_USERINFO = re.compile(r"(://)[^/\s@]*@")


class SourceFile:
    """`name` is relative to the configuration's root. Places are counted in characters.

    Lines are counted as editors do: at LF, CRLF or CR. `nodes` holds the place of each YAML node
    in the order of the file, and `skipped` the stretches of nodes that were refused.
    """

    __slots__ = ("_starts", "_text", "name", "nodes", "skipped")

    def __init__(self, name: str, text: str | bytes) -> None:
        """Bytes are UTF-8, and decoded when a line is to be shown."""
        self.name = name
        self.nodes = array("I")
        self.skipped: dict[int, int] = {}
        self._text = text
        self._starts = array("I")

    def __repr__(self) -> str:
        return f"SourceFile({self.name!r})"

    def forget_text(self) -> None:
        """Free the text once there is nothing more to report; places can still be told."""
        self.line_starts()
        self._text = ""

    def mark(self, place: int) -> Mark:
        starts = self.line_starts()
        line = bisect_right(starts, place)
        return Mark(self.name, line, place - starts[line - 1] + 1)

    def line(self, number: int) -> str:
        """The line as it stands in the file; what looks like a secret is struck out."""
        starts, whole = self.line_starts(), self._decoded()
        if not whole or not 1 <= number <= len(starts):
            return ""
        start = starts[number - 1]
        text = _BREAK.split(whole[start : start + 4 * _SHOWN], maxsplit=1)[0]
        text = _USERINFO.sub(r"\1***@", _SECRET.sub(r"\1***", text))
        return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"

    def problem(
        self, place: int, message: str, *, expected: str = "", suggestion: str = ""
    ) -> Problem:
        mark = self.mark(place)
        source = self.line(mark.line)
        if mark.column > len(source) + 1:
            source = ""  # cut before the place in question
        return Problem(self.name, mark.line, mark.column, message, source, expected, suggestion)

    def know(self, nodes: "array[int]", starts: "array[int]") -> None:
        """Take places that were found before: of the nodes, and of the first character of lines."""
        self.nodes, self._starts = nodes, starts

    def line_starts(self) -> "array[int]":
        """Where each line begins."""
        if not self._starts:
            self._starts = array("I", _line_starts(self._decoded()))
        return self._starts

    def _decoded(self) -> str:
        if isinstance(self._text, bytes):
            self._text = self._text.decode()
        return self._text


def _line_starts(text: str) -> list[int]:
    if text.isascii():
        # without control characters, which are refused, these are the same line breaks
        starts = list(accumulate(map(len, text.splitlines(keepends=True)), initial=0))
        return starts if text[-1:] in ("", "\n", "\r") else starts[:-1]
    return [0, *(match.end() for match in _BREAK.finditer(text))]
