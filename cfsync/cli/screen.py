"""Where a command writes: results to stdout, status to stderr."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TextIO

from cfsync.model.values import Fields
from cfsync.report.jsonvalue import dumps
from cfsync.report.sheet import Sheet, Span
from cfsync.workflow.secrets import scrubbed


@dataclass(frozen=True, slots=True)
class Screen:
    out: TextIO
    err: TextIO
    json: bool = False
    colour_out: bool = False
    colour_err: bool = False
    interactive: bool = False
    """Somebody is there who can be asked."""

    def result(self, sheet: Sheet) -> None:
        write(self.out, sheet.render(colour=self.colour_out))

    def text(self, text: str) -> None:
        """A result that a reporter has already rendered."""
        write(self.out, text)

    def document(self, document: Fields) -> None:
        """The one JSON document of a command under `--json`."""
        write(self.out, dumps(document))

    def failure(self, sheet: Sheet) -> None:
        write(self.err, sheet.render(colour=self.colour_err))

    def status(self, *parts: str | Span) -> None:
        sheet = Sheet()
        sheet.line(*parts)
        write(self.err, sheet.render(colour=self.colour_err))


def screen(environ: Mapping[str, str], *, json: bool, no_color: bool) -> Screen:
    """The screen of this process."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:  # a stream that a test put there has none
            reconfigure(errors="backslashreplace")
    plain = no_color or bool(environ.get("NO_COLOR")) or environ.get("TERM") == "dumb"
    return Screen(
        out=sys.stdout,
        err=sys.stderr,
        json=json,
        colour_out=not plain and not json and sys.stdout.isatty(),
        colour_err=not plain and sys.stderr.isatty(),
        interactive=not json and sys.stdin.isatty() and sys.stderr.isatty() and not _ci(environ),
    )


def _ci(environ: Mapping[str, str]) -> bool:
    return environ.get("CI", "").lower() not in ("", "0", "false", "no")


def write(stream: TextIO, text: str) -> None:
    """Write and flush, no token. A reader that went away is no error: what was done stays done."""
    try:
        stream.write(scrubbed(text))
        stream.flush()
    except BrokenPipeError:
        with open(os.devnull, "wb") as nowhere:  # noqa: PTH123 - a descriptor is what is wanted
            os.dup2(nowhere.fileno(), stream.fileno())
