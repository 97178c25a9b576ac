"""The same elements for cfsync and for every peer: made from their number, so always the same.

Name, type, a text of 12 words, `props` of 3 leaves, `styles` of one breakpoint with 5 leaves.
"""

from collections.abc import Iterator
from random import Random
from typing import Any, Final

PER_PAGE: Final = 200
CHANGED_EVERY: Final = 100

_TEXT: Final = (
    "make your next site feel fast clear and calm with a layout that reads well on every "
    "screen size today"
)
_WORDS: Final = tuple(_TEXT.split())
_TYPES: Final = ("section", "container", "text", "image", "button", "link", "grid", "card")
_GROUP: Final = ((0, 1), (1, 1), (2, 3), (1, 1), (2, 2), (3, 2))
"""Depth and how many: ten elements stand together, four levels deep."""

Element = dict[str, Any]


def element(number: int, *, changed: bool = False) -> Element:
    """Without children."""
    random = Random(number)
    words = " ".join(random.choice(_WORDS) for _ in range(12))
    return {
        "name": f"element-{number:06d}",
        "type": _TYPES[number % len(_TYPES)],
        "content": words + (" changed" if changed else ""),
        "props": {
            "role": random.choice(("heading", "main", "none")),
            "framed": random.random() < 0.9,
            "order": number,
        },
        "styles": {
            "desktop": {
                "color": f"#{random.randrange(1 << 24):06x}",
                "font-size": random.randrange(10, 64),
                "padding": f"{random.randrange(64)}px {random.randrange(64)}px",
                "opacity": round(random.random(), 2),
                "display": random.choice(("flex", "block", "grid")),
            }
        },
    }


def is_changed(number: int) -> bool:
    """Of the one in a hundred that a plan with changes finds."""
    return number % CHANGED_EVERY == 7


def flat(first: int, count: int, *, changed: bool = False) -> Iterator[Element]:
    for number in range(first, first + count):
        yield element(number, changed=changed and is_changed(number))


def tree(first: int, count: int, *, changed: bool = False) -> list[Element]:
    """A page's elements, the same ones as `flat`, each below the one that stands above it."""
    top: list[Element] = []
    levels = [top]
    elements = flat(first, count, changed=changed)
    for depth in _depths(count):
        each = next(elements)
        levels[depth].append(each)
        children: list[Element] = []
        levels[depth + 1 :] = [children]
        each["children"] = children
    _drop_empty(top)
    return top


def _depths(count: int) -> Iterator[int]:
    for index in range(count):
        left = index % 10
        for depth, many in _GROUP:
            if left < many:
                yield depth
                break
            left -= many


def _drop_empty(elements: list[Element]) -> None:
    for each in elements:
        if each["children"]:
            _drop_empty(each["children"])
        else:
            del each["children"]
