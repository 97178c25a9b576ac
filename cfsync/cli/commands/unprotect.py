import click

from cfsync.cli.choices import settings
from cfsync.cli.options import Shared, command
from cfsync.report.jsonvalue import FORMAT_VERSION
from cfsync.workflow.unprotect import unprotect


@command("unprotect")
@click.argument("address", metavar="ADDR")
def run(shared: Shared, address: str) -> int:
    """Lift a protection that the journal remembers; the next plan may then delete the resource."""
    place, person = settings(shared)
    lifted = unprotect(place, address)
    if shared.json:
        person.screen.document({"formatVersion": FORMAT_VERSION, "code": "ok", "lifted": lifted})
    else:
        person.screen.text("".join(f"{name}\n" for name in lifted))
    return 0
