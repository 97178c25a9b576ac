"""The text that a reader sees: of an HTML file, and of elements in a configuration."""

from collections.abc import Iterator
from html.parser import HTMLParser

UNSEEN = frozenset({"script", "style", "template", "noscript", "title"})


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag, attrs):
        self._unseen += tag in UNSEEN

    def handle_endtag(self, tag):
        if tag in UNSEEN and self._unseen:
            self._unseen -= 1

    def handle_data(self, data):
        if not self._unseen:
            self.words.append(data)


def of_html(text: str) -> str:
    """Without any white space, since blocks and elements are set apart by more than spaces."""
    parser = _Text()
    parser.feed(text)
    parser.close()
    return "".join("".join(parser.words).split())


def of_elements(elements: list[dict]) -> str:
    return "".join("".join(_said(elements)).split())


def _said(elements: list[dict]) -> Iterator[str]:
    for element in elements:
        content = element.get("content") or ""
        is_html = element.get("props", {}).get("format") == "html"
        yield of_html(content) if is_html else content
        yield from _said(element.get("children", []))
