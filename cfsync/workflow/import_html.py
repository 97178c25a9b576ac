"""`cfsync import html`: a static site becomes a configuration."""

from pathlib import Path
from typing import TYPE_CHECKING

from cfsync import contract

if TYPE_CHECKING:
    from cfsync.authoring.html import ImportReport


def import_html(folder: Path, root: Path, project: str) -> "ImportReport":
    """Nothing that exists is overwritten. Raises UsageError and CfsyncError."""
    from cfsync.authoring import html  # noqa: PLC0415 - for this command alone

    return html.import_html(folder, root, project, contract.load())
