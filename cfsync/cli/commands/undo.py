from typing import Any

import click

from cfsync.cli.choices import (
    allow_deletes,
    confirm,
    consent,
    on_conflict,
    on_error,
    parallel,
    settings,
    several,
    wishes,
)
from cfsync.cli.options import Shared, command
from cfsync.cli.results import show_outcome
from cfsync.workflow.undo_run import undo_run
from cfsync.workflow.wishes import OnError


@command(
    "undo",
    examples=(
        "cfsync history",
        "cfsync undo RUN",
    ),
)
@click.argument("run_id", metavar="RUN")
@several(allow_deletes, on_conflict, confirm, on_error, parallel)
def run(shared: Shared, run_id: str, confirm: str | None, on_error: OnError, **given: Any) -> int:
    """Put back what a past run changed, where nobody has changed it since."""
    place, person = settings(shared)
    wanted = wishes(given)
    outcome = undo_run(
        place, run_id, wanted, consent(shared, wanted, confirm), person, on_error=on_error
    )
    return show_outcome(person, outcome)
