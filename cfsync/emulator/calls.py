"""One request as it arrived, counted."""

from dataclasses import dataclass
from typing import Final

READS: Final = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Call:
    number: int
    """Of all requests, from 1."""
    nth: int
    """Of the reads, or of the writes, from 1."""
    method: str
    path: str
    """Below the base URL, without the query; still percent-encoded."""
    query: str
    headers: dict[str, str]
    """Names in lower case."""
    body: bytes

    @property
    def is_write(self) -> bool:
        return self.method not in READS
