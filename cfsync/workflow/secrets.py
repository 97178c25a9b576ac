"""Tokens in use, and how to keep them out of whatever is written down."""

import base64
import re
from typing import Final
from urllib.parse import quote

from cfsync.limits import MIN_MASKED

_MASK: Final = "********"
_hidden: set[str] = set()


def hide(token: str | None) -> None:
    """From now on `scrubbed` masks this token, as it is and as it is usually encoded.

    Not one of fewer than MIN_MASKED characters.
    """
    if token is None or len(token) < MIN_MASKED:
        return
    raw = token.encode("utf-8", "surrogatepass")
    _hidden.update({token, quote(token, safe=""), repr(token)[1:-1], raw.hex()})
    for shift in range(3):  # base64 looks different behind 0, 1 or 2 other bytes
        encoded = base64.b64encode(b"\0" * shift + raw).decode()
        _hidden.add(encoded[4 if shift else 0 : len(encoded) - 4].rstrip("="))


def scrubbed(text: str) -> str:
    if not _hidden:
        return text
    longest_first = sorted(_hidden, key=len, reverse=True)
    return re.sub("|".join(map(re.escape, longest_first)), _MASK, text)
