from typing import Any

from cfsync.cli.choices import (
    allow_deletes,
    confirm,
    consent,
    exclude,
    on_error,
    parallel,
    settings,
    several,
    target,
    wishes,
)
from cfsync.cli.options import Shared, command
from cfsync.cli.results import show_outcome
from cfsync.workflow.destroy import destroy
from cfsync.workflow.wishes import OnError


@command(
    "destroy",
    examples=("cfsync destroy -e staging --allow-deletes 42",),
)
@several(target, exclude, allow_deletes, confirm, on_error, parallel)
def run(shared: Shared, confirm: str | None, on_error: OnError, **given: Any) -> int:
    """Delete what this configuration owns, and nothing that others added."""
    place, person = settings(shared)
    wanted = wishes(given)
    outcome = destroy(place, wanted, consent(shared, wanted, confirm), person, on_error=on_error)
    return show_outcome(person, outcome)
