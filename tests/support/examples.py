"""Copies of the examples, for tests that change and apply them."""

import shutil
from pathlib import Path

EXAMPLES = Path(__file__).parents[2] / "examples"
NAMES = sorted(path.parent.name for path in EXAMPLES.glob("*/cfsync.yaml"))


def copy_of_example(name: str, into: Path) -> Path:
    return shutil.copytree(EXAMPLES / name, into / name, ignore=shutil.ignore_patterns(".cfsync"))
