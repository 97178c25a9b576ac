"""A real PostgreSQL server on a socket of its own, started once for a test session."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def binaries() -> Path | None:
    """Where Debian keeps the newest server, or wherever `initdb` is found."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    found = str(debian[-1]) if debian else shutil.which("initdb")
    return Path(found).parent if found else None


@contextmanager
def serving(bin_: Path) -> Iterator[str]:
    """The URL of an empty database `cfsync` in a new cluster; gone with everything afterwards.

    PostgreSQL refuses to run as root: there the system's user `nobody` runs it.
    """
    folder = Path(tempfile.mkdtemp(prefix="cfsync-pg-", dir="/tmp"))
    as_nobody = _drop_root() if os.getuid() == 0 else {}
    if as_nobody:
        os.chown(folder, as_nobody["user"], as_nobody["group"])
    cluster = folder / "cluster"

    def run(*command: str | Path) -> None:
        subprocess.run(
            command, check=True, capture_output=True, cwd=folder, timeout=60, **as_nobody
        )

    run(bin_ / "initdb", "-D", cluster, "-U", "cfsync", "-A", "trust", "-E", "UTF8", "--no-sync")
    options = f"-k {folder} -c listen_addresses= -c fsync=off -c max_connections=50"
    run(bin_ / "pg_ctl", "-D", cluster, "-o", options, "-w", "-l", folder / "log", "start")
    try:
        run(bin_ / "createdb", "-h", folder, "-U", "cfsync", "cfsync")
        yield f"postgresql://cfsync@/cfsync?host={folder}"
    finally:
        run(bin_ / "pg_ctl", "-D", cluster, "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder)


def _drop_root() -> dict[str, int]:
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid}
