"""A canary for a token: after whatever was done, and whatever failed, it is found nowhere."""

import base64
from urllib.parse import quote

import pytest
from support.console import console

from cfsync.emulator.faults import Fault
from cfsync.workflow import planning

CANARY = "cfk_Zq7/Kx+9vB%2w~Lr5Tn8Hd3Jm6"
VARIABLE = "CODEFLUSS_CANARY"
ENCODED = base64.b64encode(CANARY.encode()).decode()
TRACES = {
    *(CANARY[start : start + 8] for start in range(4, len(CANARY) - 7)),
    quote(CANARY, safe="")[4:16],
    ENCODED[4:16],
    CANARY.encode().hex()[8:24],
}
FAILURES = [
    "400@w2", "400@w3", "401", "401@w2", "403@r2", "403@w3", "404@r2", "500@w3", "html-502",
    "empty-502@w2", "302@w2 location=https://evil.example/", "302 location=https://evil.example/",
    "drop-before@w2..", "drop-after-commit@w2..", "cut@w2..", "cut", "refuse@w2..",
    "revoke@w2",
]  # fmt: skip


@pytest.fixture
def site(bakery):
    return bakery(VARIABLE, CANARY)


@pytest.fixture
def cfsync(site, capfd):
    """Each command at debug level; what it says is looked through at once, files afterwards."""
    run = console(site, capfd)

    def watched(*arguments, form="text"):
        answer = run(*arguments, "--log-level", "debug", "--log-format", form)
        assert traces(answer.out + answer.err) == []
        return answer

    yield watched
    written = [path for path in site.parent.rglob("*") if path.is_file()]
    assert written
    assert {path: found for path in written if (found := traces(text_of(path)))} == {}


def traces(text):
    return [trace for trace in TRACES if trace in text]


def text_of(path):
    return path.read_bytes().decode("latin-1")


def test_the_canary_would_be_found():
    assert traces(f"Authorization: Bearer {CANARY}")
    assert traces(base64.b64encode(CANARY.encode()).decode())
    assert traces(quote(CANARY, safe=""))


def test_no_token_is_in_what_any_command_says_or_writes(cfsync, site):
    cfsync("validate")
    cfsync("plan", "--out", "plan.json", "--json-into", "plan-too.json")
    cfsync("plan", "--json", form="json")
    assert cfsync("apply", "plan.json").code == 0
    assert cfsync("list", "--json").code == 0
    run = cfsync("history", "--json").json["runs"][0]["run"]
    assert cfsync("show", run).code == 0
    assert cfsync("undo", run, "--yes", "--allow-deletes", 4).code == 0
    assert cfsync("apply", "--yes", form="json").code == 0
    assert cfsync("destroy", "--yes", "--allow-deletes", 4).code == 0


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize("what", FAILURES)
def test_no_token_is_in_what_a_failure_leaves(cfsync, server, what, form):
    server.api.faults.append(Fault.parse(what))

    cfsync("apply", "--yes", *(["--json"] if form == "json" else []), form=form)
    server.api.faults.clear()
    cfsync("plan")
    cfsync("recover")
    cfsync("history", "--json")


def test_no_token_is_shown_that_the_server_says_back(cfsync, server):
    def says(call, _serve, world):
        return Fault.parse(f"400 field=name reason='no {CANARY} here'").act(call, _serve, world)

    server.api.faults.append(Fault(says, lambda call, _world: call.is_write))

    answer = cfsync("apply", "--yes")

    assert answer.code in (1, 3)
    assert "no ******** here" in answer.out
    run = cfsync("history", "--json").json["runs"][0]["run"]
    cfsync("show", run, "--json")


@pytest.mark.parametrize("form", ["text", "json"])
def test_no_token_is_in_what_a_mistake_of_our_own_leaves(cfsync, site, monkeypatch, form):
    def broken(*_, **__):
        headers = {"Authorization": f"Bearer {CANARY}"}
        raise RuntimeError(f"something about {headers}")

    monkeypatch.setattr(planning, "read_live", broken)

    answer = cfsync("plan", *(["--json"] if form == "json" else []), form=form)

    assert answer.code == 1
    (log,) = (site.parent / "state/cfsync").iterdir()
    assert str(log) in answer.out + answer.err
    assert "RuntimeError: something about {'Authorization': 'Bearer ********'}" in text_of(log)
