"""The whole program on a made-up wire and clock, and everything that it writes searched for a key.

The command line, the files, the SQLite journal and the emulator are real; only the socket is not,
and the clock jumps where it would sleep.
"""

import asyncio
import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from cfsync import limits
from cfsync.cli.errors import guarded
from cfsync.emulator.api import Api
from cfsync.emulator.faults.grammar import Fault
from cfsync.emulator.opening import open_api
from cfsync.model.ports import Lost, Request, Response

CANARY = "Zq7~Xk9!Vw3(Pj5$Ln8)Rt2*"
"""The API key. No eight characters of it in a row may be found in anything that is written."""
URL = "http://127.0.0.1:9/v1"
START = 1_800_000_000.0


class JumpingClock:
    """Sleeps take no time at all, but it passes."""

    passed = 0.0

    def now(self) -> float:
        return START + JumpingClock.passed

    def monotonic(self) -> float:
        return JumpingClock.passed

    async def sleep(self, seconds: float) -> None:
        JumpingClock.passed += max(0.0, seconds)
        await asyncio.sleep(0)


class StageTransport:
    """In place of the network: the emulator's heart, with the key where a header would carry it."""

    def __init__(self, api: Api, token: Any) -> None:
        self._api = api
        self._token = token
        self._clock = JumpingClock()

    async def send(self, request: Request) -> Response:
        await asyncio.sleep(0)
        headers = {name.lower(): value for name, value in request.headers.items()}
        if self._token is not None:
            headers["authorization"] = self._token.header()
        answer = self._api.handle(request.method, request.path, headers, request.body or b"")
        seconds = answer.delay + answer.pace * len(answer.body)
        await self._clock.sleep(min(seconds, request.timeout))
        if seconds > request.timeout:
            raise Lost(f"no whole answer within {request.timeout:g} s")
        if answer.is_cut:
            raise Lost("the connection closed in the middle of the answer")
        return Response(answer.status, answer.headers, answer.body)

    async def aclose(self) -> None:
        """Nothing is open."""


@dataclass(frozen=True)
class Answer:
    code: int
    out: str
    err: str

    @property
    def said(self) -> str:
        return " ".join((self.out + self.err).split())

    @property
    def json(self) -> Any:
        return json.loads(self.out)


BEFORE = """\
          - {name: a, type: text, content: old}
          - {name: b, type: section, children: [{name: inner, type: text, content: in}]}
"""
AFTER = """\
          - {name: a, type: text, content: new}
          - {name: c, type: section, content: new, children: [{name: d, type: text, content: new}]}
"""
HEAD = """\
version: 1
name: acme
environments:
  stage: {{url: "{url}", token: {{env: CFSYNC_TOKEN_STAGE}}, settle: 10s{more}}}
default_environment: stage
projects:
  - slug: my-site
    name: My Site
    pages:
      - slug: index
        name: Home
        elements:
"""


@dataclass
class Stage:
    """A folder with a configuration, an API beside it, and what a person types."""

    path: Path
    api: Api
    capture: Any
    more: str = ""
    """Settings of the environment: `, timeout: 5s`."""
    written: list[str] = field(default_factory=list)
    url: str = URL
    before: list[dict[str, Any]] = field(default_factory=list)

    def write(self, elements: str) -> None:
        text = HEAD.format(url=self.url, more=self.more) + elements
        (self.path / "cfsync.yaml").write_text(text, encoding="utf-8")

    def begin(self) -> None:
        """The site as it was, settled by an earlier run, and a configuration that wants another."""
        self.write(BEFORE)
        if not _BEGUN.site:
            assert self.run("apply", "--yes").code == 0
            _BEGUN.site = self.api.store._db.serialize()
            _BEGUN.journal = self.journal.read_bytes()
        self.journal.parent.mkdir(mode=0o700, exist_ok=True)
        self.journal.write_bytes(_BEGUN.journal)
        self.api.store._db.deserialize(_BEGUN.site)
        self.api.random.seed(2)  # the ids that are there must not be drawn again
        self.before = self.api.state()
        self.write(AFTER)
        self.api.count_anew()

    @property
    def journal(self) -> Path:
        return self.path / ".cfsync" / "journal.db"

    def fault(self, *texts: str) -> None:
        """From now on; requests count anew."""
        self.api.count_anew()
        self.api.faults[:] = [Fault.parse(text) for text in texts]

    def run(self, *arguments: str) -> Answer:
        self.capture.readouterr()
        code = guarded(["-C", str(self.path), "--log-level", "debug", *arguments])
        out, err = self.capture.readouterr()
        self.written += [out, err]
        assert "Traceback" not in out + err
        return Answer(code, out, err)

    def apply(self, *arguments: str) -> Answer:
        """One write at a time, so that the k-th one is always the same one."""
        return self.run("apply", "--yes", "--allow-deletes", "2", "--parallel", "1", *arguments)

    def is_before(self) -> bool:
        return self.api.state() == self.before

    def is_after(self) -> bool:
        return content(self.elements()) == AFTER_CONTENT

    def second_plan_is_empty(self) -> bool:
        self.api.faults.clear()
        return self.run("plan", "--detailed-exitcode").code == 0

    def names(self) -> list[str]:
        return [tree["name"] for tree in self.elements()]

    def elements(self) -> list[dict[str, Any]]:
        return self.api.state()[0]["children"][0]["children"]

    def find_secret(self) -> list[str]:
        """Where eight characters of the key stand, in any of its spellings."""
        texts = {f"output {n}": text for n, text in enumerate(self.written)}
        for file in self.path.rglob("*"):
            if file.is_file():
                texts[file.name] = file.read_bytes().decode("latin-1")
        return [place for place, text in texts.items() if any(one in text for one in NEEDLES)]


def content(trees: list[dict[str, Any]]) -> list[Any]:
    """What a visitor sees: names, types, texts, and their order."""
    return [
        (tree["name"], tree["type"], tree["content"], content(tree["children"])) for tree in trees
    ]


AFTER_CONTENT = [
    ("a", "text", "new", []),
    ("c", "section", "new", [("d", "text", "new", [])]),
]


def _needles() -> set[str]:
    spelled = [CANARY, quote(CANARY, safe=""), CANARY.encode().hex()]
    for shift in range(3):
        text = base64.b64encode(b"x" * shift + CANARY.encode()).decode().rstrip("=")
        spelled.append(text[4 if shift else 0 : -2])
    return {text[n : n + 8] for text in spelled for n in range(len(text) - 7)}


NEEDLES = _needles()


@dataclass(slots=True)
class _Begun:
    """The first run's site and journal, made once: what follows differs, this does not."""

    site: bytes = b""
    journal: bytes = b""


_BEGUN = _Begun()


@contextmanager
def staged(
    folder: Path, capture: Any, monkeypatch: pytest.MonkeyPatch, more: str = ""
) -> Iterator[Stage]:
    """Searches everything that was written for the key, at its end."""
    clock = JumpingClock()
    JumpingClock.passed = 0.0
    api = open_api(None, token=CANARY, seed=1)
    api.now = api.resources._now = clock.now
    monkeypatch.setattr("cfsync.workflow.clock.SystemClock", JumpingClock)
    # a real process renews its lease while it sleeps; here a minute passes in no time
    monkeypatch.setattr(limits, "LEASE_SECONDS", 1_000_000.0)
    monkeypatch.setattr(
        "cfsync.remote.network.NetworkTransport", lambda _, *, token: StageTransport(api, token)
    )
    for name in ("CI", "NO_COLOR", "CODEFLUSS_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CFSYNC_TOKEN_STAGE", CANARY)
    monkeypatch.setenv("XDG_STATE_HOME", str(folder / "state"))
    stage = Stage(folder, api, capture, more)
    try:
        yield stage
    finally:
        api.close()
    found = stage.find_secret()
    assert not found, f"the key stands in {found}"
