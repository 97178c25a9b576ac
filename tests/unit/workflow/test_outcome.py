import pytest

from cfsync.model.run import Failure, RunResult
from cfsync.workflow.outcome import Applied, Ran, exit_code


@pytest.mark.parametrize(
    ("result", "code"),
    [
        (RunResult("r", "applied", 3), 0),
        (RunResult("r", "undone", 3, 3, intents=3), 3),
        (RunResult("r", "undone", 0, 0, intents=1), 3),
        (RunResult("r", "undone", 0, 0), 1),
        (RunResult("r", "undone", 2, 2, interrupted=True), 130),
        (RunResult("r", "stopped", 2, 1), 4),
        (RunResult("r", "stopped", 2, 1, interrupted=True), 4),
        (RunResult("r", "waiting", 2), 4),
        (RunResult("r", "waiting", 0), 4),
        (RunResult("r", "waiting", 0, failure=Failure("journal-unreadable", "disk full")), 5),
    ],
)
def test_the_exit_code_says_how_the_site_was_left(result, code):
    assert exit_code(result) == code
    assert Ran("local", result, "").exit_code == code


def test_nothing_to_do_is_a_success(plan):
    assert Applied(plan(writes=0), None).exit_code == 0
