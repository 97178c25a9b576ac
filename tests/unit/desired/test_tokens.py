import sys
import traceback
import types
from pathlib import Path

import pytest

from cfsync.desired.tokens import (
    FromCommand,
    FromKeyring,
    FromVariable,
    NoToken,
    Origin,
    TokenSource,
)
from cfsync.errors import CfsyncError, TokenUnavailable, Untrusted

CANARY = "sk_live_canary1"


def source(origin: Origin, **environ: str) -> TokenSource:
    return TokenSource("live", origin, environ, Path())


def failure(origin: Origin, **environ: str) -> CfsyncError:
    with pytest.raises(CfsyncError) as caught:
        source(origin, **environ).read()
    told = "".join(traceback.format_exception(caught.value)) + str(vars(caught.value))
    assert CANARY not in told
    assert caught.value.next_step
    return caught.value


def test_no_token_is_read_where_none_is_needed():
    assert source(NoToken(), CODEFLUSS_API_KEY=CANARY).read() is None


def test_a_token_comes_from_a_variable():
    assert source(FromVariable("CODEFLUSS_X"), CODEFLUSS_X=CANARY).read() == CANARY


def test_a_missing_variable_is_named_with_the_way_to_set_it():
    error = failure(FromVariable("CODEFLUSS_X"))
    assert isinstance(error, TokenUnavailable)
    assert error.why == "CODEFLUSS_X is not set"
    assert error.next_step == "export CODEFLUSS_X=…"


@pytest.mark.parametrize("bad", [" ", "\n", "\r\n", "\t", "é", "\x00", "\x7f"])
def test_a_token_that_no_header_can_hold_is_refused_and_not_repeated(bad):
    error = failure(FromVariable("CODEFLUSS_X"), CODEFLUSS_X=CANARY + bad)
    assert "is not a key" in error.why


def test_neither_repr_nor_str_show_anything():
    token = source(FromVariable("CODEFLUSS_X"), CODEFLUSS_X=CANARY)
    assert repr(token) == str(token) == f"{token}" == "TokenSource(***)"


def test_a_command_runs_only_where_that_was_allowed_from_outside(tmp_path):
    witness = tmp_path / "ran"
    error = failure(FromCommand(("touch", str(witness))))
    assert isinstance(error, Untrusted)
    assert error.next_step == "export CFSYNC_ALLOW_COMMANDS=1"
    assert not witness.exists()


ALLOWED = {"CFSYNC_ALLOW_COMMANDS": "1", "PATH": "/usr/bin:/bin"}


@pytest.mark.parametrize("end", ["", "\\n", "\\r\\n"])
def test_the_output_of_an_allowed_command_is_the_token(end):
    assert source(FromCommand(("printf", CANARY + end)), **ALLOWED).read() == CANARY


@pytest.mark.parametrize(
    ("script", "why"),
    [
        (f"echo {CANARY}; echo {CANARY} >&2; exit 3", "'sh' ended with 3"),
        (f"echo {CANARY}; echo {CANARY}", "the output of 'sh' is not a key"),
        ("true", "the output of 'sh' is not a key"),
    ],
)
def test_a_command_that_fails_is_told_without_its_output(script, why):
    assert failure(FromCommand(("sh", "-c", script)), **ALLOWED).why.startswith(why)


def test_a_command_that_is_not_there_or_takes_too_long_is_told(monkeypatch):
    assert "No such file" in failure(FromCommand(("/no/such/program",)), **ALLOWED).why
    monkeypatch.setattr("cfsync.desired.tokens._PATIENCE", 0.05)
    assert "TimeoutExpired" in failure(FromCommand(("sleep", "5")), **ALLOWED).why


def keyring_with(monkeypatch, get_password):
    module = types.ModuleType("keyring")
    module.get_password = get_password
    monkeypatch.setitem(sys.modules, "keyring", module)


def test_a_token_comes_from_the_keyring(monkeypatch):
    keyring_with(
        monkeypatch, lambda service, name: CANARY if (service, name) == ("cfsync", "p") else None
    )
    assert source(FromKeyring("p")).read() == CANARY
    error = failure(FromKeyring("q"))
    assert error.next_step == "keyring set cfsync q"


def test_a_keyring_that_fails_or_is_not_installed_is_told(monkeypatch):
    def broken(service, name):
        raise RuntimeError(CANARY)

    keyring_with(monkeypatch, broken)
    error = failure(FromKeyring("p"))
    assert error.why == "the keyring failed: RuntimeError"
    monkeypatch.setitem(sys.modules, "keyring", None)
    assert failure(FromKeyring("p")).next_step == "pip install 'cfsync[keyring]'"
