from cfsync.cli.choices import settings
from cfsync.cli.options import Shared, command
from cfsync.report.validity import validity_sheet, validity_to_json
from cfsync.workflow.validate import validate


@command("validate")
def run(shared: Shared) -> int:
    """Check everything that can be checked offline: no key, no network."""
    place, person = settings(shared)
    valid = validate(place)
    if shared.json:
        person.screen.document(validity_to_json(valid))
    else:
        person.screen.result(validity_sheet(valid))
    return 0
