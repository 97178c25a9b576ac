"""Options that several commands share, and how they become settings and wishes."""

import os
from collections.abc import Callable
from typing import Any, Final

import click

from cfsync.cli.options import Shared
from cfsync.cli.person import AtTerminal
from cfsync.cli.progress import Progress
from cfsync.workflow.settings import Settings
from cfsync.workflow.wishes import Consent, Order, PlanWishes


def settings(shared: Shared) -> tuple[Settings, AtTerminal]:
    """Where a story takes place, and who can be asked."""
    screen = shared.screen
    progress = Progress(screen)
    place = Settings(shared.chdir, shared.env, os.environ, progress)
    return place, AtTerminal(screen, progress)


def several(*options: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def decorate(function: Any) -> Any:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


allow_deletes: Final = click.option(
    "--allow-deletes",
    metavar="N",
    type=click.IntRange(min=0),
    help="Consent to exactly N deletions, as the plan counts them.",
)
confirm: Final = click.option(
    "--confirm",
    metavar="NAME",
    envvar="CFSYNC_CONFIRM",
    help="Name the environment, where it has 'confirm: true' and nobody can be asked.",
)
on_conflict: Final = click.option(
    "--on-conflict",
    metavar="SIDE",
    type=click.Choice(["fail", "keep-live", "take-config"]),
    default="fail",
    help="Decide every conflict: keep-live for the site, take-config for the files; or fail "
    "(the default).",
)
on_error: Final = click.option(
    "--on-error",
    metavar="HOW",
    type=click.Choice(["undo", "stop"]),
    default="undo",
    help="undo (the default): take everything back. stop: wait, and block later applies, until "
    "'cfsync recover'.",
)
parallel: Final = click.option(
    "--parallel", metavar="N", type=click.IntRange(min=1, max=256), help="Requests at once."
)
target: Final = click.option(
    "--target",
    metavar="ADDR",
    multiple=True,
    help="Only this resource and what is below it, such as 'site:index#hero'; * is any name, "
    "** any depth. May be repeated.",
)
exclude: Final = click.option(
    "--exclude", metavar="ADDR", multiple=True, help="All but this resource and what is below it."
)
planning: Final = several(target, exclude, allow_deletes, on_conflict)


def wishes(given: dict[str, Any]) -> PlanWishes:
    """Takes the options of `planning` out of what click gave."""
    return PlanWishes(
        target=given.pop("target", ()),
        exclude=given.pop("exclude", ()),
        allow_deletes=given.pop("allow_deletes", None),
        on_conflict=given.pop("on_conflict", "fail"),
        parallel=given.pop("parallel", None),
    )


def order(shared: Shared, given: dict[str, Any]) -> Order:
    """The same for a command that may write."""
    wanted = wishes(given)
    return Order(
        wishes=wanted,
        consent=Consent(
            yes=shared.yes,
            allow_deletes=wanted.allow_deletes,
            confirmed=given.pop("confirm", None),
            typed=click.get_current_context().obj,
        ),
        on_error=given.pop("on_error", "undo"),
    )
