"""`launcher.py CFSYNC-ARGUMENTS…`: runs cfsync, and sends its own process a signal at a point.

Points are counted in the order in which they are passed: before and after each transaction of the
journal, before each write leaves and after its answer came. Nothing of this is in the package.

FAULT_POINTS=3,7   where (from 1)
FAULT_SIGNAL=KILL  what: KILL, INT, TERM
FAULT_COUNT=FILE   where to write the names of all points that were passed, at the end
FAULT_FSIZE=BYTES  no file may grow beyond this
"""

import atexit
import functools
import os
import resource
import signal
import sys
from pathlib import Path

POINTS = {int(each) for each in os.environ.get("FAULT_POINTS", "").split(",") if each}
SIGNAL = signal.Signals[f"SIG{os.environ.get('FAULT_SIGNAL', 'KILL')}"]
passed: list[str] = []


def point(name: str) -> None:
    passed.append(name)
    if len(passed) in POINTS:
        os.kill(os.getpid(), SIGNAL)


def watch_journal() -> None:
    from cfsync.journal.sql_store import SqlStore

    commit = SqlStore.commit

    @functools.wraps(commit)
    def watched(self, lease, entries, *, until):
        kinds = "+".join(record.kind for entry in entries for record in entry.records)
        point(f"before {kinds or 'renewal'}")
        commit(self, lease, entries, until=until)
        point(f"after {kinds or 'renewal'}")

    SqlStore.commit = watched


def watch_network() -> None:
    from cfsync.remote.network import NetworkTransport

    send = NetworkTransport.send

    @functools.wraps(send)
    async def watched(self, request):
        if request.method == "GET":
            return await send(self, request)
        point(f"before {request.method}")
        response = await send(self, request)
        point(f"after {request.method}")
        return response

    NetworkTransport.send = watched


def main() -> None:
    if size := os.environ.get("FAULT_FSIZE"):
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(size), int(size)))
    if file := os.environ.get("FAULT_COUNT"):
        atexit.register(lambda: Path(file).write_text("\n".join(passed), encoding="utf-8"))
    watch_journal()
    watch_network()
    from cfsync.cli.errors import guarded

    sys.exit(guarded(sys.argv[1:]))


if __name__ == "__main__":
    main()
