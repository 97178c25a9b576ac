"""Files that were read and found good, kept between runs: the next one need not parse them.

Kept outside of the repository, where a pull request cannot put anything: below `XDG_CACHE_HOME`,
readable for its owner alone. An entry is found by the file's bytes and everything else that
decides what they mean, so nothing ever has to be thrown away for being old. Whatever is not as
this module left it is passed over in silence: another owner, another digest, another shape.

Measured on 10,000 elements: an entry is read in a quarter of the time that its file takes to be
parsed and checked.
"""

import os
import stat
import sys
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from hashlib import blake2b, sha256
from pathlib import Path
from tempfile import mkstemp
from typing import Final, Literal, TypeAlias

import msgspec

import cfsync
from cfsync import limits
from cfsync.desired.packing import pack, unpack
from cfsync.desired.yaml_tree import Document
from cfsync.model.values import Fields

SWITCH: Final = "CFSYNC_CACHE"
Part: TypeAlias = Literal["root", "file"]

_DIGEST: Final = 32
_TEMPORARY: Final = ".new-"
_BOM: Final = b"\xef\xbb\xbf"
_OTHERS_WRITE: Final = stat.S_IWGRP | stat.S_IWOTH


def folder_for(environ: Mapping[str, str]) -> Path | None:
    """None where it is switched off, or nobody says where it would be."""
    if environ.get(SWITCH, "") in ("0", "off", "no", "false"):
        return None
    named, home = Path(environ.get("XDG_CACHE_HOME", "")), Path(environ.get("HOME", ""))
    if named.is_absolute():
        return named / "cfsync"
    return home / ".cache" / "cfsync" if home.is_absolute() else None


def rules_digest(schema: Fields) -> bytes:
    """Of everything but a file's bytes that decides what they mean, and whether they are good."""
    bounds = (limits.MAX_YAML_NODES, limits.MAX_YAML_DEPTH, limits.MAX_DIGITS)
    facts = (cfsync.__version__, _program(), sys.byteorder, bounds, schema)
    return blake2b(msgspec.json.encode(facts), digest_size=_DIGEST).digest()


def _program() -> list[tuple[str, int, int]]:
    """The modules beside this one as they stand: while they are worked on, the version stays."""
    with os.scandir(Path(__file__).parent) as entries:
        modules = [each for each in entries if each.name.endswith(".py")]
        return sorted((each.name, each.stat().st_size, each.stat().st_mtime_ns) for each in modules)


class ParseCache:
    """Never raises for what the disk does: then it has nothing, and keeps nothing.

    `plain` as in `pack`.
    """

    def __init__(
        self, folder: Path | None, rules: bytes, plain: Collection[str] = frozenset()
    ) -> None:
        self._folder = folder
        self._rules = rules
        self._plain = plain
        self._kept = False
        if folder is not None and folder.exists() and not _is_private(folder):
            self._folder = None

    @property
    def keeps(self) -> bool:
        """False where it is switched off, or gave up."""
        return self._folder is not None

    def find(self, name: str, raw: bytes, content: bytes, part: Part) -> Document | None:
        """The document of a file with these bytes, under this name; `content` is their digest."""
        if self._folder is None or len(raw) < limits.MIN_CACHED_BYTES:
            return None
        key = self._key(content, part)
        try:
            entry = _read(self._folder / key.hex())
            packed = entry[_DIGEST:]
            if entry[:_DIGEST] != _digest_of(packed, key):
                return None
            return unpack(packed, name, raw.removeprefix(_BOM))
        except (OSError, ValueError, RecursionError):
            return None

    def keep(self, raw: bytes, content: bytes, part: Part, document: Document) -> None:
        """`document` has no problem of any kind, and nothing in it was changed since."""
        if self._folder is None or len(raw) < limits.MIN_CACHED_BYTES:
            return
        packed = pack(document, raw, self._plain)
        if packed is None:
            return
        key = self._key(content, part)
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write(self._folder, key.hex(), _digest_of(packed, key) + packed)
            self._kept = True
        except OSError:
            self._folder = None  # a full disk, a folder that may not be written: not asked again

    def close(self) -> None:
        """Keep the cache below MAX_CACHE_BYTES: what was not used for longest goes first."""
        if self._folder is None or not self._kept:
            return
        with suppress(OSError):
            _shrink(self._folder)

    def _key(self, content: bytes, part: Part) -> bytes:
        digest = blake2b(self._rules, digest_size=_DIGEST, person=part.encode())
        digest.update(content)
        return digest.digest()


def _digest_of(packed: bytes, key: bytes) -> bytes:
    digest = sha256(key)
    digest.update(packed)
    return digest.digest()


def _is_private(folder: Path) -> bool:
    """Whether nobody else can write into it."""
    try:
        status = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(status.st_mode) and _is_ours(status)


def _is_ours(status: os.stat_result) -> bool:
    return status.st_uid == os.geteuid() and not status.st_mode & _OTHERS_WRITE


def _read(path: Path) -> bytes:
    """Raises OSError, also for what is not a file of ours."""
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
    with os.fdopen(handle, "rb") as file:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode) or not _is_ours(status):
            raise PermissionError
        os.utime(handle)  # for whoever looks for the entry that was not used for longest
        return file.read()


def _write(folder: Path, name: str, content: bytes) -> None:
    """Whole, or not at all. Raises OSError."""
    handle, temporary = mkstemp(prefix=_TEMPORARY, dir=folder)  # readable for its owner alone
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(temporary).replace(folder / name)
    except BaseException:
        with suppress(OSError):
            Path(temporary).unlink()
        raise


def _shrink(folder: Path) -> None:
    entries = sorted(_entries(folder))
    size = sum(bytes_ for _, bytes_, _ in entries)
    for _, bytes_, path in entries:
        if size <= limits.MAX_CACHE_BYTES:
            return
        with suppress(OSError):
            path.unlink()
        size -= bytes_


def _entries(folder: Path) -> Iterator[tuple[float, int, Path]]:
    """When each was used last, and its size; what a crash left half-written is among them."""
    with os.scandir(folder) as entries:
        for entry in entries:
            with suppress(OSError):
                status = entry.stat(follow_symlinks=False)
                yield status.st_mtime, status.st_size, Path(entry.path)
