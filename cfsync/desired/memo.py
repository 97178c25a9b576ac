"""Equal scalars of all files become one object, and are looked at once."""

from typing import Final

from cfsync.desired.scalars import CONSTANTS, is_text
from cfsync.model.values import Json

_MOST: Final = 200_000
"""Beyond this many different scalars remembering costs more than it saves."""


class Memo:
    """`plain` holds values by their text as written without quotes, `quoted` by the text within.

    `keys` holds texts that mean themselves either way.
    """

    def __init__(self) -> None:
        self.plain: dict[str, Json] = dict(CONSTANTS)
        self.quoted: dict[str, str] = {}
        self.keys: dict[str, str] = {}

    def remember(self, text: str, value: Json, *, quoted: bool) -> None:
        memo = self.quoted if quoted else self.plain
        if len(memo) < _MOST:
            memo[text] = value

    def remember_key(self, key: str) -> None:
        if len(self.keys) < _MOST and is_text(key):
            self.keys[key] = key
