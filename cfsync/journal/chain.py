"""Digests that make a changed, missing or mixed-up line show.

A line's digest covers the line before it and its own body's digest rather than the body, so that
pruning may empty a body and the chain still holds.
"""

from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from cfsync.journal.canonical import encode
from cfsync.model.lease import JournalKey

FIRST: Final = bytes(32)
"""What stands before the first line, and the sum of no rows."""


@dataclass(frozen=True, slots=True)
class Link:
    """What a line's digest covers, its body apart."""

    key: JournalKey
    run: str
    epoch: int
    at: str
    kind: str
    write: int | None
    attempt: int


def digest(before: bytes, link: Link, body_digest: bytes) -> bytes:
    key = link.key
    facts = (key.name, key.environment, key.host, link.run, link.epoch)
    line = encode((*facts, link.at, link.kind, link.write, link.attempt))
    return sha256(before + body_digest + line).digest()


def row_digest(id_: str, row: bytes) -> bytes:
    return sha256(encode(id_) + row).digest()


def added(total: bytes, row: bytes, *, sign: int = 1) -> bytes:
    """The sum of all rows' digests, one more (or fewer): a lost row shows in it."""
    return as_sum(int.from_bytes(total) + sign * int.from_bytes(row))


def as_sum(number: int) -> bytes:
    """Of digests that were added up as numbers."""
    return (number % (1 << 256)).to_bytes(32)
