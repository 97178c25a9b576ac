"""The `style` attribute as a mapping of CSS properties."""

import re

_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_DECLARATION = re.compile(
    # up to a semicolon that stands neither in quotes nor in parentheses; what is left open reaches
    # to the end, so that no place is looked at twice
    r"""(?:[^;"'(]|"(?:\\.|[^"\\])*(?:"|\Z|\\\Z)|'(?:\\.|[^'\\])*(?:'|\Z|\\\Z)"""
    r"""|\((?:"[^"]*(?:"|\Z)|'[^']*(?:'|\Z)|[^)"'])*(?:\)|\Z))+""",
    re.DOTALL,
)
_PROPERTY = re.compile(r"-{0,2}[A-Za-z_][\w-]*\Z")


def declarations(style: str) -> tuple[dict[str, str], int]:
    """Property to value, and how many pieces were no declaration. The last of equals wins."""
    found: dict[str, str] = {}
    broken = 0
    for piece in _DECLARATION.findall(_COMMENT.sub("", style)):
        name, colon, value = (part.strip() for part in piece.partition(":"))
        if colon and value and _PROPERTY.match(name):
            name = name if name.startswith("--") else name.lower()
            found.pop(name, None)  # its place is where it stood last
            found[name] = " ".join(value.split())
        elif piece.strip():
            broken += 1
    return found, broken
