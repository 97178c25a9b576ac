import io

import pytest

from cfsync.cli.screen import Screen


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def terminal():
    """A screen at which somebody sits."""
    return Screen(Terminal(), Terminal(), interactive=True)


@pytest.fixture
def pipe():
    """A screen that is a file."""
    return Screen(io.StringIO(), io.StringIO())


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch, tmp_path):
    for name in ("CI", "NO_COLOR", "CFSYNC_ENV", "CFSYNC_JSON", "CFSYNC_YES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
