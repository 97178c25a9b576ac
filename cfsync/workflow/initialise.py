"""`cfsync init`: a starter configuration."""

from pathlib import Path


def initialise(directory: Path) -> tuple[Path, ...]:
    """The files written or added to. Raises UsageError where there is a configuration already."""
    from cfsync.authoring.init import starter  # noqa: PLC0415 - for this command alone

    return starter(directory)
