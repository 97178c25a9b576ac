"""One apply at a time: who holds an environment, whether that process lives, who may follow."""

import os
import re
import signal
import sqlite3
import subprocess
import sys
import time

import pytest


@pytest.fixture
def slow(served, faults):
    """The served site; each answer takes as long as a run has to last to be seen."""
    faults("latency=250ms")
    return served


@pytest.fixture
def start(site):
    """Start the program in a process of its own; it does not outlive the test."""
    processes = []

    def start(*arguments, code=None):
        program = ["-c", code] if code else ["-m", "cfsync"]
        process = subprocess.Popen(
            [sys.executable, *program, "-C", str(site.path), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        processes.append(process)
        return process

    yield start
    for process in processes:
        process.kill()
        process.communicate()


APPLY = ("apply", "--yes", "--parallel", "1")


def wait_for_writes(api, number):
    deadline = time.monotonic() + 20
    while api.log.writes < number:
        assert time.monotonic() < deadline, api.log.writes
        time.sleep(0.005)


@pytest.mark.usefixtures("store")
def test_of_two_that_start_together_one_runs_and_the_other_is_refused(start, slow, cfsync):
    both = [start(*APPLY), start(*APPLY)]
    ended = {process.pid: (process.communicate(timeout=60), process.returncode) for process in both}
    (runs,) = (pid for pid, (_, code) in ended.items() if code == 0)
    ((_, said), code) = next(result for pid, result in ended.items() if pid != runs)
    assert code == 5
    assert f"process {runs} of" in said
    assert slow.log.writes == 6
    assert cfsync("plan", "--detailed-exitcode").code == 0


@pytest.mark.usefixtures("store")
def test_a_second_one_is_refused_at_once_naming_who_where_and_since_when(start, slow, cfsync):
    process = start(*APPLY)
    wait_for_writes(slow, 1)
    for command in (APPLY, ("recover",), ("unprotect", "my-website"), ("undo", "x", "--yes")):
        began = time.monotonic()
        refused = cfsync(*command, "--json")
        assert time.monotonic() - began < 1
        assert (refused.code, refused.json["code"]) == (5, "lock-held"), command
        told = refused.json["message"]
        assert f"process {process.pid} of" in told
        assert f"on {os.uname().nodename}, since " in told
        assert re.search(r"since 20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d", told)
    planned = cfsync("plan")
    assert planned.code == 0
    assert f"process {process.pid} of" in planned.err
    assert "recover" not in planned.err
    assert process.wait(timeout=60) == 0


def test_another_environment_is_not_locked(start, slow, site, cfsync):
    process = start(*APPLY)
    wait_for_writes(slow, 1)
    assert cfsync("apply", "--yes", "-e", "local").code == 0
    assert process.wait(timeout=60) == 0


def killed(start, api, cfsync):
    process = start(*APPLY)
    wait_for_writes(api, 3)
    process.kill()
    process.wait()
    return process.pid


@pytest.mark.usefixtures("store")
def test_a_dead_holder_is_known_at_once_and_its_run_waits(start, slow, faults, cfsync):
    killed(start, slow, cfsync)
    faults()
    for command in (APPLY, ("destroy", "--yes", "--allow-deletes", 3), ("undo", "x"), ("recover",)):
        answer = cfsync(*command)
        if command != ("recover",):
            assert answer.code == 5, answer.err
            assert "never ended" in answer.err
            assert "recover -e staging" in answer.err
    assert answer.code == 3, answer.err
    assert slow.state() == []
    assert cfsync(*APPLY).code == 0


def holder_of(site, change):
    """Rewrite who holds the lease, as if that had been another process."""
    from cfsync.journal import lease_rows

    db = sqlite3.connect(site.path / ".cfsync/journal.db", isolation_level=None)
    (row,) = lease_rows.load_all(db, "journal")
    row.holder = change(row.holder)
    lease_rows.save(db, row)
    db.close()


def test_a_number_that_another_process_has_by_now_is_not_mistaken(
    start, slow, faults, site, cfsync
):
    from dataclasses import replace

    killed(start, slow, cfsync)
    faults()
    holder_of(site, lambda holder: replace(holder, pid=os.getpid()))  # alive, but begun later
    assert cfsync("recover").code == 3


def test_a_holder_on_another_machine_is_believed_alive_within_its_lease(
    start, slow, faults, site, cfsync
):
    from dataclasses import replace

    killed(start, slow, cfsync)
    faults()
    holder_of(site, lambda holder: replace(holder, machine="elsewhere", boot="other"))
    refused = cfsync("recover")
    assert refused.code == 5
    assert "on elsewhere, since" in refused.err
    assert "its lease runs until" in refused.err


# A process that was paused, and wakes when its lease is over. The lease of this one is short:
# shipped ones last for a minute and a half.
PAUSED = """
import sys
from cfsync import limits
from cfsync.cli.errors import guarded
from cfsync.workflow import wiring
limits.LEASE_SECONDS = 8.0
sys.exit(guarded(sys.argv[1:]))
"""


@pytest.mark.slow
@pytest.mark.usefixtures("store")
def test_a_holder_that_was_paused_beyond_its_lease_sends_nothing_more(
    start, slow, faults, site, cfsync
):
    site.replace("CFSYNC_TOKEN_STAGING}", "CFSYNC_TOKEN_STAGING}, timeout: 1s")
    process = start(*APPLY, code=PAUSED)
    wait_for_writes(slow, 3)
    process.send_signal(signal.SIGSTOP)
    sent = slow.log.writes
    time.sleep(10)
    process.send_signal(signal.SIGCONT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 4, out + err
    assert "recover -e staging" in out
    assert slow.log.writes <= sent + 1  # one may have been on its way when it was paused
    faults()
    assert cfsync(*APPLY).code == 5
    assert cfsync("recover").code == 3
    assert slow.state() == []
