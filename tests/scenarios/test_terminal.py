"""A person at a terminal, and signals: real processes."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import pexpect
import pytest


@contextmanager
def typed(site, *arguments, **environ):
    """The program in a terminal of its own."""
    child = pexpect.spawn(
        sys.executable,
        ["-m", "cfsync", "-C", str(site.path), *arguments],
        env={**os.environ, "TERM": "xterm", **environ},
        encoding="utf-8",
        timeout=20,
        dimensions=(50, 120),
    )
    try:
        yield child
    finally:
        child.close(force=True)


def ended(child):
    child.expect(pexpect.EOF)
    child.close()
    return child.exitstatus


@pytest.mark.usefixtures("small")
def test_a_yes_applies_and_the_plan_has_colours(site):
    with typed(site, "apply") as child:
        child.expect_exact("\x1b[32m+ \x1b[0m")
        child.expect_exact("Apply this to local? [y/N]")
        child.sendline("y")
        child.expect_exact("Applied")
        assert ended(child) == 0


@pytest.mark.usefixtures("small")
def test_a_no_applies_nothing(site, cfsync):
    with typed(site, "apply", "--no-color") as child:
        child.expect_exact("Plan: 6 to create.")
        child.expect_exact("[y/N]")
        child.sendline("")
        assert ended(child) == 6
        assert "\x1b[3" not in child.before
    assert "Nothing there." in cfsync("list").out


@pytest.mark.usefixtures("small")
def test_ctrl_c_at_the_question_is_130_and_applies_nothing(site, cfsync):
    with typed(site, "apply") as child:
        child.expect_exact("[y/N]")
        child.sendintr()
        assert ended(child) == 130
    assert "Nothing there." in cfsync("list").out


@pytest.mark.usefixtures("small")
def test_deletions_want_the_environments_name(site, cfsync):
    cfsync("apply", "--yes")
    site.replace("      - slug: about\n        name: About\n", "")
    with typed(site, "apply", "--yes") as child:
        child.expect_exact("This deletes 1 resource. Type the environment's name, local, to apply:")
        child.sendline("y")
        assert ended(child) == 6
    with typed(site, "apply") as child:
        child.expect_exact("to apply:")
        child.sendline("local")
        child.expect_exact("1 deleted")
        assert ended(child) == 0


@pytest.mark.usefixtures("small")
def test_nobody_is_asked_where_ci_is_set_though_there_is_a_terminal(site):
    with typed(site, "apply", CI="true") as child:
        child.expect_exact("nobody to ask")
        assert ended(child) == 6


@pytest.mark.usefixtures("small")
def test_what_takes_long_shows_progress_on_one_line(site, cfsync, faults):
    cfsync("apply", "--yes")
    faults("latency=300ms")
    with typed(site, "plan") as child:
        child.expect_exact("\r\x1b[2KReading staging: ")
        child.expect_exact("No changes.")
        assert ended(child) == 0


@contextmanager
def started(site, *arguments):
    """The program in a pipeline."""
    process = subprocess.Popen(
        [sys.executable, "-m", "cfsync", "-C", str(site.path), *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def wait_for_writes(api, number):
    deadline = time.monotonic() + 20
    while api.log.methods["POST"] < number:
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_takes_everything_back(site, served, faults, number):
    faults("latency=100ms")
    with started(site, "apply", "--yes", "--parallel", "1") as process:
        wait_for_writes(served, 2)
        process.send_signal(number)
        out, err = process.communicate(timeout=30)
    assert process.returncode == 130, out + err
    assert "Interrupted" in err
    assert "Interrupted, and undone" in out
    assert "Traceback" not in err
    assert served.state() == []


def test_a_second_signal_stops_and_recover_goes_on(site, served, faults, cfsync):
    faults("latency=300ms")
    with started(site, "apply", "--yes", "--parallel", "1") as process:
        wait_for_writes(served, 2)
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGINT)
        time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert process.returncode == 4, out + err
    assert "recover -e staging" in out
    faults()
    assert cfsync("recover").code == 3
    assert served.state() == []


def test_a_killed_run_waits_for_recover(site, served, faults, cfsync):
    faults("latency=100ms")
    with started(site, "apply", "--yes", "--parallel", "1") as process:
        wait_for_writes(served, 3)
        process.kill()
        process.communicate()
    faults()
    assert cfsync("apply", "--yes").code == 5
    assert cfsync("recover").code == 3
    assert served.state() == []


def test_a_second_apply_is_refused_while_one_runs(site, served, faults, cfsync):
    faults("latency=300ms")
    with started(site, "apply", "--yes", "--parallel", "1") as process:
        wait_for_writes(served, 1)
        answer = cfsync("apply", "--yes")
        assert answer.code == 5
        assert process.wait(timeout=30) == 0


@pytest.mark.usefixtures("small")
def test_a_reader_that_goes_away_early_is_no_error(site):
    command = f"{sys.executable} -m cfsync -C {site.path} plan --format json | head -n 1"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=True)
    assert done.stdout == "{\n"
    assert "Error" not in done.stderr


def test_the_emulator_serves_until_it_is_interrupted(site):
    with started(site, "emulator", "--port", "0") as process:
        url = process.stdout.readline().strip()
        assert url.startswith("http://127.0.0.1:")
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=20) == 0
