"""README.md is taken at its word."""

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from support import readme
from support.checkout import ROOT, clean_environ, copy_of_checkout
from support.registry import judge


@pytest.fixture
def checkout(tmp_path):
    return copy_of_checkout(tmp_path / "checkout")


def typed(line: str, folder: Path, **environ: str) -> str:
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", line],
        cwd=folder, env=clean_environ(folder.parent, **environ), stdin=subprocess.DEVNULL,
        capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    if done.returncode:
        judge(done.stdout + done.stderr)
    return done.stdout + done.stderr


def one_line(block: str) -> str:
    (line,) = block.splitlines()
    return line


@pytest.mark.slow
def test_the_first_line_makes_everything_and_applies_the_quickstart(checkout):
    line = one_line(readme.blocks("sh")[0])
    assert line.endswith("&& .venv/bin/cfsync -C examples/quickstart apply --yes")

    said = typed(line, checkout)

    assert "Applied to local" in said
    assert (checkout / "examples/quickstart/.cfsync/local.db").is_file()


@pytest.mark.slow
@pytest.mark.skipif(
    os.environ.get("CI") == "true", reason="the pipeline itself runs this very line, whole"
)
def test_the_second_line_makes_everything_and_runs_the_tests(checkout):
    line = one_line(readme.blocks("sh", readme.between("tests") or "")[0])
    shutil.copytree(ROOT / "tests", checkout / "tests")

    # not the whole suite, which this is a part of
    said = typed(line, checkout, PYTEST_ADDOPTS="-q -p no:cacheprovider tests/unit/model")

    assert " passed" in said
    assert " failed" not in said


@pytest.fixture
def free_port() -> str:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return str(sock.getsockname()[1])


@pytest.fixture
def shell(checkout):
    (checkout / ".venv").symlink_to(sys.prefix)  # that of the first line
    programs = Path(sys.executable).parent
    environ = clean_environ(checkout.parent, PATH=f"{programs}:{os.environ['PATH']}")
    shell = readme.Shell(checkout, environ)
    yield shell
    shell.close()


def test_the_tour_shows_what_really_appears(checkout, shell, free_port):
    tour = readme.between("tour")
    if tour is None:
        pytest.skip("README.md has no <!-- tour -->")
    config = checkout / "examples/quickstart/cfsync.yaml"
    config.write_text(config.read_text().replace(":8787", f":{free_port}"))
    shell.run("cfsync -C examples/quickstart apply --yes")  # the first line's end

    steps = list(readme.steps(tour))
    assert steps
    for step in steps:
        command = step.command.replace(":8787", f":{free_port}")
        command = command.replace("cfsync emulator", f"cfsync emulator --port {free_port}")
        seen = shell.run(command)
        assert readme.matches(step.output, seen), f"$ {command}\n" + "\n".join(seen)


def test_a_tour_that_lies_is_caught(shell, checkout):
    tour = "```console\n$ cd .. && \\\n    printf 'a\\n20261124-111610-f29c\\nb\\nc\\n'\n%s\n```\n"
    (step,) = readme.steps(tour % "")
    seen = shell.run(step.command)

    def is_true(output):
        return readme.matches(output.split("\n"), seen)

    assert is_true("a\n20250101-000000-0000\nb\nc")
    assert is_true("a\n…\nc")
    assert not is_true("a\n20250101-000000-0000\nb")
    assert not is_true("a\nb\nc")
    assert shell.run("pwd") == [str(checkout.parent)]
