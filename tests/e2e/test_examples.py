"""The examples are run as a reader would run them, so that they cannot rot."""

import json
from pathlib import Path

import pytest
from support.environments import add_environment
from support.examples import EXAMPLES, NAMES, copy_of_example

from cfsync.contract import load as contract
from cfsync.desired.loader import load

A_TEXT = {
    "quickstart": ("cfsync.yaml", "Bread at seven.", "Bread at half past six."),
    "agency-site": ("sites/about.yaml", "Plain before clever", "Plain before anything"),
}


@pytest.fixture(params=NAMES)
def example(request, tmp_path: Path) -> Path:
    return copy_of_example(request.param, tmp_path)


def test_there_are_a_small_example_and_a_believable_one() -> None:
    assert sorted(A_TEXT) == NAMES
    counts = load(
        EXAMPLES / "agency-site", environment=None, environ={}, contract=contract()
    ).counts
    assert counts["page"] >= 8
    assert counts["element"] >= 400


def plan_of(cfsync, example: Path) -> dict:
    return json.loads(cfsync("-C", example, "plan", "--json").stdout)


def test_an_example_applies_and_then_there_is_nothing_to_do(cfsync, example: Path) -> None:
    cfsync("-C", example, "validate")
    cfsync("-C", example, "apply", "--yes")

    again = cfsync("-C", example, "plan", "--detailed-exitcode")

    assert "No changes." in again.stdout
    assert plan_of(cfsync, example)["writes"] == []


def test_a_changed_text_is_one_request_with_one_field(cfsync, example: Path) -> None:
    cfsync("-C", example, "apply", "--yes")
    file, before, after = A_TEXT[example.name]
    text = (example / file).read_text(encoding="utf-8")
    assert text.count(before) == 1
    (example / file).write_text(text.replace(before, after), encoding="utf-8")

    (write,) = plan_of(cfsync, example)["writes"]

    assert (write["verb"], write["kind"]) == ("update", "element")
    (edit,) = write["edits"]
    assert (edit["path"], edit["before"], edit["after"]) == (["content"], before, after)
    cfsync("-C", example, "apply", "--yes")
    assert "No changes." in cfsync("-C", example, "plan").stdout


def test_over_http_planning_again_writes_nothing_and_an_edit_is_one_patch(
    cfsync, example: Path, served
) -> None:
    add_environment(example / "cfsync.yaml", "emulated", served)
    cfsync("-C", example, "-e", "emulated", "apply", "--yes")
    served.api.log.clear()

    cfsync("-C", example, "-e", "emulated", "plan", "--detailed-exitcode")
    assert served.api.log.writes == 0

    file, before, after = A_TEXT[example.name]
    text = (example / file).read_text(encoding="utf-8")
    (example / file).write_text(text.replace(before, after), encoding="utf-8")
    cfsync("-C", example, "-e", "emulated", "apply", "--yes")

    assert served.api.log.methods["PATCH"] == served.api.log.writes == 1


def test_what_init_writes_applies_as_it_is(cfsync, tmp_path: Path) -> None:
    cfsync("init", "site")
    site = tmp_path / "site"

    cfsync("-C", site, "validate")
    cfsync("-C", site, "apply", "--yes")

    assert "No changes." in cfsync("-C", site, "plan", "--detailed-exitcode").stdout
    assert "cfsync.yaml exists already" in cfsync("init", "site", code=64).stderr
