"""Virtual environments of a test's own, filled from the package registry."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

_OFFLINE = re.compile(
    r"NewConnectionError|Max retries exceeded|Temporary failure in name resolution|"
    r"Network is unreachable|No matching distribution found for (hatchling|pip|click)|ProxyError"
)


def venv(folder: Path) -> Path:
    """A new one; its folder of programs."""
    subprocess.run([sys.executable, "-m", "venv", folder], check=True, timeout=120)
    return folder / "bin"


def pip(bin_: Path, *arguments: str | Path) -> None:
    """Where the registry cannot be reached the test is skipped, saying so; in CI it fails."""
    done = subprocess.run(
        [bin_ / "python", "-m", "pip", "--disable-pip-version-check", "-q", *arguments],
        env={name: value for name, value in os.environ.items() if not name.startswith("COV")},
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    if done.returncode:
        judge(done.stdout + done.stderr)


def judge(output: str) -> None:
    """What became of a program that wanted packages and failed: skipped, or failed."""
    if _OFFLINE.search(output) and os.environ.get("CI") != "true":
        pytest.skip(f"the package registry cannot be reached: {output[-400:]}")
    pytest.fail(output[-4000:])
