from pathlib import Path

import click

from cfsync.cli.options import Shared, command
from cfsync.report.imported import imported_sheet, imported_to_json
from cfsync.report.sheet import Span
from cfsync.workflow.import_html import import_html
from cfsync.workflow.settings import command_line


@click.group("import")
def run() -> None:
    """Make a configuration from something else."""


@command(
    "html",
    examples=("cfsync import html public/ --project my-website",),
)
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--project", required=True, metavar="SLUG", help="The project that it becomes.")
@click.option(
    "--into",
    metavar="DIR",
    type=click.Path(path_type=Path),
    default=Path(),
    help="Where the configuration goes (default: here).",
)
def html(shared: Shared, folder: Path, project: str, into: Path) -> int:
    """Make a configuration from a folder of HTML pages."""
    report = import_html(shared.within(folder), shared.within(into), project)
    if shared.json:
        shared.screen.document(imported_to_json(report))
        return 0
    shared.screen.result(imported_sheet(report))
    shared.screen.status(Span("next   ", "dim"), command_line(shared.within(into), "plan"))
    return 0


run.add_command(html)
