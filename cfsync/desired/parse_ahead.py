"""`python -m cfsync.desired.parse_ahead ROOT`: parse the files named on stdin, and keep them.

Names end with NUL. A file with a problem is left to whoever can tell of it.
"""

import os
import sys
from contextlib import suppress
from pathlib import Path

from cfsync.collector import collector_paused
from cfsync.contract import load
from cfsync.desired.checked import Checker, content_digest
from cfsync.desired.files import Refused, Root


def main() -> None:
    root, checker = Root(Path(sys.argv[1])), Checker(load(), os.environ)
    with collector_paused():
        for name in map(os.fsdecode, sys.stdin.buffer.read().split(b"\0")):
            with suppress(Refused):
                raw = root.read(name)
                checker.file(name, raw, content_digest(raw), "file")


if __name__ == "__main__":
    main()
