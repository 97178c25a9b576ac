import click

from cfsync.cli.choices import settings
from cfsync.cli.options import Shared, command
from cfsync.report.copied import copied_sheet, copied_to_json
from cfsync.workflow.copy_journal import copy_journal


@click.group("journal")
def run() -> None:
    """Move the journal: what was applied, by whom, and what was last settled."""


@command(
    "copy",
    examples=(
        "cfsync journal copy .cfsync/journal.db env:TEAM_JOURNAL",
        "cfsync journal copy env:CFSYNC_JOURNAL journal.db",
        "cfsync journal copy .cfsync/journal.db postgresql://db.acme.example/cfsync",
    ),
)
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
def copy(shared: Shared, source: str, target: str) -> int:
    """Copy a journal from a file to PostgreSQL, or back. All of it or nothing.

    FROM and TO: a path, a postgresql:// URL without a password, or env:NAME for a variable that
    holds either (arguments can be read by everybody on a machine).
    """
    place, person = settings(shared)
    done = copy_journal(place, source, target)
    if shared.json:
        person.screen.document(
            copied_to_json(done.keys, done.source, done.target, next_step=done.next_step)
        )
    else:
        person.screen.result(
            copied_sheet(done.keys, done.source, done.target, next_step=done.next_step)
        )
    return 0


run.add_command(copy)
