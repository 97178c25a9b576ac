"""Every exit code that is promised, reached as a person would, and under --json with one document.

130 is in test_processes.py: it takes a process to interrupt one.
"""

import json

import pytest
from support.console import console
from support.emulator import TOKEN
from support.environments import TOKEN_VARIABLE

from cfsync.emulator.faults import Fault
from cfsync.workflow import planning


class Site:
    def __init__(self, folder, api, run):
        self.folder, self.api, self.cfsync = folder, api, run

    def fault(self, text):
        self.api.count_anew()
        self.api.faults.append(Fault.parse(text))

    def edit(self, old, new):
        config = self.folder / "cfsync.yaml"
        text = config.read_text(encoding="utf-8")
        assert old in text
        config.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture
def site(server, bakery, capfd):
    folder = bakery(TOKEN_VARIABLE, TOKEN)
    return Site(folder, server.api, console(folder, capfd))


def new(_site, _patch):
    pass


def applied(site, _patch):
    assert site.cfsync("apply", "--yes").code == 0


def edited_on_the_site(site, patch):
    applied(site, patch)
    site.api.designer.edit("acme:index#title", content="Theirs")


def edited_on_both_sides(site, patch):
    edited_on_the_site(site, patch)
    site.edit("Hello", "Ours")


def with_a_deletion(site, patch):
    applied(site, patch)
    site.edit("          - {name: text, type: text, content: We bake.}\n", "")


def without_a_key(_site, patch):
    patch.delenv(TOKEN_VARIABLE)


def without_a_configuration(site, _patch):
    (site.folder / "cfsync.yaml").unlink()


def with_an_unknown_key(site, _patch):
    site.edit("name: Home", "nmae: Home")


def while_the_api_is_down(site, _patch):
    site.fault("403")


def with_a_refused_write(site, _patch):
    site.fault("400@w3")


def with_a_key_that_is_revoked(site, _patch):
    site.fault("revoke@w3")


def with_a_run_that_waits(site, patch):
    with_a_refused_write(site, patch)
    assert site.cfsync("apply", "--yes", "--on-error", "stop").code == 4
    site.api.faults.clear()


def with_a_plan_that_is_stale(site, patch):
    applied(site, patch)
    site.edit("Hello", "Ours")
    assert site.cfsync("plan", "--out", "plan.json").code == 0
    site.edit("Ours", "Other")


def with_a_broken_journal(site, patch):
    applied(site, patch)
    (site.folder / ".cfsync/journal.db").write_bytes(b"no database" * 1000)


def with_a_mistake_of_our_own(_site, patch):
    def broken(*_, **__):
        raise RuntimeError("oops")

    patch.setattr(planning, "read_live", broken)


APPLY = ("apply", "--yes")
DETAILED = ("plan", "--detailed-exitcode")
CASES = [
    (new, ("validate",), 0, "ok"),
    (new, ("plan",), 0, "changes"),
    (new, APPLY, 0, "applied"),
    (new, ("list",), 0, "ok"),
    (new, ("history",), 0, "ok"),
    (new, ("recover",), 0, "nothing-waits"),
    (applied, ("recover",), 0, "nothing-waits"),
    (applied, DETAILED, 0, "no-changes"),
    (applied, APPLY, 0, "no-changes"),
    (edited_on_the_site, DETAILED, 0, "no-changes"),
    (edited_on_the_site, APPLY, 0, "no-changes"),
    (without_a_key, ("plan",), 1, "token-unavailable"),
    (without_a_configuration, ("plan",), 1, "error"),
    (with_an_unknown_key, ("plan",), 1, "config-invalid"),
    (while_the_api_is_down, ("plan",), 1, "forbidden"),
    (while_the_api_is_down, APPLY, 1, "forbidden"),
    (with_a_mistake_of_our_own, ("plan",), 1, "internal"),
    (new, DETAILED, 2, "changes"),
    (with_a_refused_write, APPLY, 3, "undone"),
    (with_a_run_that_waits, ("recover",), 3, "undone"),
    (with_a_refused_write, (*APPLY, "--on-error", "stop"), 4, "part-way"),
    (with_a_key_that_is_revoked, APPLY, 4, "part-way"),
    (with_a_run_that_waits, APPLY, 5, "run-waiting"),
    (with_a_plan_that_is_stale, ("apply", "plan.json"), 5, "plan-stale"),
    (with_a_broken_journal, ("plan",), 5, "journal-unreadable"),
    (with_a_broken_journal, APPLY, 5, "journal-unreadable"),
    (new, ("apply",), 6, "needs-decision"),
    (edited_on_both_sides, ("plan",), 6, "needs-decision"),
    (edited_on_both_sides, APPLY, 6, "needs-decision"),
    (with_a_deletion, APPLY, 6, "needs-decision"),
    (new, ("plan", "--nonsense"), 64, "usage"),
    (new, ("plna",), 64, "usage"),
    (new, ("plan", "-e", "nowhere"), 64, "usage"),
    (new, ("apply", "missing.json"), 64, "usage"),
    (new, ("show", "nothing"), 64, "usage"),
]
EVERY_CASE = pytest.mark.parametrize(
    "case", CASES, ids=lambda case: f"{case[0].__name__}-{' '.join(case[1])}-{case[2]}"
)
WITHOUT_EFFECT = {1, 2, 5, 6, 64}


@EVERY_CASE
def test_the_exit_code_tells_the_truth_and_what_to_do_next(site, monkeypatch, case):
    situation, arguments, code, _ = case
    situation(site, monkeypatch)
    before = site.api.state()

    answer = site.cfsync(*arguments)

    assert answer.code == code, answer.out + answer.err
    if code in WITHOUT_EFFECT:
        assert site.api.state() == before
    if code in WITHOUT_EFFECT - {2}:
        assert "Error: " in answer.err or "Refused: " in answer.out
        assert "next   " in answer.err + answer.out or situation is with_an_unknown_key


@EVERY_CASE
def test_as_json_there_is_one_document_with_a_version_and_a_code(site, monkeypatch, case):
    situation, arguments, code, symbol = case
    situation(site, monkeypatch)

    answer = site.cfsync(*arguments, "--json")

    assert answer.code == code
    document = json.loads(answer.out)  # fails on a second one
    assert document["formatVersion"] == 1
    assert document["code"] == symbol
