"""Bytes of a file to text: UTF-8 without characters that YAML, JSON or a terminal trip over."""

import re
from typing import Final

from cfsync.desired.source import SourceFile
from cfsync.errors import ConfigError, Problem

_ALLOWED: Final = bytes([*b"\t\n\r", *range(0x20, 0x7F), *range(0x80, 0x100)])
UNFIT: Final = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"\x00")
_HEAD = 4


def decode(name: str, raw: bytes) -> str:
    """The text of a file, a byte order mark dropped. Raises ConfigError with line and column."""
    raw = raw.removeprefix(b"\xef\xbb\xbf")
    if any(sign in raw[:_HEAD] for sign in _WIDE):
        raise _refused(name, "", "this file is not UTF-8 text (it looks like UTF-16)")
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode()
        bad = raw[error.start]
        raise _refused(name, before, f"byte 0x{bad:02X} is not UTF-8") from None
    clean = not raw.translate(None, _ALLOWED) and (text.isascii() or not UNFIT.search(text))
    if not clean and (match := UNFIT.search(text)):
        code = f"U+{ord(match[0]):04X}"
        raise _refused(name, text[: match.start()], f"the character {code} is not allowed here")
    return text


def _refused(name: str, before: str, message: str) -> ConfigError:
    # without the source line: what could not be read should not be printed either
    mark = SourceFile(name, before).mark(len(before))
    expected = "a text file in UTF-8"
    return ConfigError([Problem(name, mark.line, mark.column, message, expected=expected)])
