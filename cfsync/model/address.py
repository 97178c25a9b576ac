"""How people name a resource: `my-website:about/team#hero/card[2]`.

An address is a label of one plan. The journal keys by id.
"""

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

KindName: TypeAlias = Literal["project", "page", "element"]

_SPECIAL = str.maketrans({c: f"%{ord(c):02X}" for c in "/#:[]%*"})
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_STEP = re.compile(r"(?P<name>[^\[\]]*)(?:\[(?P<nth>[1-9][0-9]{0,6})\])?\Z")


@dataclass(frozen=True, slots=True, order=True)
class Step:
    """A name on an element's path, and which of its equally named siblings (from 1)."""

    name: str
    nth: int = 1

    def __str__(self) -> str:
        name = self.name.translate(_SPECIAL)
        return name if self.nth == 1 else f"{name}[{self.nth}]"


@dataclass(frozen=True, slots=True, order=True)
class Address:
    """A project, a page of it, or an element of that page. Sorts parents before children."""

    project: str
    page: str | None = None
    path: tuple[Step, ...] = ()

    @property
    def kind(self) -> KindName:
        if self.path:
            return "element"
        return "project" if self.page is None else "page"

    @property
    def parent(self) -> "Address | None":
        if self.path:
            return Address(self.project, self.page, self.path[:-1])
        return None if self.page is None else Address(self.project)

    def child(self, name: str, nth: int = 1) -> "Address":
        """The page, or the element, of this name below this address."""
        if self.page is None:
            return Address(self.project, name)
        return Address(self.project, self.page, (*self.path, Step(name, nth)))

    def __str__(self) -> str:
        text = self.project.translate(_SPECIAL)
        if self.page is None:
            return text
        # a page's slug has slashes of its own: `about/team`
        text += ":" + "/".join(part.translate(_SPECIAL) for part in self.page.split("/"))
        return text + ("#" + "/".join(map(str, self.path)) if self.path else "")

    @classmethod
    def parse(cls, text: str) -> "Address":
        """Read an address as printed. Raises ValueError that says what is wrong with it."""
        left, hash_, path = text.partition("#")
        project, colon, page = left.partition(":")
        if not project or (colon and not page) or (hash_ and not (page and path)):
            raise ValueError(
                f"{text!r} is not an address; one looks like 'project', 'project:page' "
                "or 'project:page#hero/cta'"
            )
        steps = tuple(_step(part, text) for part in path.split("/")) if path else ()
        return cls(_plain(project), _plain(page) if colon else None, steps)


def _plain(text: str) -> str:
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)


def _step(text: str, whole: str) -> Step:
    match = _STEP.match(text)
    if match is None or not match["name"]:
        raise ValueError(f"{text!r} in {whole!r} is not a name, or a name with a number: 'card[2]'")
    return Step(_plain(match["name"]), int(match["nth"] or 1))


_NUMBER = re.compile(r"(?<=[^/#:])\[[1-9][0-9]{0,6}\](?=/|\Z)")
_BRACKETS = re.compile(r"[\[\]]")


class Pattern:
    """An address in which `*` is any one name and `**` any depth, none included.

    `my-website:about/**`, `my-website:index#hero/*`, `**`. A pattern without `**` at its end
    matches that resource alone; `matches_below` also takes what stands below it.
    """

    def __init__(self, text: str) -> None:
        if not text or any(c.isspace() and c != " " for c in text):
            raise ValueError(f"{text!r} is not an address or a pattern of addresses")
        if _BRACKETS.search(_NUMBER.sub("", text)):
            raise ValueError(f"a bracket in {text!r} is no sibling's number: write %5B and %5D")
        self.text = text
        self._self = re.compile(_regex(text) + r"\Z")
        self._below = re.compile(_regex(text) + r"(?:\Z|[:#/])")

    def __repr__(self) -> str:
        return f"Pattern({self.text!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Pattern) and other.text == self.text

    def __hash__(self) -> int:
        return hash(self.text)

    def matches(self, address: "Address | str") -> bool:
        return self._self.match(str(address)) is not None

    def matches_below(self, address: "Address | str") -> bool:
        return self._below.match(str(address)) is not None


def _regex(text: str) -> str:
    parts = re.split(r"(/\*\*|\*\*|\*)", text)
    meaning = {"/**": r"(?:/.*)?", "**": r".*", "*": r"[^/#:]*"}
    return "".join(meaning.get(part, re.escape(part)) for part in parts)
