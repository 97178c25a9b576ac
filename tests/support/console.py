"""The whole command line in this very process, for tests that run it hundreds of times."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cfsync.cli.errors import guarded


@dataclass(frozen=True, slots=True)
class Answer:
    code: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)


def console(folder: Path, capfd) -> Callable[..., Answer]:
    """Runs `cfsync -C FOLDER ARGUMENTS`, with nobody to ask; no traceback is ever shown."""

    def run(*arguments, code: int | None = None) -> Answer:
        capfd.readouterr()
        exit_code = guarded(["-C", str(folder), *map(str, arguments)])
        out, err = capfd.readouterr()
        assert "Traceback" not in out + err
        assert code in (None, exit_code), out + err
        return Answer(exit_code, out, err)

    return run
