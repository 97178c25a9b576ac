import json
import os
import subprocess
import sys

import click
import pytest

from cfsync import __version__
from cfsync.cli.errors import guarded
from cfsync.cli.main import COMMANDS, cfsync
from cfsync.cli.options import Shared, command

LAZY = ("asyncio", "httpx", "yaml", "deepdiff", "jsonschema", "sqlite3", "msgspec", "logging")
LAZY += ("importlib.metadata", "aiohttp", "uvicorn", "lxml", "cfsync.workflow.wiring")


def test_the_help_names_every_command(capsys):
    assert guarded(["--help"]) == 0
    out = capsys.readouterr().out
    for name, text in COMMANDS.items():
        assert f"  {name} " in out
        assert text.split()[0] in out


def test_no_command_at_all_shows_the_help(capsys):
    assert guarded([]) == 0
    assert "Every day:" in capsys.readouterr().out


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_a_help_of_whole_sentences(name, capsys):
    assert guarded([name, "--help"]) == 0
    out = capsys.readouterr().out
    assert out.startswith(f"Usage: cfsync {name}")
    made = cfsync.get_command(click.Context(cfsync), name)
    assert made.name == name
    assert made.help.partition("\n\n")[0].endswith(".")


@pytest.mark.parametrize("arguments", [["--version"], ["plan", "--version"]])
def test_the_version_is_told_before_and_after_a_command(arguments, capsys):
    assert guarded(arguments) == 0
    assert capsys.readouterr().out == f"cfsync {__version__}\n"


def test_help_imports_nothing_heavy():
    code = (
        "import sys; from cfsync.cli.errors import guarded; guarded(['--help']);"
        f"print([m for m in {LAZY!r} if m in sys.modules], file=sys.stderr)"
    )
    environ = {k: v for k, v in os.environ.items() if not k.startswith("COVERAGE_")}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environ
    )
    assert done.stderr == "[]\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["plam"], "There is no command 'plam'. Did you mean 'plan'?"),
        (["xyzzy"], "There is no command 'xyzzy'. See 'cfsync --help'"),
        (["--nonsense"], "No such option"),
        (["plan", "--nonsense"], "No such option"),
        (["plan", "--allow-deletes", "-1"], "Invalid value for '--allow-deletes'"),
        (["plan", "--on-conflict", "guess"], "'guess' is not one of"),
        (["apply", "a", "b"], "unexpected extra argument"),
        (["undo"], "Missing argument"),
        (["--env"], "requires an argument"),
    ],
)
def test_wrong_usage_is_64_and_never_2(arguments, said, capsys):
    assert guarded(arguments) == 64
    err = capsys.readouterr().err
    assert said in err
    assert "--help" in err


def test_wrong_usage_under_json_is_a_document(capsys):
    assert guarded(["plan", "--nonsense", "--json"]) == 64
    form = json.loads(capsys.readouterr().out)
    assert form["code"] == "usage"
    assert form["nextStep"] == "cfsync plan --help"


@pytest.fixture
def probe(monkeypatch):
    """A command that shows its shared options."""
    seen = []

    @command("plan")
    def run(shared: Shared) -> int:
        seen.append(shared)
        return 2

    monkeypatch.setattr("cfsync.cli.commands.plan.run", run)
    return seen


@pytest.mark.parametrize(
    "arguments", [["-e", "staging", "--yes", "plan"], ["plan", "--yes", "--env", "staging"]]
)
def test_shared_options_stand_before_or_after_the_name(probe, arguments):
    assert guarded(arguments) == 2
    assert (probe[0].env, probe[0].yes, probe[0].json) == ("staging", True, False)


def test_what_stands_after_the_name_wins(probe):
    guarded(["-e", "one", "plan", "-e", "two"])
    assert probe[0].env == "two"


def test_variables_set_the_shared_options(probe, monkeypatch):
    monkeypatch.setenv("CFSYNC_ENV", "staging")
    monkeypatch.setenv("CFSYNC_YES", "1")
    monkeypatch.setenv("CFSYNC_NO_COLOR", "true")
    monkeypatch.setenv("CFSYNC_LOG_LEVEL", "error")
    guarded(["plan"])
    guarded(["plan", "-e", "local"])
    assert (probe[0].env, probe[0].yes, probe[0].no_color) == ("staging", True, True)
    assert probe[0].log_level == "error"
    assert probe[1].env == "local"


def test_a_variable_that_makes_no_sense_is_wrong_usage(probe, monkeypatch, capsys):
    monkeypatch.setenv("CFSYNC_YES", "perhaps")
    assert guarded(["plan"]) == 64
    assert "perhaps" in capsys.readouterr().err
