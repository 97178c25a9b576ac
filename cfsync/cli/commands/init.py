from pathlib import Path

import click

from cfsync.cli.options import Shared, command
from cfsync.report.jsonvalue import FORMAT_VERSION
from cfsync.report.sheet import Span
from cfsync.workflow.initialise import initialise


@command("init")
@click.argument("directory", metavar="[DIR]", default=".", type=click.Path(path_type=Path))
def run(shared: Shared, directory: Path) -> int:
    """Write a starter configuration, ready to apply to 'local'."""
    written = initialise(shared.chdir / directory)
    names = [str(path) for path in written]
    screen = shared.screen
    if shared.json:
        screen.document({"formatVersion": FORMAT_VERSION, "code": "ok", "written": names})
        return 0
    for name in names:
        screen.text(f"{name}\n")
    folder = "" if directory == Path() else f" -C {directory}"
    screen.status(Span("next   ", "dim"), f"cfsync{folder} apply")
    return 0
