"""The options that stand before or after a command's name, or in `CFSYNC_*`."""

import functools
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

import click

from cfsync import __version__
from cfsync.cli.screen import Screen, screen
from cfsync.workflow.settings import command_line


@dataclass(frozen=True, slots=True)
class Shared:
    chdir: Path
    env: str | None
    yes: bool
    json: bool
    no_color: bool
    log_level: str
    log_format: str

    def within(self, path: Path) -> Path:
        """A path as it was typed: relative to the folder of `--chdir`."""
        return self.chdir / path

    def command(self, *words: str) -> str:
        """A command to type here."""
        return command_line(self.chdir, *words)

    @property
    def screen(self) -> Screen:
        return screen(os.environ, json=self.json, no_color=self.no_color)


_FALLBACK: Final[Mapping[str, Any]] = {
    "chdir": Path(),
    "env": None,
    "yes": False,
    "json": False,
    "no_color": False,
    "log_level": "warning",
    "log_format": "text",
}


def declared(*, environ: bool) -> list[click.Parameter]:
    """The options as click's; only those before the name read `CFSYNC_*`, or these would win."""
    levels = click.Choice(["debug", "info", "warning", "error"])

    def option(names: Sequence[str], text: str, **more: Any) -> click.Parameter:
        variable = "CFSYNC_" + names[-1].strip("-").replace("-", "_").upper()
        envvar = variable if environ else None
        return click.Option(names, help=text, default=None, envvar=envvar, **more)

    return [
        option(
            ["-C", "--chdir"],
            "Work in this folder.",
            metavar="DIR",
            type=click.Path(path_type=Path),
        ),
        option(["-e", "--env"], "The environment, instead of the default one.", metavar="NAME"),
        option(
            ["--yes"],
            "Consent to creates, updates and moves; never to deletions.",
            is_flag=True,
        ),
        option(["--json"], "Exactly one JSON document on stdout.", is_flag=True),
        option(["--no-color"], "No colours (so does NO_COLOR).", is_flag=True),
        option(["--log-level"], "debug, info, warning or error.", metavar="LEVEL", type=levels),
        option(
            ["--log-format"],
            "Of the log on stderr: text or json.",
            metavar="FORMAT",
            type=click.Choice(["text", "json"]),
        ),
        click.Option(
            ["--version"],
            is_flag=True,
            is_eager=True,
            expose_value=False,
            callback=_version,
            help="Print the version.",
        ),
    ]


def _version(ctx: click.Context, _param: click.Parameter, wanted: bool) -> None:
    if wanted:
        click.echo(f"cfsync {__version__}")
        ctx.exit()


class _Command(click.Command):
    """Shows its own options apart from those that every command has."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        shared = {name for option in declared(environ=False) for name in option.opts} | {"--help"}
        own: list[tuple[str, str]] = []
        everywhere: list[tuple[str, str]] = []
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx)
            if record is not None and isinstance(parameter, click.Option):
                (own if shared.isdisjoint(parameter.opts) else everywhere).append(record)
        for title, records in (("Options", own), ("Options of every command", everywhere)):
            if records:
                with formatter.section(title):
                    formatter.write_dl(records)


def command(
    name: str, *, examples: Sequence[str] = ()
) -> Callable[[Callable[..., int]], click.Command]:
    """Like `click.command`, with the shared options; the function gets them as `Shared`."""
    shown = "\n".join(["\b", "Examples:", *(f"  {example}" for example in examples)])

    def decorate(function: Callable[..., int]) -> click.Command:
        made: click.Command = click.command(name, cls=_Command, epilog=shown if examples else None)(
            _with_shared(function)
        )
        made.params += declared(environ=False)
        return made

    return decorate


def _with_shared(function: Callable[..., int]) -> Callable[..., int]:
    @functools.wraps(function)
    def run(**given: Any) -> int:
        before = click.get_current_context().find_root().params
        own = {field.name: given.pop(field.name, None) for field in fields(Shared)}
        options = Shared(
            **{name: _first(own[name], before.get(name), _FALLBACK[name]) for name in _FALLBACK}
        )
        from cfsync.cli.logs import start_logging  # noqa: PLC0415 - not for --help

        start_logging(options.log_level, options.log_format)
        return function(options, **given)

    return run


def _first(*values: Any) -> Any:
    return next((value for value in values if value is not None), None)
