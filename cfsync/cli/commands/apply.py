from pathlib import Path
from typing import Any

import click

from cfsync.cli.choices import confirm, consent, on_error, parallel, planning, settings, wishes
from cfsync.cli.options import Shared, command
from cfsync.cli.results import show_outcome
from cfsync.workflow.apply import apply
from cfsync.workflow.wishes import OnError


@command(
    "apply",
    examples=(
        "cfsync apply",
        "cfsync apply -e staging --yes",
        "cfsync apply -e production --yes --allow-deletes 3 --confirm production",
    ),
)
@click.argument(
    "planfile", required=False, type=click.Path(path_type=Path, exists=True, dir_okay=False)
)
@planning
@confirm
@on_error
@parallel
def run(
    shared: Shared, planfile: Path | None, confirm: str | None, on_error: OnError, **given: Any
) -> int:
    """Make the site what the files say: plan, ask, apply; on an error take everything back.

    With PLANFILE: only if the changes are still exactly those that were saved.
    """
    place, person = settings(shared)
    wanted = wishes(given)
    outcome = apply(
        place,
        wanted,
        consent(shared, wanted, confirm),
        person,
        on_error=on_error,
        saved=planfile,
    )
    return show_outcome(person, outcome)
