from typing import Literal

import click

from cfsync.cli.choices import settings
from cfsync.cli.options import Shared, command
from cfsync.cli.results import show_nothing_waits, show_run
from cfsync.workflow.recover import recover


@command(
    "recover",
    examples=(
        "cfsync recover",
        "cfsync recover --direction forward",
    ),
)
@click.option(
    "--direction",
    metavar="WAY",
    type=click.Choice(["undo", "forward"]),
    help="undo or forward: take the run back, or go on with it; without it, as the run was told.",
)
@click.option(
    "--skip", metavar="ADDR", multiple=True, help="Leave this resource as it is; may be repeated."
)
def run(shared: Shared, direction: Literal["undo", "forward"] | None, skip: tuple[str, ...]) -> int:
    """Finish a run that was cut short: look what became of it, then take it back or go on."""
    place, person = settings(shared)
    recovered = recover(place, direction=direction, skip=skip)
    return show_nothing_waits(person) if recovered is None else show_run(person, recovered)
