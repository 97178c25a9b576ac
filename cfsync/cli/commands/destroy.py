from typing import Any

from cfsync.cli.choices import (
    allow_deletes,
    confirm,
    exclude,
    on_conflict,
    on_error,
    order,
    parallel,
    settings,
    several,
    target,
)
from cfsync.cli.options import Shared, command
from cfsync.cli.results import show_outcome
from cfsync.workflow.destroy import destroy


@command(
    "destroy",
    examples=("cfsync destroy -e staging --allow-deletes 42",),
)
@several(target, exclude, allow_deletes, on_conflict, confirm, on_error, parallel)
def run(shared: Shared, **given: Any) -> int:
    """Delete what this configuration owns, and nothing that others added."""
    place, person = settings(shared)
    return show_outcome(person, destroy(place, order(shared, given), person))
