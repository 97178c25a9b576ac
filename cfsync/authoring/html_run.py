"""Runs: text and inline markup between two blocks, which belong together as one content."""

import html
from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias

from lxml import etree
from lxml.html import HtmlElement

Run: TypeAlias = list[str | HtmlElement]

_MARKUP = (
    "a abbr acronym b bdi bdo big br cite code data del dfn em font i img ins kbd mark nobr q rp "
    "rt ruby s samp small span strike strong sub sup svg math time tt u var wbr"
)
INLINE: Final = frozenset(_MARKUP.split())
OPAQUE: Final = frozenset({"svg", "math", "object", "video", "audio", "canvas", "iframe"})
"""What stands inside them is theirs: no blocks of the page."""

SPACES: Final = " \n"
"""What may be cut at the ends of a text that is already collapsed; a hard space stays."""

_THINGS = frozenset({"a", "img", "svg", "math"})


def blocks(body: HtmlElement) -> set[HtmlElement]:
    """Every node that is no inline markup, or holds one that is none."""
    theirs = {node for holder in body.iter(*OPAQUE) for node in holder.iterdescendants()}
    found: set[HtmlElement] = set()
    for node in body.iter(etree.Element):
        if node.tag in INLINE or node in theirs:
            continue
        above: HtmlElement | None = node
        while above is not None and above not in found:
            found.add(above)
            above = above.getparent()
    return found


def pieces(node: HtmlElement, block_nodes: set[HtmlElement]) -> Iterator[Run | HtmlElement]:
    """The content of a node in order: runs that show something, and blocks."""
    run: Run = [node.text or ""]
    for child in node:
        if child in block_nodes:
            yield from _shown(run)
            yield child
            run = [child.tail or ""]
        else:
            run += [child, child.tail or ""]
    yield from _shown(run)


def is_of_things(run: Run) -> bool:
    """Only links, pictures and anchors, no text between them: each can stand for itself."""
    return all(
        not piece.strip(SPACES)
        if isinstance(piece, str)
        else piece.tag in _THINGS or not (len(piece) or (piece.text or "").strip(SPACES))
        for piece in run
    )


def content(run: Iterable[str | HtmlElement]) -> tuple[str, bool]:
    """What a run says, and whether that is HTML rather than plain text."""
    parts = list(run)
    plain = [part for part in parts if isinstance(part, str)]
    if len(plain) == len(parts):
        return "".join(plain), False
    return "".join(map(_written, parts)), True


def inner(node: HtmlElement) -> Iterator[str | HtmlElement]:
    yield node.text or ""
    for child in node:
        yield child
        yield child.tail or ""


def _written(part: str | HtmlElement) -> str:
    text = (
        html.escape(part, quote=False)
        if isinstance(part, str)
        else etree.tostring(part, encoding="unicode", method="html", with_tail=False)
    )
    return "".join(map(_visible, text))


def _visible(char: str) -> str:
    if char.isprintable() or char in "\n\t":
        return char
    return "&nbsp;" if char == "\xa0" else f"&#{ord(char)};"


def _shown(run: Run) -> Iterator[Run]:
    if len(run) > 1 or str(run[0]).strip(SPACES):
        yield run
