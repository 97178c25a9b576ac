"""Cursors: opaque to a client, bound to one collection, refused when made up."""

import re
from typing import Final
from zlib import crc32

from cfsync.emulator.answers import Refused

_CURSOR: Final = re.compile(r"cursor_([0-9a-f]{8})([0-9a-f]{1,16})")


def cursor(kind: str, scope: str, after: int) -> str:
    """Continues the collection after the row with this number."""
    return f"cursor_{_seal(kind, scope, after):08x}{after:x}"


def after(text: str, kind: str, scope: str) -> int:
    """Raises Refused (INVALID_CURSOR) for anything that `cursor` did not make for this list."""
    match = _CURSOR.fullmatch(text)
    if match is None or int(match[1], 16) != _seal(kind, scope, int(match[2], 16)):
        raise invalid()
    return int(match[2], 16)


def invalid() -> Refused:
    return Refused(
        400,
        "Invalid cursor",
        code="INVALID_CURSOR",
        field="cursor",
        reason="Cursor is unknown or has expired",
    )


def _seal(kind: str, scope: str, after: int) -> int:
    return crc32(f"{kind}/{scope}/{after}".encode())
