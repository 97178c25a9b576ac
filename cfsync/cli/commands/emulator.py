from pathlib import Path

import click

from cfsync.cli.options import Shared, command
from cfsync.report.jsonvalue import FORMAT_VERSION
from cfsync.workflow.emulate import emulate, sayable_faults


@command(
    "emulator",
    examples=(
        "cfsync emulator",
        "cfsync emulator --port 0 --fault '503@3'",
    ),
)
@click.option("--host", metavar="IP", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(0, 65535), default=8787, show_default=True)
@click.option(
    "--db",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Where the sites are kept; without it they end with the server.",
)
@click.option(
    "--fault",
    "faults",
    metavar="FAULT",
    multiple=True,
    help="What goes wrong, and when; may be repeated. '--fault help' lists what can be said.",
)
def run(shared: Shared, host: str, port: int, db: Path | None, faults: tuple[str, ...]) -> int:
    """Serve the local API over HTTP until Ctrl-C; its URL is the first line on stdout."""
    screen = shared.screen
    if "help" in faults:
        screen.text(sayable_faults())
        return 0

    def announce(url: str) -> None:
        if shared.json:
            screen.document({"formatVersion": FORMAT_VERSION, "code": "ok", "url": url})
        else:
            screen.text(f"{url}\n")

    emulate(
        host=host,
        port=port,
        db=None if db is None else shared.within(db),
        faults=faults,
        announce=announce,
    )
    return 0
