"""diffsync: pages and elements as its models, both sides in memory already."""

from pathlib import Path

from bench.process import Measured, measure
from bench.venvs import DIFFSYNC, ROOT


def plan(folder: Path, count: int) -> Measured:
    # without -P this file would be imported instead of the package of the same name
    script = str(Path(__file__).with_name("diffsync_run.py"))
    return measure(
        [DIFFSYNC.python, "-P", script, str(count)],
        folder / "diffsync.txt",
        environ={"PYTHONPATH": str(ROOT / "tests")},
    )
