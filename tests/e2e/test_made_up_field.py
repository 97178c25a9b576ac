"""A field that the API gains tomorrow: the contract file is edited, and everything follows."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from support.checkout import clean_environ, copy_of_checkout

MARK = "      properties: &page-fields\n"
FIELD = (
    "        mood: {type: string, enum: [calm, loud], default: calm,"
    " x-cfsync-source: assumed, title: Mood, description: How the page feels,"
    " examples: [loud]}\n"
)
CONFIG = """\
version: 1
name: acme
environments: {local: {url: "local:.cfsync/local.db"}}
default_environment: local
projects:
  - slug: acme
    name: Acme
    pages:
      - slug: index
        name: Home
        mood: loud
"""


@pytest.fixture
def cfsync(tmp_path):
    """The program from a copy of the checkout in which only the contract differs."""
    checkout = copy_of_checkout(tmp_path / "checkout")
    contract = checkout / "schemas/codefluss.openapi.yaml"
    text = contract.read_text(encoding="utf-8")
    assert text.count(MARK) == 1
    contract.write_text(text.replace(MARK, MARK + FIELD), encoding="utf-8")
    (tmp_path / "cfsync.yaml").write_text(CONFIG, encoding="utf-8")
    environ = clean_environ(tmp_path, PYTHONPATH=str(checkout))

    def run(*arguments: str, code: int = 0) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-m", "cfsync", *arguments],
            env=environ, cwd=tmp_path, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert done.returncode == code, done.stdout + done.stderr
        return done

    return run


def edit(folder: Path, old: str, new: str) -> None:
    text = (folder / "cfsync.yaml").read_text(encoding="utf-8")
    assert text.count(old) == 1
    (folder / "cfsync.yaml").write_text(text.replace(old, new), encoding="utf-8")


def test_a_field_that_the_contract_gains_is_in_the_schema_the_plan_and_the_site(cfsync, tmp_path):
    schema = json.loads(cfsync("schema", "config").stdout)
    assert schema["$defs"]["page"]["properties"]["mood"]["enum"] == ["calm", "loud"]

    planned = json.loads(cfsync("plan", "--json").stdout)
    (page,) = [write for write in planned["writes"] if write["kind"] == "page"]
    assert page["body"]["mood"] == "loud"

    cfsync("apply", "--yes")
    assert "No changes." in cfsync("plan", "--detailed-exitcode").stdout

    edit(tmp_path, "mood: loud", "mood: calm")
    assert 'mood  "loud" → "calm"' in cfsync("plan").stdout
    cfsync("apply", "--yes")
    assert "No changes." in cfsync("plan", "--detailed-exitcode").stdout


def test_taken_out_of_the_files_it_goes_back_to_the_contracts_default(cfsync, tmp_path):
    cfsync("apply", "--yes")
    edit(tmp_path, "        mood: loud\n", "")

    (write,) = json.loads(cfsync("plan", "--json").stdout)["writes"]
    (change,) = write["edits"]

    assert (change["path"], change["before"], change["after"]) == (["mood"], "loud", "calm")
    cfsync("apply", "--yes")
    assert "No changes." in cfsync("plan", "--detailed-exitcode").stdout


def test_a_value_that_the_contract_does_not_know_is_refused_with_its_place(cfsync, tmp_path):
    edit(tmp_path, "mood: loud", "mood: lout")

    refused = cfsync("validate", code=1).stderr

    assert "cfsync.yaml:11:15" in refused
    assert "loud" in refused
