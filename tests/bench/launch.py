"""`launch.py OUTPUT COMMAND…`: runs it, and prints what it took as JSON.

Small on purpose: the kernel keeps the high-water mark of the process that a new one replaces, so a
large launcher would be counted as memory of whatever it starts.
"""

import json
import os
import sys
import time

output, command = sys.argv[1], sys.argv[2:]
start = time.perf_counter()
pid = os.posix_spawnp(
    command[0],
    command,
    os.environ,
    file_actions=[
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644),
        (os.POSIX_SPAWN_DUP2, 1, 2),
    ],
)
_, status, used = os.wait4(pid, 0)
wall = time.perf_counter() - start
cpu = used.ru_utime + used.ru_stime
code = os.waitstatus_to_exitcode(status)
sys.stdout.write(
    json.dumps({"wall": wall, "cpu": cpu, "peak": used.ru_maxrss / 1024, "code": code})
)
