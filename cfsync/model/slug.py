"""Slugs: what becomes of a name in an address of the web."""

import re
import unicodedata
from typing import Final

_NOT_OF_A_SLUG: Final = re.compile(r"[^a-z0-9]+")


def slug_of(text: str) -> str:
    """`Café No. 1` is `cafe-no-1`; empty where nothing of the text can stand in a slug."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    ascii_only = "".join(char for char in plain if not unicodedata.combining(char))
    return _NOT_OF_A_SLUG.sub("-", ascii_only).strip("-")
