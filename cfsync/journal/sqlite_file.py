"""Opening a journal's file: made whole or not at all, never begun afresh over a damaged one."""

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Final
from urllib.parse import quote

from cfsync.errors import JournalUnreadable
from cfsync.journal import schema
from cfsync.journal.filelock import refuse_network
from cfsync.journal.refusals import damaged, unwritable

_BUSY_SECONDS: Final = 10.0


def open_to_write(path: Path) -> sqlite3.Connection:
    """Raises JournalUnreadable."""
    refuse_network(path)
    return _told(path, lambda: _write(path))


def open_to_read(path: Path, *, salvage: bool = False) -> sqlite3.Connection | None:
    """None where there is no journal; makes no file. Raises JournalUnreadable."""
    if not path.exists():
        _refuse_orphans(path)
        return None
    return _told(path, lambda: _read(path, salvage=salvage))


def _told(path: Path, open_: Callable[[], sqlite3.Connection]) -> sqlite3.Connection:
    try:
        return open_()
    except sqlite3.OperationalError as error:
        raise unwritable(str(path), str(error)) from error
    except sqlite3.DatabaseError as error:
        raise damaged(str(path), str(error)) from error
    except OSError as error:
        raise unwritable(str(path), error.strerror or str(error)) from error


def _write(path: Path) -> sqlite3.Connection:
    if not path.exists():
        _refuse_orphans(path)
        _make(path)
    path.chmod(0o600)
    db = _connect(path, "rw")
    try:
        schema.check(db, str(path), migrate=True)
        _make_durable(db)
    except BaseException:
        db.close()
        raise
    return db


def _read(path: Path, *, salvage: bool) -> sqlite3.Connection:
    # without a WAL nothing is pending, and an immutable open leaves no files of its own behind
    pending = Path(f"{path}-wal").exists()
    db = _connect(path, "ro" if pending else "ro&immutable=1")
    try:
        if not salvage:
            schema.check(db, str(path), migrate=False)
    except BaseException:
        db.close()
        raise
    return db


def _refuse_orphans(path: Path) -> None:
    if Path(f"{path}-wal").exists():
        raise damaged(str(path), "the file is missing, though its write-ahead log is there")


def _make(path: Path) -> None:
    """Built beside its place and linked there when whole, so that no crash leaves half a one."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}.new")
    draft.unlink(missing_ok=True)
    os.close(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    db = _connect(draft, "rw")
    try:
        db.execute("PRAGMA synchronous = FULL")
        schema.create(db)
    finally:
        db.close()
    try:
        os.link(draft, path)
    except FileExistsError:
        pass  # another process was quicker; its file is as good
    finally:
        draft.unlink()
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    return sqlite3.connect(
        f"file:{quote(str(path))}?mode={mode}",
        uri=True,
        timeout=_BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=False,
    )


def _make_durable(db: sqlite3.Connection) -> None:
    mode = db.execute("PRAGMA journal_mode = WAL").fetchone()[0]
    if mode != "wal":
        raise JournalUnreadable(
            f"SQLite keeps no write-ahead log here (journal mode {mode})",
            why="the journal has to be on a local disk",
        )
    db.execute("PRAGMA synchronous = FULL")  # NORMAL may lose the last commits at a power cut
    db.execute("PRAGMA fullfsync = ON")  # macOS: fsync alone stops at the disk's cache
