"""cfsync as people run it: an own process, an own home, nothing inherited but what it needs."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support.emulator import TOKEN, Serving, serving
from support.environments import TOKEN_VARIABLE

Cfsync = Callable[..., subprocess.CompletedProcess[str]]

_OURS = ("CFSYNC_", "CODEFLUSS_")


@pytest.fixture(autouse=True)
def _own_folders(monkeypatch, tmp_path: Path) -> None:
    """Nothing is left in the home of whoever runs the tests, and nothing found there."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture
def cfsync(tmp_path: Path) -> Cfsync:
    """Runs `cfsync ARGUMENTS`, asserts the exit code and gives the finished process."""
    home = tmp_path / "home"
    home.mkdir()
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(_OURS) and name != "CI"
    }
    environ = inherited | {"HOME": str(home), "NO_COLOR": "1", TOKEN_VARIABLE: TOKEN}

    def run(*arguments: str | Path, code: int = 0) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-m", "cfsync", *map(str, arguments)],
            env=environ,
            cwd=tmp_path,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == code, f"exit {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done

    return run


BAKERY = """\
version: 1
name: acme
environments:
  test: {{url: "{url}", token: {{env: {variable}}}, settle: 0s, timeout: 2s}}
default_environment: test
projects:
  - slug: acme
    name: Acme
    pages:
      - slug: index
        name: Home
        elements:
          - {{name: title, type: heading, content: Hello}}
          - {{name: text, type: text, content: We bake.}}
"""


@pytest.fixture(scope="module")
def server() -> Iterator[Serving]:
    """One for many tests, since starting it takes longer than most of them; see `bakery`."""
    with serving() as served:
        yield served


@pytest.fixture
def bakery(server: Serving, monkeypatch, tmp_path: Path) -> Callable[..., Path]:
    """A small configuration for an empty server without faults, its key in a variable."""
    for project in server.api.state():
        server.api.designer.delete(project["slug"])
    server.api.faults.clear()
    server.api.count_anew()
    monkeypatch.delenv("CI", raising=False)

    def written(variable: str, token: str) -> Path:
        folder = tmp_path / "site"
        folder.mkdir()
        config = BAKERY.format(url=server.url, variable=variable)
        (folder / "cfsync.yaml").write_text(config, encoding="utf-8")
        monkeypatch.setenv(variable, token)
        return folder

    return written


@pytest.fixture
def served() -> Iterator[Serving]:
    with serving() as emulator:
        yield emulator
