"""A configuration of N elements with the server that it is for, and the programs that run on it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from bench.configuration import TOKEN
from bench.process import Measured, measure
from bench.server import Counts, Server, served
from bench.venvs import BYHAND

_HERE: Final = Path(__file__).parent
_ENVIRON: Final = {TOKEN: "benchmark-key", "CI": "true"}
_CACHE: Final = "cache"
CFSYNC: Final = str(Path(sys.executable).with_name("cfsync"))


@dataclass(slots=True)
class Site:
    """`sites` holds the configuration; `changed` the same with one element in a hundred changed."""

    folder: Path
    server: Server
    counts: Counts = field(default_factory=lambda: Counts({}, 0, 0, 0.0))
    """Of the last program that ran."""

    @property
    def output(self) -> str:
        return (self.folder / "output.txt").read_text(encoding="utf-8", errors="replace")

    def cfsync(self, *words: str, cold: bool = False) -> Measured:
        """`cold`: its parse cache is empty, and filled by this run."""
        if cold:
            shutil.rmtree(self.folder / _CACHE, ignore_errors=True)
        return self._run([CFSYNC, "-C", str(self.folder), *words])

    def byhand(self, *words: str) -> Measured:
        return self._run([BYHAND.python, *self._script("byhand.py"), *words])

    def floor(self, *words: str) -> Measured:
        return self._run([sys.executable, *self._script("floor.py"), *words])

    def swap(self) -> None:
        """Change one element in a hundred, or change them back."""
        sites, changed, between = (self.folder / name for name in ("sites", "changed", "between"))
        sites.rename(between)
        changed.rename(sites)
        between.rename(changed)

    @contextmanager
    def swapped(self) -> Iterator[None]:
        self.swap()
        try:
            yield
        finally:
            self.swap()

    def _script(self, name: str) -> list[str]:
        return [str(_HERE / name), str(self.folder), self.server.url]

    def _run(self, command: Sequence[str]) -> Measured:
        self.server.counts()
        environ = {**_ENVIRON, "XDG_CACHE_HOME": str(self.folder / _CACHE)}
        measured = measure(command, self.folder / "output.txt", environ=environ)
        self.counts = self.server.counts()
        return measured


@contextmanager
def site(
    folder: Path,
    count: int,
    *,
    files: int | None = None,
    options: str = "",
    faults: Sequence[str] = (),
    in_memory: bool = False,
) -> Iterator[Site]:
    """New, with nothing applied. Made by processes of their own: their memory is not ours."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    db = None if in_memory else folder / "emulator.db"
    with served(db, faults) as server:
        for name, words in (("changed", ["--changed"]), ("sites", [])):
            command = [
                sys.executable, str(_HERE / "configuration.py"), str(folder), str(count),
                "--url", server.url, "--options", options, *words,
            ]  # fmt: skip
            if files is not None:
                command += ["--files", str(files)]
            subprocess.run(command, check=True, env=os.environ)
            if name == "changed":
                (folder / "sites").rename(folder / "changed")
        yield Site(folder, server)
