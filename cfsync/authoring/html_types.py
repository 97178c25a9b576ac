"""HTML tags to the element types of a page."""

from collections.abc import Mapping
from typing import Final

_TYPES: Final[Mapping[str, str]] = {
    **dict.fromkeys(("section", "header", "footer", "main", "nav", "article", "aside"), "section"),
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "heading"),
    **dict.fromkeys(("ul", "ol", "dl", "menu"), "list"),
    **dict.fromkeys(("input", "textarea", "select"), "input"),
    **dict.fromkeys(
        ("iframe", "embed", "object", "video", "audio", "canvas", "svg", "math"), "embed"
    ),
    "img": "image",
    "a": "link",
    "button": "button",
    "form": "form",
}
_NO_TAG_NEEDED = "section h1 h2 h3 h4 h5 h6 ul input img a button form iframe"
_SAID_BY_TYPE: Final = frozenset(_NO_TAG_NEEDED.split())
"""Tags that need no `props.tag`: type and level say it."""

_HOLDERS: Final = frozenset({"section", "list", "form"})
"""Types that hold elements, never text of their own."""


def type_of(tag: str) -> str | None:
    """The element type that a tag always has; None where its content decides: text or container."""
    return _TYPES.get(tag)


def holds_text(element_type: str | None) -> bool:
    return element_type not in _HOLDERS


def says_its_tag(tag: str, element_type: str) -> bool:
    """Whether `props.tag` has to name the tag: a text is a `p`, a container a `div`."""
    return tag not in _SAID_BY_TYPE and (tag, element_type) not in (
        ("p", "text"),
        ("div", "container"),
    )
