import json
import sys

import click
import pytest

from cfsync.cli import errors
from cfsync.cli.crash import write_crash
from cfsync.errors import NeedsDecision
from cfsync.workflow import secrets


@pytest.fixture
def failing(monkeypatch):
    def use(error):
        def run(_arguments):
            raise error

        monkeypatch.setattr(errors, "_run", run)

    return use


def test_an_error_is_a_message_a_way_on_and_its_exit_code(failing, capsys):
    failing(NeedsDecision("nothing was applied", next_step="cfsync apply --yes"))
    assert errors.guarded([]) == 6
    out, err = capsys.readouterr()
    assert out == ""
    assert err == "Error: nothing was applied\n  next   cfsync apply --yes\n"


def test_under_json_an_error_is_the_one_document_on_stdout(failing, capsys):
    failing(NeedsDecision("nothing was applied"))
    assert errors.guarded(["plan", "--json"]) == 6
    out, err = capsys.readouterr()
    assert json.loads(out)["code"] == "needs-decision"
    assert err == ""


def test_json_can_be_asked_for_by_the_environment(failing, capsys, monkeypatch):
    monkeypatch.setenv("CFSYNC_JSON", "1")
    failing(NeedsDecision("x"))
    errors.guarded([])
    assert json.loads(capsys.readouterr().out)["exitCode"] == 6


def test_ctrl_c_is_130(failing, capsys):
    failing(KeyboardInterrupt())
    assert errors.guarded([]) == 130
    assert "interrupted" in capsys.readouterr().err


@pytest.mark.parametrize(
    "error", [ValueError("secret cf_key_123456"), MemoryError(), RecursionError()]
)
def test_a_mistake_of_ours_is_a_short_message_and_a_file(
    failing, capsys, tmp_path, monkeypatch, error
):
    monkeypatch.setattr(secrets, "_hidden", set())
    secrets.hide("cf_key_123456")
    failing(error)
    assert errors.guarded([]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert "Traceback" not in err
    [file] = (tmp_path / "state" / "cfsync").iterdir()
    assert str(file) in err
    story = file.read_text()
    assert type(error).__name__ in story
    assert "cf_key" not in story + err
    assert file.stat().st_mode & 0o077 == 0


def test_where_no_file_can_be_written_the_message_says_how_to_see_more(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    assert "--log-level debug" in write_crash(ValueError("x"))


def test_a_reader_that_went_away_ends_quietly(failing, capfd):
    failing(BrokenPipeError())
    assert errors.guarded([]) == 0
    assert capfd.readouterr().err == ""


def test_clicks_own_abort_is_an_interruption(monkeypatch, capsys):
    def abort(*_arguments, **_more):
        raise click.Abort

    monkeypatch.setattr("cfsync.cli.main.cfsync.main", abort)
    assert errors.guarded([]) == 130
    assert capsys.readouterr().out == ""


def test_the_installed_command_exits_with_the_code(monkeypatch, capsys):
    from cfsync.__main__ import main

    monkeypatch.setattr(sys, "argv", ["cfsync", "nonsense"])
    with pytest.raises(SystemExit) as caught:
        main()
    assert caught.value.code == 64
    assert "There is no command 'nonsense'" in capsys.readouterr().err
