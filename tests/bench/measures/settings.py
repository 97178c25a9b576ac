"""How much is measured, where, and what comes of it."""

from dataclasses import dataclass, field
from pathlib import Path

from bench.report import Report


@dataclass(frozen=True, slots=True)
class Settings:
    folder: Path
    """For everything that is made; emptied before."""
    runs: int
    count: int
    """Elements where the peers take part."""
    growth: tuple[int, int]
    """Elements, few and many."""
    large: int
    """Elements in 500 files."""
    peers: frozenset[str]
    """Those that are installed."""
    report: Report = field(default_factory=Report)
