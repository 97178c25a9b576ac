"""Takes out of an HTML tree what no page element can hold, and counts it."""

import re
from collections import Counter

from lxml import etree
from lxml.html import HtmlElement

_UNSEEN = {
    "script": "scripts",
    "style": "style sheets",
    "template": "templates",
    "noscript": "parts for browsers without scripts",
    "link": "linked files (style sheets, icons)",
    "meta": "meta tags in the body",
    "base": "base addresses",
    "title": "titles in the body",
}
_OF_THE_HEAD = frozenset({"meta", "title", "base"})
"""Expected there, and read; the others are counted wherever they stand."""

_KEEPS_SPACES = ("pre", "textarea", "listing", "xmp")
_SPACES = re.compile(r"[ \t\n\f\r]+")
_DROPPED = "cfsync-dropped"


def clean(body: HtmlElement, dropped: Counter[str]) -> None:
    """In place. White space is collapsed as browsers show it, except where it counts.

    Only what stands in the body is taken out, but what the head loses is counted, too.
    """
    _drop_unseen(body, dropped)
    _drop_attributes(body, dropped)
    _drop_bare_spans(body, dropped)
    _collapse_spaces(body)


def _drop_unseen(body: HtmlElement, dropped: Counter[str]) -> None:
    whole = body.getroottree()
    for tag, name in _UNSEEN.items():
        dropped[name] += sum(1 for _ in (body if tag in _OF_THE_HEAD else whole).iter(tag))
    etree.strip_elements(body, *_UNSEEN, with_tail=False)
    dropped["comments"] += sum(1 for _ in whole.iter(etree.Comment, etree.ProcessingInstruction))
    etree.strip_tags(body, etree.Comment, etree.ProcessingInstruction)


def _drop_attributes(body: HtmlElement, dropped: Counter[str]) -> None:
    for node in body.iter(etree.Element):
        for name, value in node.attrib.items():
            if name.startswith("on"):
                dropped["event handlers"] += 1
                del node.attrib[name]
            elif name.startswith("xmlns"):
                del node.attrib[name]
            elif "${" in name:  # what a template left behind; no key of a configuration
                dropped["attributes with ${ in their names"] += 1
                del node.attrib[name]
            elif value.lstrip().lower().startswith("javascript:"):
                dropped["javascript: addresses"] += 1
                del node.attrib[name]


def _drop_bare_spans(body: HtmlElement, dropped: Counter[str]) -> None:
    """Spans without attributes say nothing; in `pre` those with only a class colour source code."""
    coloured = {span for pre in body.iter("pre") for span in pre.iter("span")}
    for span in list(body.iter("span")):
        attributes = set(span.attrib)
        if not attributes or (span in coloured and attributes == {"class"}):
            span.tag = _DROPPED
            dropped["spans without meaning (source highlighting)"] += 1
    etree.strip_tags(body, _DROPPED)


def _collapse_spaces(body: HtmlElement) -> None:
    kept = {node for keeper in body.iter(*_KEEPS_SPACES) for node in keeper.iter()}
    for node in body.iter(etree.Element):
        if node.text and node not in kept:
            node.text = _SPACES.sub(" ", node.text)
        if node.tail and node.getparent() not in kept:
            node.tail = _SPACES.sub(" ", node.tail)
