"""One HTML file as one page: its head gives name and seo, its body the elements."""

from collections import Counter
from typing import Final

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from cfsync.authoring.html_clean import clean
from cfsync.authoring.html_decode import decoded
from cfsync.authoring.html_elements import elements
from cfsync.authoring.names import MAX_NAME
from cfsync.model.values import Fields

_OF_A_HEAD: Final = frozenset(
    ("title", "meta", "link", "script", "style", "base", "noscript", "template")
)


class NotReadable(Exception):
    """This file cannot become a page without losing text; the message says why."""


def page(
    content: bytes, slug: str, dropped: Counter[str], links: list[str] | None = None
) -> Fields:
    """The page's fields as a configuration declares them; adds where it leads to `links`.

    Raises NotReadable.
    """
    text, understood = decoded(content)
    dropped["promises of an encoding that the bytes broke"] += not understood
    root = _parsed(text)
    body = None if root is None else _body(root)
    fields: Fields = {"slug": slug, "name": slug}
    seo = {} if root is None else _seo(root)
    heading = None if body is None else next(body.iter("h1"), None)
    fields["name"] = (seo.get("title") or _text(heading) or slug)[:MAX_NAME].strip()
    if seo:
        fields["seo"] = seo
    fields["elements"] = [] if body is None else _elements(body, dropped)
    if body is not None and links is not None:
        links += [node.get("href") or "" for node in body.iter("a")]
    return fields


def _body(root: HtmlElement) -> HtmlElement | None:
    frames = root.find("frameset")
    body: HtmlElement | None = root.find("body") if frames is None else frames
    head = root.find("head")
    if body is not None and head is not None:
        _rescue(head, body)
    return body


def _rescue(head: HtmlElement, body: HtmlElement) -> None:
    """libxml2 leaves a row without its table in the head, if that is where it met it."""
    strays = [node for node in head if isinstance(node.tag, str) and node.tag not in _OF_A_HEAD]
    for place, stray in enumerate(strays):
        body.insert(place, stray)
    if strays and body.text:  # it came after them
        strays[-1].tail = (strays[-1].tail or "") + body.text
        body.text = None


def _elements(body: HtmlElement, dropped: Counter[str]) -> list[Fields]:
    dropped["attributes of the body"] += len(body.attrib)
    clean(body, dropped)
    return elements(body, dropped)


def _parsed(text: str) -> HtmlElement | None:
    """None for a file without anything in it."""
    if not text.strip():
        return None
    parser = HTMLParser(encoding="utf-8", huge_tree=True)
    try:
        root = document_fromstring(text.encode(), parser=parser, ensure_head_body=True)
    except etree.ParserError:  # comments alone
        return None
    # libxml2 stops at a depth of its own, and what follows would be missing
    fatal = [entry for entry in parser.error_log if entry.level_name == "FATAL"]
    if fatal:
        raise NotReadable(f"{fatal[0].message} (line {fatal[0].line})")
    return root


def _seo(root: HtmlElement) -> Fields:
    seo: Fields = {}
    title = _text(root.find(".//title"))
    if title:
        seo["title"] = title
    for meta in root.iter("meta"):
        name = (meta.get("name") or meta.get("property") or "").lower()
        said = " ".join((meta.get("content") or "").split())
        match name:
            case "description" if said:
                seo["description"] = said
            case "og:image" if said:
                seo["image"] = said
            case "robots" if "noindex" in said.lower():
                seo["noindex"] = True
    return seo


def _text(node: HtmlElement | None) -> str:
    return "" if node is None else " ".join("".join(node.itertext()).split())
