"""The one place where errors meet the user: a message, a way on, and the right exit code."""

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from cfsync.errors import CfsyncError, Interrupted, PartWay, UsageError

if TYPE_CHECKING:
    from click import ClickException

_TRUE: Final = ("1", "true", "yes", "on", "t", "y")


class _Internal(CfsyncError):
    """A mistake of cfsync itself."""

    code = "internal"


def guarded(arguments: Sequence[str]) -> int:
    """Run the command line and answer its exit code. Raises nothing."""
    try:
        return _run(arguments)
    except CfsyncError as error:
        return _show(_with_story(error), arguments)
    except KeyboardInterrupt:
        return _show(Interrupted("interrupted", why="nothing was changed"), arguments)
    except BrokenPipeError:
        _close_stdout()
        return 0
    except Exception as error:  # noqa: BLE001 - nobody above could do anything with it
        return _show(_internal(error), arguments)


def _run(arguments: Sequence[str]) -> int:
    import click  # noqa: PLC0415 - inside the net

    from cfsync.cli.main import cfsync  # noqa: PLC0415 - inside the net

    try:
        code = cfsync.main(
            list(arguments), prog_name="cfsync", standalone_mode=False, obj=tuple(arguments)
        )
    except click.Abort as error:
        raise KeyboardInterrupt from error
    except click.ClickException as error:
        raise _usage(error) from error
    sys.stdout.flush()
    return int(code or 0)


def _usage(error: "ClickException") -> UsageError:
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "cfsync"
    return UsageError(error.format_message().rstrip("."), next_step=f"{path} --help")


def _with_story(error: CfsyncError) -> CfsyncError:
    """A run that our own mistake has cut short is worth a report, too."""
    if isinstance(error, PartWay) and isinstance(error.__cause__, Exception):
        from cfsync.cli.crash import write_crash  # noqa: PLC0415 - rarely needed

        error.why += f"; {write_crash(error.__cause__)}"
    return error


def _internal(error: Exception) -> CfsyncError:
    from cfsync.cli.crash import write_crash  # noqa: PLC0415 - rarely needed

    return _Internal(
        f"cfsync made a mistake: {type(error).__name__}",
        why="this is not your fault, and not the server's",
        next_step=write_crash(error),
    )


def _show(error: CfsyncError, arguments: Sequence[str]) -> int:
    from cfsync.cli.screen import screen  # noqa: PLC0415 - inside the net
    from cfsync.report.problems import error_sheet, error_to_json  # noqa: PLC0415 - likewise

    wants_json = "--json" in arguments or os.environ.get("CFSYNC_JSON", "").lower() in _TRUE
    here = screen(os.environ, json=wants_json, no_color="--no-color" in arguments)
    if wants_json:
        here.document(error_to_json(error))
    else:
        here.failure(error_sheet(error))
    return error.exit_code


def _close_stdout() -> None:
    """Point stdout nowhere, so that the interpreter's own flush at the end finds nobody missing."""
    with open(os.devnull, "wb") as nowhere:  # noqa: PTH123 - a descriptor is what is wanted
        os.dup2(nowhere.fileno(), sys.stdout.fileno())
