"""Files below the configuration's root, and only those: whatever a path or a link says.

A path is resolved first, then opened step by step without following links, then the opened file
itself is looked at: what changes in between is refused, not followed.
"""

import os
import stat
from collections.abc import Iterator
from errno import ELOOP, ENOENT, ENOTDIR
from pathlib import Path, PurePosixPath

from cfsync import limits

_READ = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK  # a FIFO must not block us
_CHUNK = 1 << 20


class Refused(Exception):
    """Why a file is not read; the message goes on after its name."""


class Root:
    """The folder of a configuration."""

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()

    def below(self, name: str) -> Path:
        """The absolute path of something below the root that need not exist. Raises Refused."""
        try:
            path = (self.path / name).resolve()
        except (OSError, RuntimeError, ValueError) as error:
            raise Refused(f"cannot be resolved: {_reason(error)}") from None
        if path == self.path or not path.is_relative_to(self.path):
            raise Refused("is not below the folder of the configuration")
        return path

    def read(self, name: str) -> bytes:
        """The content of a regular file below the root. Raises Refused."""
        path = self.below(name)
        try:
            handle = self._open(path.relative_to(self.path))
        except OSError as error:
            raise Refused(_reason(error)) from None
        try:
            return _content(handle)
        finally:
            os.close(handle)

    def matching(self, pattern: str) -> Iterator[str]:
        """Names of the files that a pattern matches, hidden ones left out; not sorted."""
        for path in self.path.glob(pattern):
            name = path.relative_to(self.path)
            if not any(part.startswith(".") for part in name.parts) and not path.is_dir():
                yield str(PurePosixPath(name))

    def _open(self, path: Path) -> int:
        folder = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        *folders, last = path.parts
        try:
            for part in folders:
                inner = os.open(part, _READ | os.O_DIRECTORY, dir_fd=folder)
                os.close(folder)
                folder = inner
            return os.open(last, _READ, dir_fd=folder)
        finally:
            os.close(folder)


def _content(handle: int) -> bytes:
    status = os.fstat(handle)
    if not stat.S_ISREG(status.st_mode):
        raise Refused("is not a regular file")
    chunks, size = [], status.st_size
    while size <= limits.MAX_FILE_BYTES and (chunk := os.read(handle, _CHUNK)):
        chunks.append(chunk)
        size = sum(map(len, chunks))
    if size > limits.MAX_FILE_BYTES:
        raise Refused(f"is larger than {limits.MAX_FILE_BYTES // limits.MIB} MiB")
    return b"".join(chunks)


def _reason(error: Exception) -> str:
    if not isinstance(error, OSError):
        return "it leads in a circle" if isinstance(error, RuntimeError) else str(error)
    match error.errno:
        case code if code == ENOENT:
            return "does not exist"
        case code if code == ENOTDIR:
            return "leads through something that is no folder"
        case code if code == ELOOP:
            return "changed while it was opened"
        case _:
            return os.strerror(error.errno or 0).lower()
