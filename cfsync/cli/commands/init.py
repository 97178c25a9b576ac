from pathlib import Path

import click

from cfsync.cli.options import Shared, command
from cfsync.report.jsonvalue import FORMAT_VERSION
from cfsync.report.sheet import Span
from cfsync.workflow.initialise import initialise
from cfsync.workflow.settings import command_line


@command("init")
@click.argument("directory", metavar="[DIR]", default=".", type=click.Path(path_type=Path))
def run(shared: Shared, directory: Path) -> int:
    """Write a starter configuration, ready to apply to 'local'."""
    written = initialise(shared.within(directory))
    names = [str(path) for path in written]
    screen = shared.screen
    if shared.json:
        screen.document({"formatVersion": FORMAT_VERSION, "code": "ok", "written": names})
        return 0
    for name in names:
        screen.text(f"{name}\n")
    screen.status(Span("next   ", "dim"), command_line(shared.within(directory), "apply"))
    return 0
