from typing import Any

import click

from cfsync.cli.choices import (
    allow_deletes,
    confirm,
    on_conflict,
    on_error,
    order,
    parallel,
    settings,
    several,
)
from cfsync.cli.options import Shared, command
from cfsync.cli.results import show_outcome
from cfsync.workflow.undo_run import undo_run


@command(
    "undo",
    examples=(
        "cfsync history",
        "cfsync undo RUN",
    ),
)
@click.argument("run_id", metavar="RUN")
@several(allow_deletes, on_conflict, confirm, on_error, parallel)
def run(shared: Shared, run_id: str, **given: Any) -> int:
    """Put back what a past run changed, where nobody has changed it since."""
    place, person = settings(shared)
    return show_outcome(person, undo_run(place, run_id, order(shared, given), person))
