"""The local API and the command, each in a process of its own, over HTTP."""

import json
import signal

import pytest
from support.checkout import clean_environ
from support.environments import TOKEN_VARIABLE
from support.examples import copy_of_example
from support.processes import emulator, get, start, started, wait_until

TOKEN = "cfk_of_a_test"


@pytest.fixture
def environ(tmp_path):
    return clean_environ(tmp_path, **{TOKEN_VARIABLE: TOKEN})


@pytest.fixture
def site(tmp_path):
    return copy_of_example("agency-site", tmp_path)


def at(site, url):
    """Points the environment `staging` of the example to the served API."""
    config = site / "cfsync.yaml"
    text = config.read_text(encoding="utf-8")
    before = "https://api.staging.codefluss.dev/v1\n    token: {env: CODEFLUSS_STAGING_KEY}"
    assert before in text
    text = text.replace(before, f"{url}\n    token: {{env: {TOKEN_VARIABLE}}}")
    config.write_text(text.replace("    rate: 300/min\n", ""), encoding="utf-8")


def finished(process, timeout=60):
    out, err = process.communicate(timeout=timeout)
    assert "Traceback" not in out + err
    return process.returncode, out, err


def cfsync(site, environ, *arguments):
    return finished(start(site, environ, *arguments))


def total(url, path):
    return get(f"{url}{path}", TOKEN)["pagination"]["total"]


def test_a_whole_site_goes_over_http_and_outlives_the_server(site, environ):
    database = str(site.parent / "sites.db")
    with emulator(site, environ, "--db", database) as url:
        at(site, url)
        code, out, err = cfsync(site, environ, "-e", "staging", "apply", "--yes")
        assert (code, "Applied to staging" in out) == (0, True), out + err

    with emulator(site, environ, "--db", database) as url:
        (project,) = get(f"{url}/projects", TOKEN)["data"]
        assert project["slug"] == "studio-halden"
        assert total(url, f"/projects/{project['id']}/pages") >= 8


def test_a_server_that_wants_a_key_tells_who_has_none(site, environ):
    with emulator(site, environ) as url:
        at(site, url)
        del environ[TOKEN_VARIABLE]
        code, _, err = cfsync(site, environ, "-e", "staging", "plan")

    assert code == 1
    assert f"{TOKEN_VARIABLE} is not set" in err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda each: each.name)
def test_interrupted_in_mid_apply_everything_is_undone(site, environ, number):
    with emulator(site, environ, "--fault", "latency=20ms") as url:
        at(site, url)
        # as JSON, since the text of the plan would fill the pipe that nobody reads yet
        with started(site, environ, "-e", "staging", "apply", "--yes", "--json") as process:
            wait_until(lambda: total(url, "/projects"))
            (project,) = get(f"{url}/projects", TOKEN)["data"]
            wait_until(lambda: total(url, f"/projects/{project['id']}/pages") >= 3)
            process.send_signal(number)
            code, out, err = finished(process)

        assert code == 130, out + err
        document = json.loads(out)
        assert (document["code"], document["run"]["interrupted"]) == ("undone", True)
        assert document["run"]["left"] == []
        assert "taking everything back" in err
        assert get(f"{url}/projects", TOKEN)["data"] == []

        code, out, _ = cfsync(site, environ, "-e", "staging", "history", "--json")
        (run,) = json.loads(out)["runs"]
        assert run["status"] == "undone"
        code, out, _ = cfsync(site, environ, "-e", "staging", "plan", "--detailed-exitcode")
        assert code == 2, "nothing is in the way of the next apply"


def test_a_fault_of_the_command_line_makes_an_apply_fail_and_undo(site, environ):
    with emulator(site, environ, "--fault", "400@w50") as url:
        at(site, url)

        code, out, _ = cfsync(site, environ, "-e", "staging", "apply", "--yes")

        assert code == 3
        assert out.count("Failed, and undone: staging is as before") == 1
        assert get(f"{url}/projects", TOKEN)["data"] == []


def test_the_faults_that_can_be_said_are_listed_on_request(site, environ):
    code, out, _ = cfsync(site, environ, "emulator", "--fault", "help")

    assert code == 0
    assert "drop-after-commit" in out
