"""What is written down about a mistake of cfsync itself, for the bug report."""

import os
import platform
import sys
import tempfile
import traceback
from pathlib import Path

from cfsync import __version__
from cfsync.workflow.secrets import scrubbed


def write_crash(error: BaseException) -> str:
    """Write the traceback, without locals and tokens, to a file of its own; say where."""
    story = "".join(traceback.format_exception(error))
    head = f"cfsync {__version__}, Python {platform.python_version()}, {sys.platform}\n\n"
    try:
        folder = _state_folder()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, path = tempfile.mkstemp(prefix="error-", suffix=".log", dir=folder)
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(scrubbed(head + story))
    except OSError as problem:
        return f"run it again with --log-level debug (no log file could be written: {problem})"
    return f"please report it, with {path}"


def _state_folder() -> Path:
    chosen = os.environ.get("XDG_STATE_HOME")
    return (Path(chosen) if chosen else Path.home() / ".local" / "state") / "cfsync"
