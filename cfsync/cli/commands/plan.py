from pathlib import Path
from typing import Any

import click

from cfsync.cli.choices import planning, settings, wishes
from cfsync.cli.options import Shared, command
from cfsync.errors import NeedsDecision
from cfsync.report.formats import check, render
from cfsync.report.sheet import Span
from cfsync.workflow.plan import make_plan, plan_exit_code
from cfsync.workflow.saved import save, write_file


@command(
    "plan",
    examples=(
        "cfsync plan",
        "cfsync plan -e staging --target 'my-website:about/**'",
        "cfsync plan --out plan.json && cfsync apply plan.json",
    ),
)
@click.option(
    "--out",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Save the plan, for 'cfsync apply FILE'.",
)
@click.option("--format", "format_", metavar="FORMAT", help="text (the default) or json.")
@click.option(
    "--json-into",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the plan's JSON to this file as well.",
)
@click.option("--detailed-exitcode", is_flag=True, help="Exit 2 if apply would send something.")
@planning
def run(
    shared: Shared,
    out: Path | None,
    format_: str | None,
    json_into: Path | None,
    detailed_exitcode: bool,
    **given: Any,
) -> int:
    """Show what apply would do; write nothing, here or there."""
    place, person = settings(shared)
    screen = person.screen
    format_ = check(format_ or ("json" if shared.json else "text"))
    planned = make_plan(place, wishes(given))
    person.progress.clear()
    shown = render(planned.plan, format_, colour=screen.colour_out)
    code = plan_exit_code(planned.plan, detailed=detailed_exitcode)
    saved = out is not None and code != NeedsDecision.exit_code
    # files first: where one cannot be written, the error is the only document on stdout
    if json_into is not None:
        write_file(shared.within(json_into), render(planned.plan, "json"))
    if out is not None and saved:
        save(planned.plan, planned.wishes, planned.last_run, shared.within(out))
    screen.text(shown)
    if planned.cost:
        screen.status(Span(planned.cost, "dim"))
    if out is not None and not saved:
        screen.status(f"Nothing was saved in {out}: this plan cannot be applied as it is.")
    if out is not None and saved:
        screen.status(f"Saved. To apply exactly this: {shared.command('apply', str(out))}")
    return code
