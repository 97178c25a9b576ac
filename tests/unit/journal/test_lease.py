"""Who may write, for how long, and who may take over."""

import asyncio
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from cfsync.errors import JournalUnreadable, LockHeld, RunWaiting
from cfsync.journal import holder as holders
from cfsync.journal.filelock import FileLock, refuse_network
from cfsync.journal.hold import Hold
from cfsync.journal.opening import open_run, refuse_held, run_in, take_lease
from cfsync.journal.reading import OpenJournal
from cfsync.journal.sqlite import SqliteStore
from cfsync.model.lease import Lease
from cfsync.model.run import Record


@pytest.fixture
def lease(key, holder, clock):
    return Lease(key, 1, holder, clock.now(), clock.now() + 90)


@pytest.mark.parametrize("which", ["wall", "steady"])
def test_a_lease_is_over_as_soon_as_either_clock_says_so(which, lease, clock):
    hold = Hold(lease, clock, 90.0)
    assert hold.left() == 90.0

    setattr(clock, which, getattr(clock, which) + 80)

    assert hold.left() == 10.0


def test_a_lease_is_extended_by_what_succeeds_only(lease, clock):
    hold = Hold(lease, clock, 90.0)
    clock.pass_(30)
    with pytest.raises(OSError, match="disk"), hold.extended() as until:
        raise OSError("disk")
    assert hold.left() == 60.0

    with hold.extended() as until:
        pass

    assert until == clock.now() + 90
    assert hold.left() == 90.0


def test_a_lease_that_ran_out_is_never_extended_again(lease, clock):
    hold = Hold(lease, clock, 90.0)
    clock.pass_(91)

    with hold.extended() as until:
        pass

    assert until == lease.expires
    assert hold.left() == 0.0


def take(store, key, here, clock, settle=10.0):
    return take_lease(store, key, here, clock=clock, seconds=90.0, settle=settle)


def test_a_holder_that_is_provably_gone_is_followed_at_once(store, key, dead, holder, clock):
    take(store, key, dead, clock)

    assert take(store, key, holder, clock).lease.epoch == 2


def test_a_living_holder_is_named_with_its_machine_and_since_when(store, key, holder, clock):
    take(store, key, holder, clock)

    with pytest.raises(LockHeld) as caught:
        take(store, key, replace(holder, nonce="other"), clock)

    assert str(holder.pid) in caught.value.message
    assert holder.machine in caught.value.message
    assert "2027-01-15T08:00:00.000Z" in caught.value.message
    assert caught.value.exit_code == 5


def test_a_holder_elsewhere_is_followed_only_after_its_lease_and_settle(store, key, holder, clock):
    take(store, key, replace(holder, machine="elsewhere"), clock)
    clock.pass_(100)
    with pytest.raises(LockHeld):
        take(store, key, holder, clock)
    clock.pass_(1)

    assert take(store, key, holder, clock).lease.epoch == 2


def test_this_process_is_known_by_more_than_its_number():
    here = holders.this_process(Random(1))

    assert here.pid == os.getpid()
    assert not holders.is_gone(here, here)
    assert holders.is_gone(replace(here, started="1"), here)
    assert holders.this_process(Random(2)).nonce != here.nonce


def test_after_a_restart_of_the_machine_its_processes_are_gone():
    here = holders.this_process(Random(1))

    assert holders.is_gone(replace(here, boot="other start"), here)


@pytest.mark.parametrize("change", [{"machine": "x"}, {"boot": ""}, {"boot": "same other"}])
def test_a_process_of_another_machine_or_container_is_not_known_to_be_gone(change):
    here = replace(holders.this_process(Random(1)), boot="same mine")

    assert not holders.is_gone(replace(here, pid=99_999_999, **change), here)


def test_a_killed_process_that_nobody_has_waited_for_is_gone():
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    assert holders.started(child.pid)
    child.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)

    assert holders.started(child.pid) is None
    child.wait()


def test_without_proc_the_system_is_asked(monkeypatch, tmp_path):
    monkeypatch.setattr(holders, "_PROC", tmp_path)
    monkeypatch.setattr(holders, "_asked", lambda command: f"asked {command[0]}")

    assert holders.started(os.getpid()) == "asked ps"
    assert holders.started(99_999_999) is None
    assert holders.this_process(Random(1)).boot == "asked sysctl"


def test_what_the_system_does_not_tell_is_unknown_not_gone(monkeypatch, tmp_path):
    monkeypatch.setattr(holders, "_PROC", tmp_path)
    here = replace(holders.this_process(Random(1)), boot="b")
    monkeypatch.setattr(holders, "_asked", lambda command: None)

    assert holders.started(os.getpid()) == ""
    assert not holders.is_gone(here, here)


def test_a_program_of_the_system_that_is_missing_answers_nothing():
    assert holders._asked(("/nowhere/ps",)) is None
    assert holders._asked((sys.executable, "-c", "print('yes')")) == "yes"


def test_a_process_of_somebody_else_exists(monkeypatch):
    def refuse(pid, signal):
        raise PermissionError

    monkeypatch.setattr(os, "kill", refuse)

    assert holders._exists(1)


def test_a_user_without_a_name_is_a_number(monkeypatch):
    def unknown():
        raise KeyError("no such user")

    monkeypatch.setattr(holders.getpass, "getuser", unknown)

    assert holders.this_process(Random(1)).user == str(os.getuid())


def test_a_file_lock_is_one_holders_and_freed_when_closed(location, key, holder):
    location.parent.mkdir()
    lock = FileLock.take(location, key, holder)

    assert FileLock.take(location, key, holder) is None
    other = FileLock.take(location, replace(key, environment="staging"), holder)
    lock.free()
    again = FileLock.take(location, key, holder)

    assert other is not None
    assert again is not None
    other.free()
    again.free()


def test_a_lock_that_cannot_be_made_is_told(location, key, holder):
    with pytest.raises(JournalUnreadable, match="No such file"):
        FileLock.take(location, key, holder)


@pytest.mark.parametrize("kind", ["nfs4", "cifs", "fuse.sshfs"])
def test_a_journal_on_a_network_file_system_is_refused(kind, tmp_path):
    mounts = tmp_path / "mounts"
    mounts.write_text(f"/dev/vda / ext4 rw 0 0\nserver:/x /net {kind} rw 0 0\n")

    with pytest.raises(JournalUnreadable, match=kind):
        refuse_network(Path("/net/site/journal.db"), mounts)
    refuse_network(Path("/home/site/journal.db"), mounts)
    refuse_network(Path("/net/x"), tmp_path / "none")


def opening(location, clock, **how):
    return open_run(
        str(location), "acme", "production", "api.example", clock=clock, random=Random(1), **how
    )


def test_a_second_run_is_refused_at_once(location, clock):
    with opening(location, clock), pytest.raises(LockHeld, match=str(os.getpid())):
        opening(location, clock)


def test_a_lock_without_a_lease_is_somebody_just_beginning(location, clock, key, holder):
    SqliteStore.open(location).close()
    lock = FileLock.take(location, key, holder)

    with pytest.raises(LockHeld, match=f"process {holder.pid} of"):
        opening(location, clock)
    [file] = location.parent.glob("*.lock")
    file.write_bytes(b"")
    with pytest.raises(LockHeld, match="a process, since"):
        opening(location, clock)
    lock.free()


def test_who_goes_on_is_in_the_way_before_anything_is_read(store, key, clock, holder):
    here = OpenJournal(store, key)
    refuse_held(here, clock=clock, random=Random(1))
    take(store, key, replace(holder, machine="elsewhere"), clock)

    with pytest.raises(LockHeld, match="on elsewhere"):
        refuse_held(here, clock=clock, random=Random(1))
    clock.pass_(101)
    refuse_held(here, clock=clock, random=Random(1))


def test_the_lease_is_free_again_once_the_run_is_closed(location, clock):
    for _ in range(2):
        with opening(location, clock) as journal:
            assert journal.lease_left() > 0


def test_a_lease_outlives_a_long_request(location, clock):
    with opening(location, clock, timeout=120.0) as journal:
        assert journal.lease_left() == 360.0


def test_a_holder_whose_lease_ran_out_has_none_left(store, key, clock):
    journal = run_in(store, key, clock=clock, random=Random(1))
    clock.pass_(90)

    assert journal.lease_left() == 0.0
    journal.close()


def test_a_failed_disk_does_not_hide_why_a_run_ended(location, clock, key, holder, monkeypatch):
    journal = opening(location, clock)

    def fail(lease):
        raise JournalUnreadable("disk")

    monkeypatch.setattr(journal._store, "release", fail)
    journal.close()

    lock = FileLock.take(location, key, holder)
    assert lock is not None
    lock.free()


def test_a_run_that_waits_is_in_the_way_of_a_new_one(store, a_run, key, clock):
    store.release(a_run)

    with pytest.raises(RunWaiting) as caught:
        run_in(store, key, clock=clock, random=Random(1))

    assert "r2" in caught.value.message
    assert "cfsync recover -e production" in caught.value.next_step
    assert store.lease(key).holder is None


def test_a_run_that_waits_in_a_file_frees_its_lock_again(location, clock, key):
    with opening(location, clock) as journal:
        asyncio.run(journal.append([Record("RUN_BEGIN")]))
    with pytest.raises(RunWaiting):
        opening(location, clock)

    with opening(location, clock, resume=True) as journal:
        assert journal.run
