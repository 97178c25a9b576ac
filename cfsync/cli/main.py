"""The commands and what each does. A command's module is imported when it is used."""

import difflib
from importlib import import_module
from typing import Any, Final

import click

from cfsync.cli.options import declared

_SECTIONS: Final[dict[str, dict[str, str]]] = {
    "Every day": {
        "init": "Write a starter configuration, ready to apply to 'local'.",
        "validate": "Check everything that can be checked offline.",
        "plan": "Show what apply would do.",
        "apply": "Make the site what the files say, after asking.",
        "list": "Show what is live: owned, unmanaged, ignored, protected.",
    },
    "Looking back": {
        "history": "Show past runs.",
        "show": "Show a saved plan or a past run.",
        "undo": "Take a past run back.",
        "recover": "Finish or take back a run that was cut short.",
    },
    "Rarely": {
        "destroy": "Delete what this configuration owns, and nothing that others added.",
        "unprotect": "Lift a protection that the journal remembers.",
        "import": "Make a configuration from something else: a static site.",
        "journal": "Copy the journal from a file to a database, or back.",
    },
    "Around it": {
        "emulator": "Serve the local API over HTTP.",
        "schema": "Print a JSON Schema.",
    },
}
COMMANDS: Final = {name: text for section in _SECTIONS.values() for name, text in section.items()}


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        if cmd_name not in COMMANDS:
            return None
        name = {"import": "import_html"}.get(cmd_name, cmd_name)
        found: click.Command = import_module(f"cfsync.cli.commands.{name}").run
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            near = difflib.get_close_matches(name, COMMANDS, n=1)
            hint = f" Did you mean '{near[0]}'?" if near else " See 'cfsync --help'."
            raise click.UsageError(f"There is no command '{name}'.{hint}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        for title, commands in _SECTIONS.items():
            with formatter.section(title):
                formatter.write_dl(list(commands.items()))


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    no_args_is_help=False,
    invoke_without_command=True,
    epilog="Options may stand before or after the command's name; CFSYNC_ENV, CFSYNC_YES and so "
    "on set them, too. Start with: cfsync init",
)
@click.pass_context
def cfsync(ctx: click.Context, /, **_shared: Any) -> None:
    """Keep Codefluss sites in Git: designers and Git edit the same site, and nobody loses work."""
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())
        ctx.exit()


cfsync.params += declared(environ=True)
