"""What README.md tells people to type, and what it says that they will see."""

import os
import re
import signal
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from support.checkout import ROOT

TEXT = (ROOT / "README.md").read_text(encoding="utf-8")

_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_CHANGING = (
    (re.compile(r"\b\d{8}-\d{6}-[0-9a-f]{4}\b"), "RUN"),
    (re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z"), "MOMENT"),
    (re.compile(r"\b(proj|page|elem)_[0-9a-f]+\b"), r"\1_ID"),
    (re.compile(r"\breq_[0-9a-f]+\b"), "req_ID"),
    (re.compile(r"(?<=127\.0\.0\.1:)\d+"), "PORT"),
    (re.compile(r"\b\d+(\.\d+)? ?(ms|s|min)\b"), "TIME"),
    (re.compile(r"(?<=  )[\w.-]+@[\w.-]+(?=  |$)"), "SOMEBODY"),
    (re.compile(r"(?<=\S) {2,}"), "  "),
)
ELIDED = {"…", "..."}
"""A line that stands for any number of them."""


@dataclass(frozen=True, slots=True)
class Step:
    command: str
    output: list[str]


def blocks(language: str, text: str = TEXT) -> list[str]:
    return [body for name, body in _BLOCK.findall(text) if name == language]


def between(name: str) -> str | None:
    """What stands between `<!-- NAME -->` and `<!-- /NAME -->`."""
    found = re.search(f"<!-- {name} -->(.*?)<!-- /{name} -->", TEXT, re.DOTALL)
    return None if found is None else found[1]


def steps(tour: str) -> Iterator[Step]:
    """Each `$ command`, with its continuation lines, and the output below it."""
    for block in blocks("console", tour):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            lines = part.rstrip("\n").split("\n")
            command = [lines.pop(0)]
            while command[-1].endswith("\\"):
                command.append(lines.pop(0))
            yield Step("\n".join(command), lines)


class Shell:
    """One bash, as a reader has it open: what a command set, left or started stays."""

    def __init__(self, folder: Path, environ: Mapping[str, str]) -> None:
        self._bash = subprocess.Popen(
            ["bash"], cwd=folder, env=environ, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip

    def run(self, command: str) -> list[str]:
        """What is seen until the prompt is there again."""
        assert self._bash.stdin is not None
        assert self._bash.stdout is not None
        self._bash.stdin.write(f"{{ {command}\n}} </dev/null; printf '\\0'\n".encode())
        self._bash.stdin.flush()
        said = bytearray()
        while (byte := self._bash.stdout.read(1)) not in (b"", b"\0"):
            said += byte
        return said.decode().splitlines()

    def close(self) -> None:
        """With everything that was started in it."""
        os.killpg(self._bash.pid, signal.SIGKILL)
        self._bash.communicate()


_PROGRESS = re.compile(r"[\d,]+ of [\d,]+  |\w+: [\d,]+$")
"""Of what takes longer than half a second, on a slow machine."""


def normal(lines: list[str]) -> list[str]:
    """Without what differs from run to run and from machine to machine, and empty lines."""
    return [_steady(line) for line in lines if line.strip() and not _PROGRESS.match(line)]


def _steady(line: str) -> str:
    for pattern, instead in _CHANGING:
        line = pattern.sub(instead, line)
    return line.rstrip()


def matches(shown: list[str], seen: list[str]) -> bool:
    """Whether both are alike, where `…` stands for any lines."""
    pattern = "".join(
        r"(.*\n)*" if line.strip() in ELIDED else re.escape(line) + "\n" for line in normal(shown)
    )
    return re.fullmatch(pattern, "".join(line + "\n" for line in normal(seen))) is not None
