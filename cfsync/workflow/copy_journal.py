"""`cfsync journal copy`: everything that a journal holds, from a file to a database or back."""

from collections.abc import Mapping
from dataclasses import dataclass
from shlex import quote
from typing import Final

from cfsync.errors import UsageError
from cfsync.journal.locations import is_database, secrets_of, shown
from cfsync.model.lease import JournalKey
from cfsync.model.ports import Clock
from cfsync.workflow.clock import SystemClock
from cfsync.workflow.secrets import hide
from cfsync.workflow.settings import Settings

_VARIABLE: Final = "env:"


@dataclass(frozen=True, slots=True)
class Copied:
    source: str
    target: str
    """Both as they may be shown."""
    keys: tuple[JournalKey, ...]
    """Of the histories that were copied; empty: there were none."""
    next_step: str
    """A command that makes the copy the journal from now on."""


def copy_journal(
    settings: Settings, source: str, target: str, clock: Clock | None = None
) -> Copied:
    """`source` and `target`: a path, `postgresql://…` without a password, or `env:NAME`.

    The source stays as it is. Raises UsageError, CfsyncError, JournalUnreadable: then the target
    holds nothing of it.
    """
    from cfsync.journal.copying import copy_journal as copy  # noqa: PLC0415 - rarely

    here, there = _location(settings, source), _location(settings, target)
    keys = copy(here, there, now=(clock or SystemClock()).now())
    return Copied(shown(here), shown(there), keys, _use(target, there))


def _location(settings: Settings, text: str) -> str:
    if text.startswith(_VARIABLE):
        return _place(settings, _value(settings.environ, text.removeprefix(_VARIABLE)))
    if secrets_of(text):
        raise UsageError(  # never repeated: it is too late for the shell's history, not for a log
            "a password on the command line can be read by everybody on this machine",
            why="every user sees the arguments of every process; nothing was copied",
            next_step="export CFSYNC_TARGET='postgresql://…', then name it: env:CFSYNC_TARGET",
        )
    return _place(settings, text)


def _value(environ: Mapping[str, str], name: str) -> str:
    value = environ.get(name, "")
    if not value:
        raise UsageError(
            f"the variable {name or '?'} is not set",
            where=f"{_VARIABLE}{name}",
            next_step=f"export {name or 'NAME'}='postgresql://…'",
        )
    return value


def _place(settings: Settings, text: str) -> str:
    if is_database(text):
        for secret in secrets_of(text):
            hide(secret)
        return text
    if not text or "://" in text:
        raise UsageError(  # it may hold a password, so it is not shown
            "a journal is a path, a postgresql:// URL, or env:NAME of a variable that holds one",
            next_step="cfsync journal copy --help",
        )
    return str((settings.root / text).resolve())


def _use(target: str, location: str) -> str:
    if target.startswith(_VARIABLE):
        return f'export CFSYNC_JOURNAL="${target.removeprefix(_VARIABLE)}"'
    return f"export CFSYNC_JOURNAL={quote(location)}"
