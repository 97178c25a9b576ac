"""`content: {file: PATH}`: a text that stands in a file of its own."""

from collections.abc import Callable

from cfsync.desired.decode import decode
from cfsync.desired.files import Refused, Root
from cfsync.desired.marked import MarkedMap
from cfsync.errors import ConfigError, Problem


class Texts:
    """Reads each file once. `read` is told of every file, for the digest."""

    def __init__(self, root: Root, read: Callable[[str, bytes], object]) -> None:
        self._root = root
        self._read = read
        self._texts: dict[str, str] = {}
        self.problems: list[Problem] = []

    def text(self, node: MarkedMap) -> str:
        """The text that `{file: PATH}` stands for; empty where that is a problem."""
        name: str = node["file"]
        if name not in self._texts:
            self._texts[name] = self._load(node, name)
        return self._texts[name]

    def _load(self, node: MarkedMap, name: str) -> str:
        try:
            raw = self._root.read(name)
            self._read(name, raw)
            return as_written(decode(name, raw))
        except Refused as refused:
            self.problems.append(
                node.source.problem(
                    node.place_of("file"), f"'{name}' {refused}", expected="a text file in UTF-8"
                )
            )
        except ConfigError as error:
            self.problems.extend(error.problems)
        return ""


def as_written(text: str) -> str:
    """CRLF is read as LF, and one newline at the end is dropped."""
    return text.replace("\r\n", "\n").removesuffix("\n")
