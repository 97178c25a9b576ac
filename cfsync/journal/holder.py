"""Who holds a lease, and whether that process is provably gone."""

import getpass
import os
import platform
import subprocess
from pathlib import Path
from random import Random

from cfsync.model.lease import Holder, Lease

_PROC = Path("/proc")
_GONE_STATES = ("Z", "X")
"""Killed, and only waiting for its parent to notice."""


def this_process(random: Random) -> Holder:
    pid = os.getpid()
    return Holder(
        pid=pid,
        started=started(pid) or "",
        boot=_boot(),
        machine=platform.node() or "localhost",
        user=_user(),
        nonce=f"{random.getrandbits(64):016x}",
    )


def is_gone(holder: Holder, here: Holder) -> bool:
    """Whether the holder ran on this machine and runs no more. False where that is not known."""
    if holder.machine != here.machine or not holder.boot or not here.boot:
        return False
    if holder.boot != here.boot:
        return holder.boot.split()[0] != here.boot.split()[0]  # restarted; else another container
    now = started(holder.pid)
    return now is None or ("" not in (now, holder.started) and now != holder.started)


def is_held(lease: Lease, here: Holder, now: float, settle: float) -> bool:
    """Whether its holder may still be at work, as far as can be told `here`."""
    over = lease.holder is None or is_gone(lease.holder, here)
    return not over and now <= lease.expires + settle


def started(pid: int) -> str | None:
    """When a process started, as the system tells it: None for none of this number, "" unknown."""
    try:
        text = (_PROC / str(pid) / "stat").read_text(errors="replace")
    except OSError:
        return (_asked(("ps", "-o", "lstart=", "-p", str(pid))) or "") if _exists(pid) else None
    state, *rest = text.rpartition(")")[2].split()
    return None if state in _GONE_STATES else rest[18]


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _boot() -> str:
    """The machine's start and the process namespace; the same pid elsewhere is another process."""
    try:
        start = (_PROC / "sys/kernel/random/boot_id").read_text().strip()
        return f"{start} {Path(_PROC / 'self/ns/pid').readlink()}"
    except OSError:
        return _asked(("sysctl", "-n", "kern.bootsessionuuid")) or ""


def _asked(command: tuple[str, ...]) -> str | None:
    try:
        answer = subprocess.run(  # noqa: S603 - fixed programs of the system, no shell  # nosec B603
            command, capture_output=True, text=True, check=False, timeout=5
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return answer.stdout.strip() or None


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container may run under a number without a name
        return str(os.getuid())
