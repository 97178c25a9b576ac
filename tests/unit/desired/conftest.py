from pathlib import Path

import pytest

from cfsync.contract import Contract
from cfsync.contract import load as load_contract
from cfsync.desired import checked
from cfsync.desired.loader import Configuration, load
from cfsync.desired.memo import Memo
from cfsync.desired.yaml_tree import Document, parse
from cfsync.errors import ConfigError, Problem

HEAD = """\
version: 1
name: acme
environments:
  local: {url: local:.cfsync/local.db}
"""


@pytest.fixture(scope="session")
def contract() -> Contract:
    return load_contract()


class Folder:
    """A configuration's folder that fills itself from a dict of texts."""

    def __init__(self, path: Path, contract: Contract) -> None:
        self.path = path
        self.contract = contract

    def write(self, **files: str | bytes) -> "Folder":
        return self.write_all(files)

    def write_all(self, files: dict[str, str | bytes]) -> "Folder":
        for name, content in files.items():
            path = self.path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return self

    def root(self, text: str, **files: str | bytes) -> "Folder":
        return self.write_all({"cfsync.yaml": text, **files})

    def load(self, environment: str | None = None, **environ: str) -> Configuration:
        return load(self.path, environment=environment, environ=environ, contract=self.contract)

    def problems(self, environment: str | None = None, **environ: str) -> tuple[Problem, ...]:
        with pytest.raises(ConfigError) as caught:
            self.load(environment, **environ)
        return caught.value.problems

    def problem(self, environment: str | None = None, **environ: str) -> Problem:
        (only,) = self.problems(environment, **environ)
        return only


@pytest.fixture
def folder(tmp_path: Path, contract: Contract) -> Folder:
    return Folder(tmp_path, contract)


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the files that were parsed since."""
    names: list[str] = []

    def told(name: str, raw: bytes, memo: Memo) -> Document:
        names.append(name)
        return parse(name, raw, memo)

    monkeypatch.setattr(checked, "parse", told)
    return names
