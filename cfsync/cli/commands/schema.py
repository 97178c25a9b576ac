from typing import Literal

import click

from cfsync.cli.options import Shared, command
from cfsync.workflow.schema import schema


@command("schema")
@click.argument("which", type=click.Choice(["config", "plan"]))
def run(shared: Shared, which: Literal["config", "plan"]) -> int:
    """Print the JSON Schema of the configuration's files, or of a plan."""
    shared.screen.text(schema(which))
    return 0
