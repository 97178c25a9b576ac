"""Bytes of an HTML file to text, the way browsers find out the encoding."""

import codecs
import re
import sys

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(
    rb"""<meta\b[^>]*?\bcharset\s*=\s*["']?\s*([\w.:-]+)"""
    rb"""|\A\s*<\?xml[^>]*?encoding\s*=\s*["']([\w.:-]+)""",
    re.IGNORECASE,
)
_DECLARED_WITHIN = 4096
"""Bytes; browsers look at 1,024, generators put comments above."""

_CONTROLS = re.compile("[\x01-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff\ufffe\uffff]")
_NUMBERED = re.compile(r"&#(?:[xX]([0-9A-Fa-f]{1,6})|([0-9]{1,7}));?")
_C1 = range(0x80, 0xA0)

_LATIN = frozenset({"iso8859-1", "ascii", "us-ascii"})


def decoded(content: bytes) -> tuple[str, bool]:
    """The text, and whether the bytes were what they promise to be.

    A byte order mark wins over a declaration, a declaration over trying UTF-8. What is left, or
    breaks its promise, is read as windows-1252, as browsers read latin-1.
    """
    encoding = _marked(content) or _declared(content[:_DECLARED_WITHIN])
    for candidate in (encoding, "utf-8"):
        try:
            if candidate:
                return _plain(content.decode(candidate)), True
        except UnicodeDecodeError:
            continue
    text = _plain(content.decode("cp1252", "replace"))
    return text, encoding is None and "\ufffd" not in text


def _plain(text: str) -> str:
    """Without what a configuration cannot hold: control characters, however they are written."""
    return _CONTROLS.sub("", _NUMBERED.sub(_named, text.replace("\0", "\ufffd")))


def _named(match: re.Match[str]) -> str:
    """`&#150;` means a dash, as in windows-1252; a control character means nothing."""
    code = int(match[1], 16) if match[1] else int(match[2])
    if code in _C1:
        return bytes([code]).decode("cp1252", "ignore")
    return "" if code <= sys.maxunicode and _CONTROLS.match(chr(code)) else match[0]


def _marked(content: bytes) -> str | None:
    return next((name for mark, name in _MARKS if content.startswith(mark)), None)


def _declared(start: bytes) -> str | None:
    match = _DECLARED.search(start)
    if match is None:
        return None
    try:
        name = codecs.lookup((match[1] or match[2]).decode("ascii")).name
    except (LookupError, UnicodeDecodeError):
        return None
    if name.startswith(("utf-16", "utf-32")):
        return "utf-8"  # it could not have been read as ASCII until here
    return "cp1252" if name in _LATIN else name
