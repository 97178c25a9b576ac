import click

from cfsync.cli.choices import settings
from cfsync.cli.options import Shared, command
from cfsync.report.runs import history_sheet, history_to_json
from cfsync.workflow.history import history, prune


@command("history")
@click.option(
    "--prune",
    "prune_",
    is_flag=True,
    help="Empty the before-images of finished runs (they hold page content; 'undo' needs them).",
)
def run(shared: Shared, prune_: bool) -> int:
    """Show past runs, newest first."""
    place, person = settings(shared)
    if prune_:
        emptied = prune(place)
        person.screen.status(f"Emptied {emptied} runs; they can no longer be undone.")
    runs = history(place)
    if shared.json:
        person.screen.document(history_to_json(runs))
    else:
        person.screen.result(history_sheet(runs))
    return 0
