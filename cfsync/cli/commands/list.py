import click

from cfsync.cli.choices import settings
from cfsync.cli.options import Shared, command
from cfsync.report.listing import listing_sheet, listing_to_json
from cfsync.workflow.list import list_live


@command(
    "list",
    examples=(
        "cfsync list",
        "cfsync list 'my-website:index#hero'",
    ),
)
@click.argument("address", metavar="[ADDR]", required=False)
def run(shared: Shared, address: str | None) -> int:
    """Show what is live, with ids, and what cfsync makes of it."""
    place, person = settings(shared)
    listed = list_live(place, address)
    person.progress.clear()
    if shared.json:
        person.screen.document(listing_to_json(listed.rows, listed.environment, listed.host))
    else:
        person.screen.result(listing_sheet(listed.rows, address))
    return 0
