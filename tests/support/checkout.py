"""cfsync somewhere else than here: a copy of the checkout, and an environment that knows no other.

The copies are not measured: their coverage would be that of another package.
"""

import os
import shutil
from pathlib import Path

ROOT = Path(__file__).parents[2]

_OURS = ("CFSYNC_", "CODEFLUSS_", "COV", "PYTEST_", "PYTHON", "VIRTUAL_ENV", "PIP_REQUIRE")
_NOT_COPIED = shutil.ignore_patterns(".*", "__pycache__", "*.egg-info", "dist", "build", "tests")


def copy_of_checkout(to: Path) -> Path:
    """What a clone holds, less the tests: nothing that was built, fetched or applied here."""
    return shutil.copytree(ROOT, to, symlinks=True, ignore=_NOT_COPIED)


def clean_environ(home: Path, **more: str) -> dict[str, str]:
    """Of this process what every program needs; a home of its own, nobody to ask, no colours."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(_OURS) and name not in {"CI", "HOME"} and not name.startswith("XDG_")
    }
    return inherited | {"HOME": str(home), "NO_COLOR": "1"} | more
