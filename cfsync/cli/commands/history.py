import click

from cfsync import limits
from cfsync.cli.choices import settings
from cfsync.cli.options import Shared, command
from cfsync.report.problems import error_sheet, error_to_json
from cfsync.report.runs import history_sheet, history_to_json
from cfsync.report.words import counted
from cfsync.workflow.history import history, prune


@command("history")
@click.option(
    "--prune",
    "prune_",
    is_flag=True,
    help=f"Empty what older runs than the newest {limits.KEPT_RUNS} hold of pages; "
    "they can no longer be undone then.",
)
def run(shared: Shared, prune_: bool) -> int:
    """Show past runs, newest first."""
    place, person = settings(shared)
    if prune_:
        emptied = counted(prune(place), "line")
        kept = f"the newest {limits.KEPT_RUNS} runs are kept whole"
        person.screen.status(f"Emptied {emptied} of the journal; {kept}.")
    runs, damage = history(place)
    if shared.json:
        form = history_to_json(runs)
        person.screen.document(form if damage is None else form | error_to_json(damage))
    else:
        person.screen.result(history_sheet(runs))
        if damage is not None:
            person.screen.failure(error_sheet(damage))
    return 0 if damage is None else damage.exit_code
