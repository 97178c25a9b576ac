"""Keeping out of Git what is of one machine: the journal, the local site, the editor's schema."""

from pathlib import Path

from cfsync.authoring.place import write_new
from cfsync.errors import CfsyncError

_IGNORED = ".cfsync/"


def ignore_own_files(directory: Path) -> list[Path]:
    """Have `directory`'s .gitignore leave out `.cfsync/`; returns the file if that changed it.

    Raises CfsyncError where it cannot be added to.
    """
    path = directory / ".gitignore"
    if not path.exists():
        return [write_new(path, f"{_IGNORED}\n")]
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        if {_IGNORED, _IGNORED.rstrip("/"), f"/{_IGNORED}"}.isdisjoint(map(str.strip, lines)):
            with path.open("a", encoding="utf-8") as file:
                file.write("\n" * (bool(lines) and not _ends_a_line(path)) + f"{_IGNORED}\n")
            return [path]
    except (OSError, UnicodeDecodeError) as error:
        raise CfsyncError(
            f"{path} cannot be added to: {error}",
            next_step=f"add the line {_IGNORED} to it by hand",
        ) from error
    return []


def _ends_a_line(path: Path) -> bool:
    return path.read_bytes().endswith((b"\n", b"\r"))
