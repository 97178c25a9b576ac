"""The whole program, as people and pipelines use it: arguments in, text and exit code out."""

import json
import textwrap
from dataclasses import dataclass

import pytest

from cfsync.cli.errors import guarded
from cfsync.workflow import secrets


@dataclass(frozen=True)
class Answer:
    code: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)

    @property
    def last(self):
        return self.out.rstrip("\n").splitlines()[-1]


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch, tmp_path):
    for name in ("CI", "NO_COLOR", "CODEFLUSS_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setattr(secrets, "_hidden", set())


@pytest.fixture
def site(tmp_path):
    """A configuration's folder; `site.write(text)` replaces cfsync.yaml."""
    return Folder(tmp_path / "site")


class Folder:
    def __init__(self, path):
        path.mkdir()
        self.path = path

    def write(self, text, name="cfsync.yaml"):
        target = self.path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(textwrap.dedent(text), encoding="utf-8")
        return target

    def replace(self, old, new, name="cfsync.yaml"):
        text = (self.path / name).read_text(encoding="utf-8")
        assert old in text
        (self.path / name).write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture
def cfsync(site, capfd):
    """Run a command in the folder, in this process, with pipes for stdin, stdout and stderr."""

    def run(*arguments):
        capfd.readouterr()
        code = guarded(["-C", str(site.path), *map(str, arguments)])
        out, err = capfd.readouterr()
        assert "Traceback" not in out + err
        return Answer(code, out, err)

    return run


HEAD = """\
version: 1
name: acme
environments:
  local: {{url: local:.cfsync/local.db}}
{environments}
default_environment: {default}
projects:
"""

PROJECT = """\
  - slug: my-website
    name: My Website
    pages:
      - slug: index
        name: Home
        elements:
          - name: hero
            type: section
            children:
              - {name: title, type: heading, content: Hello}
              - {name: cta, type: button, content: Pricing}
      - slug: about
        name: About
"""


def configuration(projects=PROJECT, environments="", default="local"):
    return HEAD.format(environments=textwrap.indent(environments, "  "), default=default) + projects


@pytest.fixture
def small(site):
    """One project, two pages, three elements."""
    site.write(configuration())
    return site


@pytest.fixture
def served(site, monkeypatch):
    """The small site, with an environment `staging` that is a server on this machine."""
    from support.emulator import TOKEN, serving

    monkeypatch.setenv("CFSYNC_TOKEN_STAGING", TOKEN)
    with serving() as server:
        environment = f"staging: {{url: '{server.url}', token: {{env: CFSYNC_TOKEN_STAGING}}}}"
        site.write(configuration(environments=environment, default="staging"))
        yield server.api


INDEX = """\
  - slug: my-website
    name: My Website
    pages:
      - slug: index
        name: Home
"""


class Wish:
    """Says what is wanted of the served site; a person edits it as `wish.designer`."""

    def __init__(self, site, designer):
        self.designer = designer
        self._site = site
        self._start = (
            (site.path / "cfsync.yaml").read_text(encoding="utf-8").partition("projects:")[0]
        )

    def __call__(self, elements):
        """The page `index` with these elements, and nothing else."""
        self._write(INDEX + "        elements:\n" + textwrap.indent(elements, " " * 10))

    def pages(self, pages):
        """These pages beside an `index` of which nothing is said."""
        self._write(INDEX + textwrap.indent(pages, " " * 6))

    def _write(self, projects):
        self._site.write(f"{self._start}projects:\n{projects}")


@pytest.fixture
def wish(site, served):
    return Wish(site, served.designer)


@pytest.fixture
def faults(served):
    """Say what goes wrong from now on; requests count anew."""
    from cfsync.emulator.faults.grammar import Fault

    def say(*texts):
        served.count_anew()
        served.faults[:] = [Fault.parse(text) for text in texts]

    return say


@pytest.fixture(params=["sqlite", "postgres"])
def store(request, monkeypatch):
    """Which sort of store has the journal."""
    if request.param == "postgres":
        monkeypatch.setenv("CFSYNC_JOURNAL", request.getfixturevalue("empty_postgres"))
    return request.param
