"""How a text is written in YAML so that readers of 1.1 and of 1.2 read the same text back."""

import re
from collections.abc import Iterator

WIDTH = 100
"""Columns that a written line may take; a single word may be longer."""

_MIN_TEXT = 40
"""Columns left to wrapped text however deep it stands."""

_WORDS = frozenset({"true", "false", "yes", "no", "on", "off", "y", "n", "null", "~", ""})
_NUMBER_LIKE = re.compile(
    # whatever begins like a number and goes on with what numbers, times and dates are made of
    r"[-+.]?[0-9][0-9a-fA-FxXoO_,.:+\-TtZz ]*|[-+]?\.(?:inf|nan)",
    re.IGNORECASE,
)
_PLAIN = re.compile(r"[^\s\-?:,\[\]{}#&*!|>'\"%@`=<+~](?:[^:#]|:(?! |\Z)|(?<! )#)*")
_FLOW_SIGNS = frozenset(",[]{}:?")
_ESCAPES = {
    '"': '\\"',
    "\\": "\\\\",
    "\n": "\\n",
    "\t": "\\t",
    "\r": "\\r",
    "\0": "\\0",
}
_BREAKS = re.compile(r"(?<=[^ ]) (?=[^ ])")


def literal_dollars(text: str) -> str:
    """`${` would begin a reference; what is written here is meant as it stands."""
    return text.replace("${", "$${")


def inline(text: str, *, flow: bool = False) -> str:
    """On one line: plain where that is safe, else quoted.

    Raises ValueError for a lone surrogate, which no file can hold.
    """
    if _is_plain(text) and not (flow and not _FLOW_SIGNS.isdisjoint(text)):
        return text
    if text.isprintable() and ('"' in text or "\\" in text):
        return "'" + text.replace("'", "''") + "'"
    return '"' + _escaped(text) + '"'


def block(text: str, indent: int, column: int) -> str:
    """As the value of a block mapping or list whose own lines stand at `indent`.

    `column` is where the value begins. Lines of a multi-line text are kept as they are; a long
    line is folded at single spaces, which reading undoes.
    """
    if "\n" in text and _fits_a_block(text):
        return _literal(text, indent)
    one_line = inline(text)
    if column + len(one_line) <= WIDTH or " " not in text.strip():
        return one_line
    pad = "\n" + " " * indent
    width = max(WIDTH - indent, _MIN_TEXT)
    if text.isprintable() and text == text.strip():
        return ">-" + "".join(pad + line for line in _folded(text, width))
    return pad.join(_folded('"' + _escaped(text) + '"', width))


def _is_plain(text: str) -> bool:
    return (
        text.isprintable()
        and text.lower() not in _WORDS
        and _PLAIN.fullmatch(text) is not None
        and not text.endswith(" ")
        and _NUMBER_LIKE.fullmatch(text) is None
    )


def _escaped(text: str) -> str:
    return "".join(
        char if char.isprintable() and char not in _ESCAPES else _escape(char) for char in text
    )


def _escape(char: str) -> str:
    code = ord(char)
    if 0xD800 <= code <= 0xDFFF:  # noqa: PLR2004 - the range of surrogates
        raise ValueError(f"a lone surrogate, U+{code:04X}, cannot be written to a file")
    if char in _ESCAPES:
        return _ESCAPES[char]
    if code <= 0xFF:  # noqa: PLR2004 - what two digits hold
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004 - likewise


def _fits_a_block(text: str) -> bool:
    return bool(text.strip()) and text.replace("\n", "").replace("\t", "").isprintable()


def _literal(text: str, indent: int) -> str:
    # libyaml finds out the indentation from the first line with text: it must not begin blank
    hint = "2" if text.lstrip("\n")[0].isspace() or text[0].isspace() else ""
    body = text.rstrip("\n")
    keep = {0: "-", 1: ""}.get(len(text) - len(body), "+")
    pad = " " * indent
    lines = [pad + line if line else "" for line in body.split("\n")]
    lines += [""] * (len(text) - len(body) - 1)
    return "\n".join([f"|{hint}{keep}", *lines])


def _folded(text: str, width: int) -> Iterator[str]:
    """Lines of at most `width`, broken only where a single space stands between words."""
    line = ""
    for piece in _BREAKS.split(text):
        if line and len(line) + 1 + len(piece) > width:
            yield line
            line = piece
        else:
            line = f"{line} {piece}" if line else piece
    yield line
