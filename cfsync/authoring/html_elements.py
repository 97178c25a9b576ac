"""An HTML body as a tree of elements that loses no visible text.

A block that holds only text becomes one element with that text as its content; with inline markup
in it, the content is that HTML and `props.format` says `html`. A block that holds blocks becomes an
element with children, and text that stands between them an own `text` element.
"""

from collections import Counter
from collections.abc import Iterator

from lxml.html import HtmlElement

from cfsync import limits
from cfsync.authoring.css import declarations
from cfsync.authoring.html_run import (
    OPAQUE,
    SPACES,
    Run,
    blocks,
    content,
    inner,
    is_of_things,
    pieces,
)
from cfsync.authoring.html_types import holds_text, says_its_tag, type_of
from cfsync.authoring.names import Names
from cfsync.model.values import Fields

MAX_DEPTH = (limits.MAX_YAML_DEPTH - 10) // 2
"""Elements below elements: each is a list and a mapping, and the page and its styles need some."""

_FLAGS = (
    "allowfullscreen async autofocus autoplay checked controls default defer disabled inert loop "
    "multiple muted novalidate open playsinline readonly required reversed selected"
)
_IS_FLAG = frozenset(_FLAGS.split())


def elements(body: HtmlElement, dropped: Counter[str]) -> list[Fields]:
    """The elements of a cleaned body; counts the style declarations that cannot be read."""
    return _Body(body, dropped).children(body, 1)


class _Body:
    def __init__(self, body: HtmlElement, dropped: Counter[str]) -> None:
        self._blocks = blocks(body)
        self._dropped = dropped

    def children(self, node: HtmlElement, depth: int) -> list[Fields]:
        names = Names()
        found = []
        for piece in pieces(node, self._blocks):
            for element in self._elements(piece, depth):
                element["name"] = names.unique(element["name"])
                found.append(element)
        return found

    def _elements(self, piece: Run | HtmlElement, depth: int) -> Iterator[Fields]:
        if isinstance(piece, HtmlElement):
            yield self._element(piece, depth)
        elif is_of_things(piece):
            for part in piece:
                if isinstance(part, HtmlElement):
                    yield self._element(part, depth)
        else:
            element: Fields = {"name": "text", "type": "text"}
            _say(element, *content(piece), strip=SPACES)
            yield element

    def _element(self, node: HtmlElement, depth: int) -> Fields:
        node = self._without_wrappers(node)
        tag = str(node.tag)
        fixed = type_of(tag)
        runs = list(pieces(node, self._blocks))
        element: Fields = {"name": _name(node), "type": fixed or "text", "props": {}}
        if tag in OPAQUE or self._is_said(tag, fixed, runs) or (runs and depth >= MAX_DEPTH):
            _say(element, *content(inner(node)), strip="\n" if tag == "pre" else SPACES)
        elif runs:
            element["children"] = self.children(node, depth + 1)
        if fixed is None and "content" not in element:
            element["type"] = "container"
        self._describe(element, node, tag)
        return element

    def _is_said(self, tag: str, fixed: str | None, runs: list[Run | HtmlElement]) -> bool:
        """Whether a node is told by one content, rather than by elements of its own."""
        if len(runs) != 1 or isinstance(runs[0], HtmlElement) or not holds_text(fixed):
            return False
        return fixed in {"heading", "button"} or tag == "pre" or not is_of_things(runs[0])

    def _without_wrappers(self, node: HtmlElement) -> HtmlElement:
        """A `div` that says nothing and holds one block alone is that block."""
        while node.tag == "div" and not node.attrib:
            held = list(pieces(node, self._blocks))
            if len(held) != 1 or not isinstance(held[0], HtmlElement):
                break
            self._dropped["wrappers without meaning"] += 1
            node = held[0]
        return node

    def _describe(self, element: Fields, node: HtmlElement, tag: str) -> None:
        """Props, styles and visibility, in the order in which people look for them."""
        props: Fields = {}
        if element["type"] == "heading":
            props["level"] = int(tag[1])
        elif says_its_tag(tag, element["type"]):
            props["tag"] = tag
        props |= element.pop("props")
        for name, value in node.attrib.items():
            if name == "style":
                self._style(element, value)
            elif name == "hidden":
                element["visible"] = False
            else:
                props.setdefault(name, True if name in _IS_FLAG else value)
        if props:
            element["props"] = props

    def _style(self, element: Fields, style: str) -> None:
        found, broken = declarations(style)
        self._dropped["style declarations that cannot be read"] += broken
        if found:
            element["styles"] = {"desktop": found}


def _say(element: Fields, said: str, is_html: bool, *, strip: str) -> None:
    said = said.strip(strip)
    if said:
        element["content"] = said
    if said and is_html:
        element.setdefault("props", {})["format"] = "html"


def _name(node: HtmlElement) -> str:
    classes = (node.get("class") or "").split()
    wanted = " ".join((node.get("id") or "").split()) or next(iter(classes), "")
    return wanted or str(node.tag)
