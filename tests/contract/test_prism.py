"""Prism as a validating proxy before the emulator: a second reader of the contract."""

import json
import shutil
import socket
import subprocess
import time
from contextlib import contextmanager
from http.client import HTTPConnection

import pytest
from support.emulator import TOKEN, serving

from cfsync.contract import SHIPPED
from cfsync.emulator.faults import Fault


@contextmanager
def prism(upstream):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = ["prism", "proxy", str(SHIPPED), upstream, "--errors", "-h", "127.0.0.1"]
    with subprocess.Popen([*command, "-p", str(port)], stdout=subprocess.DEVNULL) as process:
        try:
            yield connected(port, process)
        finally:
            process.terminate()


def connected(port, process):
    for _ in range(200):
        assert process.poll() is None
        connection = HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            connection.connect()
        except ConnectionRefusedError:
            time.sleep(0.05)
        else:
            return connection
    raise AssertionError("prism did not start")


def send(connection, method, path, body=None):
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
    connection.request(method, path, None if body is None else json.dumps(body), headers)
    answer = connection.getresponse()
    text = answer.read()
    assert answer.headers["sl-violations"] is None
    assert b"stoplight.io/prism/errors" not in text, text
    return answer.status, json.loads(text)


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("prism") is None, reason="needs npm's @stoplight/prism-cli")
def test_prism_sees_no_violation_in_a_whole_life():
    with serving(token=TOKEN) as server, prism(server.url) as proxy:
        project = made(proxy, "/projects", name="Acme", slug="acme", settings={"a": [1]})
        page = made(proxy, f"/projects/{project}/pages", name="Team", slug="about/team")
        hero = made(proxy, f"/pages/{page}/elements", name="hero", type="section", position=3)
        made(proxy, f"/pages/{page}/elements", name="title", type="heading", parentId=hero)
        assert send(proxy, "GET", f"/pages/{page}/elements?limit=1")[0] == 200
        assert send(proxy, "PATCH", f"/elements/{hero}", {"content": None})[0] == 200
        assert send(proxy, "POST", "/projects", {"name": "Acme", "slug": "acme"})[0] == 400
        assert send(proxy, "DELETE", f"/projects/{project}")[0] == 200
        assert send(proxy, "GET", f"/elements/{hero}")[0] == 404
        for status in (403, 429, 500):
            server.api.faults[:] = [Fault.parse(str(status))]
            assert send(proxy, "GET", "/projects")[0] == status
        proxy.close()


def made(proxy, path, **fields):
    status, answer = send(proxy, "POST", path, fields)
    assert status == 201
    return answer["data"]["id"]
