"""Prism as a validating proxy in front of the emulator: what it says of both directions."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CONTRACT = ROOT / "schemas" / "codefluss.openapi.yaml"
INSTALL = "npm install --prefix .cache/judges @stoplight/prism-cli@5"


@dataclass(frozen=True, slots=True)
class Proxy:
    port: int
    output: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def violations(self) -> list[str]:
        """Errors and warnings alike: a status that is not documented is only a warning."""
        lines = self.output.read_text(encoding="utf-8").splitlines()
        return [line for line in lines if "Violation" in line]


@contextmanager
def prism(upstream: str, folder: Path) -> Iterator[Proxy]:
    """Passes everything on, and says what breaks the contract."""
    proxy = Proxy(_free_port(), folder / "prism.log")
    command = [
        _program(), "proxy", str(CONTRACT), upstream,
        "-h", "127.0.0.1", "-p", str(proxy.port), "-v", "warn",
    ]  # fmt: skip
    with (
        proxy.output.open("w") as output,
        subprocess.Popen(command, stdout=output, stderr=output) as process,
    ):
        try:
            _connected(proxy, process)
            yield proxy
        finally:
            process.terminate()


def _program() -> str:
    local = ROOT / ".cache" / "judges" / "node_modules" / ".bin" / "prism"
    found = str(local) if local.exists() else shutil.which("prism")
    if found is None and os.environ.get("CI") == "true":
        pytest.fail(f"Prism is required here: {INSTALL}")
    return found or pytest.skip(f"Prism is not installed: {INSTALL}")


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def _connected(proxy: Proxy, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(600):
        assert process.poll() is None, proxy.output.read_text(encoding="utf-8")
        try:
            socket.create_connection(("127.0.0.1", proxy.port)).close()
        except ConnectionRefusedError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("Prism did not start")
