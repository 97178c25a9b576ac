"""The read-write window, measured: a real process, its requests over HTTP, the server's clock."""

import pytest
from faults.processes import InFile, Machine
from faults.stage import CANARY
from faults.watching import Watch
from support.emulator import serving

from cfsync.emulator.faults.grammar import Fault


def elements(count: int, content: str) -> str:
    line = "          - {{name: e{number}, type: text, content: {content}}}\n"
    return "".join(line.format(number=number, content=content) for number in range(count))


@pytest.fixture
def machine(plain_environ, tmp_path, capfd):
    with serving(token=CANARY) as server:
        yield Machine(tmp_path, server, capfd, InFile(tmp_path / ".cfsync" / "journal.db"))


@pytest.mark.parametrize("latency", [0, 20])
def test_row_40_the_window_of_each_write_is_measured(latency, machine, full, figures):
    updated, deleted = (300, 100) if full else (30, 10)
    machine.write(elements(updated + deleted, "old"))
    assert machine.here("apply", "--yes") == 0
    machine.write(elements(updated, "new"))
    if latency:
        machine.server.api.faults[:] = [Fault.parse(f"latency={latency}ms")]
    watch = Watch.over(machine.server.api)

    assert machine.child("apply", "--yes", "--allow-deletes", str(deleted)) == 0

    windows = watch.windows()
    assert len(windows) == updated + deleted
    assert all(window > 0 for window in windows)
    figures.window(latency, windows)
