"""`cfsync` in processes of its own: the API that serves, and commands that are interrupted."""

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path


def start(folder: Path, environ: Mapping[str, str], *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "cfsync", *arguments],
        cwd=folder, env=environ, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


@contextmanager
def started(*arguments) -> Iterator[subprocess.Popen[str]]:
    """As `start`; whatever happens, the process does not outlive the test."""
    process = start(*arguments)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


@contextmanager
def emulator(folder: Path, environ: Mapping[str, str], *options: str) -> Iterator[str]:
    """`cfsync emulator` on a free port; its URL, as it says it."""
    process = start(folder, environ, "emulator", "--port", "0", *options)
    try:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        _, said = process.communicate(timeout=20)
        assert process.returncode == 0, said


def get(url: str, token: str = "any") -> dict:
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def wait_until(holds, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)
