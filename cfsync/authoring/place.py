"""Writing files that are not there yet; nothing of a person's is ever overwritten."""

from collections.abc import Iterable
from pathlib import Path

from cfsync.errors import CfsyncError, UsageError

CONFIG = "cfsync.yaml"

_NAMED = 10
"""How many files in the way a message names."""


def check_free(root: Path, targets: Iterable[Path]) -> None:
    """Raises UsageError naming the files that exist already."""
    taken = [target for target in targets if target.exists() or target.is_symlink()]
    if taken:
        names = [str(path.relative_to(root)) for path in taken[:_NAMED]]
        more = f" and {len(taken) - _NAMED} more" if len(taken) > _NAMED else ""
        raise UsageError(
            f"{', '.join(names)}{more} exist{'s' if len(taken) == 1 else ''} already",
            where=str(root),
            why="nothing is overwritten",
            next_step="move what is there away, or choose another folder with -C",
        )


def write_new(path: Path, text: str) -> Path:
    """Raises CfsyncError where the file cannot be made, or was made by another meanwhile."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except OSError as error:
        raise CfsyncError(
            f"{path} cannot be written: {error.strerror}",
            next_step="check the folder's permissions and free space",
        ) from error
    return path
