"""A lock that the operating system frees when its holder dies."""

import fcntl
import os
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from cfsync.errors import JournalUnreadable
from cfsync.journal.canonical import decode, encode
from cfsync.journal.refusals import unwritable
from cfsync.model.lease import Holder, JournalKey

_NETWORK = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "fuse.sshfs"})


class FileLock:
    """Held from `take` to `free`, on a file beside the journal that is never removed."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    @classmethod
    def take(cls, journal: Path, key: JournalKey, holder: Holder) -> "FileLock | None":
        """None when somebody else holds it. Raises JournalUnreadable."""
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
        try:
            descriptor = os.open(_path(journal, key), flags, 0o600)
        except OSError as error:
            raise unwritable(str(journal), error.strerror or str(error)) from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return None
        _sign(descriptor, holder)
        return cls(descriptor)

    def free(self) -> None:
        os.close(self._descriptor)


def signed_by(journal: Path, key: JournalKey) -> Holder | None:
    """Who took the lock last: it says so before its lease does. None where that is not known."""
    try:
        return Holder(**decode(Path(_path(journal, key)).read_bytes()))
    except (OSError, TypeError, ValueError):
        return None


def _sign(descriptor: int, holder: Holder) -> None:
    with suppress(OSError):  # a full disk: the lock holds all the same
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, encode(holder), 0)


def _path(journal: Path, key: JournalKey) -> str:
    name = sha256(encode((key.name, key.environment, key.host))).hexdigest()[:8]
    return f"{journal}.{name}.lock"


def refuse_network(journal: Path, mounts: Path = Path("/proc/self/mounts")) -> None:
    """SQLite's locks and syncs are not to be trusted over a network. Raises JournalUnreadable."""
    kind = _filesystem(journal, mounts)
    if kind in _NETWORK:
        raise JournalUnreadable(
            f"the journal {journal} lies on a network file system ({kind})",
            where=str(journal),
            why="locks and syncs are not reliable there; nothing was written",
            next_step="set `journal:` to a path on a local disk",
        )


def _filesystem(path: Path, mounts: Path) -> str:
    try:
        lines = mounts.read_text(errors="replace").splitlines()
    except OSError:
        return ""
    above = {str(path), *map(str, path.parents)}
    places = ((place, kind) for _, place, kind, *_ in map(str.split, lines) if place in above)
    return max(places, key=lambda found: len(found[0]), default=("", ""))[1]
