from pathlib import Path

import click

from cfsync.cli.choices import settings
from cfsync.cli.options import Shared, command
from cfsync.workflow.emulate import emulate


@command("emulator")
@click.option("--port", type=click.IntRange(0, 65535), default=8787, show_default=True)
@click.option(
    "--db",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path(".cfsync/emulator.db"),
    show_default=True,
    help="Where the sites are kept.",
)
@click.option(
    "--fault",
    "faults",
    metavar="FAULT",
    multiple=True,
    help="What goes wrong, and when; may be repeated.",
)
def run(shared: Shared, port: int, db: Path, faults: tuple[str, ...]) -> int:
    """Serve the local API over HTTP on 127.0.0.1, until Ctrl-C."""
    place, person = settings(shared)
    emulate(place, port=port, db=shared.chdir / db, faults=faults, announce=person.announce)
    return 0
