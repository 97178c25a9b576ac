"""Makes text from files and from the API harmless to look at.

Whoever may edit a page may write control characters into a name. Shown as they are, they would
move a terminal's cursor, hide a change from a reviewer, or give commands to a CI system.
"""

import re
from typing import Final

_UNSEEN: Final = (
    "\x00-\x1f\x7f-\x9f"  # C0 (ESC, CR, BEL …), DEL, C1
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"  # soft hyphen, joiners, fillers
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164"  # zero width, line separators, bidi
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"  # variation selectors, byte order mark
    "\ud800-\udfff"  # lone surrogates, which no encoding can write
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"  # tags and the like
)
UNSEEN: Final = re.compile(f"[{_UNSEEN}]")
"""Every character that is not seen, or that moves what is."""

# GitHub reads `##[x]` anywhere in a line, Azure `##vso[x]`, TeamCity `##teamcity[x]`
COMMAND: Final = re.compile(r"##(?=\w*\[)")
_FIRST_COMMAND: Final = re.compile(r"\A(\s*):(?=:)")


def inert(text: str) -> str:
    """The text on one line: what cannot be seen is written out, a line break becomes `⏎`."""
    if text.isascii() and text.isprintable() and "##" not in text:
        return text
    shown = UNSEEN.sub(_written_out, text.replace("\r\n", "\n"))
    return COMMAND.sub(r"#\\x23", shown)


def inert_start(line: str) -> str:
    """A whole line that does not begin with `::`, by which GitHub knows its commands."""
    return _FIRST_COMMAND.sub(r"\1\\x3a", line)


def _written_out(match: re.Match[str]) -> str:
    return "⏎" if match[0] == "\n" else match[0].encode("unicode_escape").decode("ascii")
