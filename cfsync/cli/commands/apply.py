from pathlib import Path
from typing import Any

import click

from cfsync.cli.choices import confirm, on_error, order, parallel, planning, settings
from cfsync.cli.options import Shared, command
from cfsync.cli.results import show_outcome
from cfsync.workflow.apply import apply


@command(
    "apply",
    examples=(
        "cfsync apply",
        "cfsync apply -e staging --yes",
        "cfsync apply -e production --yes --allow-deletes 3 --confirm production",
    ),
)
@click.argument("planfile", required=False, type=click.Path(path_type=Path))
@planning
@confirm
@on_error
@parallel
def run(shared: Shared, planfile: Path | None, **given: Any) -> int:
    """Make the site what the files say: plan, ask, apply; on an error take everything back.

    With PLANFILE: only if the changes are still exactly those that were saved.
    """
    place, person = settings(shared)
    file = None if planfile is None else shared.within(planfile)
    return show_outcome(person, apply(place, order(shared, given), person, saved=file))
