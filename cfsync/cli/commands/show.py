from pathlib import Path

import click

from cfsync.cli.choices import settings
from cfsync.cli.options import Shared, command
from cfsync.report.formats import check, render
from cfsync.report.record import record_sheet, record_to_json
from cfsync.workflow.saved import SavedPlan
from cfsync.workflow.show import show


@command(
    "show",
    examples=(
        "cfsync show plan.json",
        "cfsync show RUN",
    ),
)
@click.argument("subject", metavar="FILE|RUN")
@click.option("--format", "format_", metavar="FORMAT", help="text (the default) or json.")
def run(shared: Shared, subject: str, format_: str | None) -> int:
    """Show a saved plan, or what a past run did."""
    place, person = settings(shared)
    screen = person.screen
    format_ = check(format_ or ("json" if shared.json else "text"))
    shown = show(place, subject, shared.within(Path(subject)))
    if isinstance(shown, SavedPlan):
        screen.text(render(shown.plan, format_, colour=screen.colour_out))
    elif format_ == "json":
        screen.document(record_to_json(shown))
    else:
        screen.result(record_sheet(shown))
    return 0
