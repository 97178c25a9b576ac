"""Documentation packages of Debian: real HTML, written by generators that know nothing of us."""

import fcntl
import os
import shutil
import subprocess
from pathlib import Path

import pytest

CACHE = Path(__file__).parents[2] / ".cache" / "debian"


def package(name: str) -> Path:
    """The folder into which a package is unpacked, fetched once.

    Where it cannot be had the test is skipped, saying why; where CI is set it fails instead.
    """
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        folder = CACHE / name
        if not folder.exists():
            _fetch(name, folder)
    return folder


def _fetch(name: str, folder: Path) -> None:
    unfinished = CACHE / f"{name}.unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir()
    try:
        _run("apt-get", "update", "-qq", required=False)  # only root may; an old list will do
        _run("apt-get", "download", "-qq", name, cwd=unfinished)
        (archive,) = unfinished.glob("*.deb")
        _run("dpkg-deb", "-x", archive, unfinished)
        archive.unlink()
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        _missing(name, error)
    unfinished.rename(folder)


def _run(*command: str | Path, cwd: Path | None = None, required: bool = True) -> None:
    subprocess.run(command, cwd=cwd, check=required, capture_output=True, timeout=120)


def _missing(name: str, error: Exception) -> None:
    message = f"the package {name} cannot be fetched from Debian: {error}"
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message)
