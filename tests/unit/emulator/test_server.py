"""Over a real socket: what a client sees of the server."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time

import pytest
from support.emulator import TOKEN, in_process, serving

from cfsync.emulator.server import listen
from cfsync.errors import CfsyncError, UsageError

HEADERS = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}


def get(server, path="/v1/projects", **headers):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    try:
        connection.request("GET", path, headers=HEADERS | headers)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()


def bytes_of(server, count=1):
    """Everything that comes back on one connection until the server closes it."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as sock:
        for _ in range(count):
            sock.sendall(b"GET /v1/projects HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer x\r\n\r\n")
        found = b""
        while part := sock.recv(65536):
            found += part
    return found


def test_it_answers_on_a_free_port():
    with serving() as server:
        assert server.url == f"http://127.0.0.1:{server.port}/v1"
        status, envelope = get(server)
        assert (status, envelope["data"]) == (200, [])
        assert list(server.api.log) == [("GET", "/projects", 200)]


def test_it_asks_for_a_token():
    with serving() as server:
        assert get(server, Authorization="")[0] == 401


def test_it_starts_and_ends_within_a_tenth_of_a_second():
    with serving():
        pass  # imports are over
    start = time.perf_counter()
    with serving() as server, socket.create_connection(("127.0.0.1", server.port)):
        assert get(server)[0] == 200
    assert time.perf_counter() - start < 0.5  # generous: the machine may be busy


def test_it_leaves_no_thread_and_no_port_behind():
    before = threading.active_count()
    with serving() as server:
        get(server)
    assert threading.active_count() == before
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", server.port))


@pytest.mark.parametrize("fault", ["drop-before", "drop-after-commit", "refuse", "late=1s"])
def test_a_dropped_answer_is_a_closed_connection_without_a_byte(fault):
    with serving(faults=[fault]) as server:
        assert bytes_of(server) == b""
        with pytest.raises(http.client.RemoteDisconnected):
            get(server)


def test_the_next_request_after_a_dropped_one_is_answered():
    with serving(faults=["drop-before@1"]) as server:
        assert bytes_of(server) == b""
        assert get(server)[0] == 200


def test_a_cut_answer_is_a_closed_connection_in_the_middle():
    with serving(faults=["cut@1"]) as server, pytest.raises(http.client.IncompleteRead):
        get(server)


def test_latency_is_waited_for():
    with serving(faults=["latency=60ms"]) as server:
        start = time.perf_counter()
        get(server)
        assert time.perf_counter() - start >= 0.06


def test_an_answer_is_sent_without_waiting_for_acknowledgements():
    with serving() as server:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
        start = time.perf_counter()
        for _ in range(20):
            connection.request("GET", "/v1/projects", headers=HEADERS)
            connection.getresponse().read()
        connection.close()
        assert time.perf_counter() - start < 0.6  # with Nagle it would be 20 times 40 ms


def test_a_request_in_flight_gets_its_answer_when_the_server_ends():
    found = []
    with serving(faults=["latency=150ms"]) as server:
        thread = threading.Thread(target=lambda: found.append(get(server)[0]))
        thread.start()
        while not server.api.log.exchanges:
            time.sleep(0.001)
    thread.join()
    assert found == [200]


def test_a_request_that_never_ends_does_not_keep_the_server(monkeypatch):
    monkeypatch.setattr("cfsync.emulator.server._GRACE", 0.05)
    with serving(faults=["latency=10min"]) as server:
        sock = socket.create_connection(("127.0.0.1", server.port), timeout=10)
        sock.sendall(b"GET /v1/projects HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer x\r\n\r\n")
        while not server.api.log.exchanges:
            time.sleep(0.001)
        start = time.perf_counter()
    sock.close()
    assert time.perf_counter() - start < 5


def test_a_port_in_use_is_named():
    with listen() as taken, pytest.raises(CfsyncError) as caught:
        listen(port=taken.getsockname()[1])
    assert "cannot listen on 127.0.0.1:" in caught.value.message
    assert caught.value.why == "Address already in use"
    assert "--port 0" in caught.value.next_step


def test_an_address_of_version_six_is_written_in_brackets():
    from cfsync.emulator.server import url_of

    try:
        sock = listen("::1")
    except CfsyncError:
        pytest.skip("this machine has no IPv6")
    with sock, in_process() as api:
        assert url_of(sock, api).startswith("http://[::1]:")


SERVE = (
    "from cfsync.emulator.server import serve;"
    "serve(port=0, announce=lambda url: print(url, flush=True))"
)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_cleanly(number):
    with subprocess.Popen(
        [sys.executable, "-W", "error", "-c", SERVE],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        url = process.stdout.readline()
        assert url.startswith("http://127.0.0.1:")
        os.kill(process.pid, number)
        out, err = process.communicate(timeout=20)
    assert (process.returncode, out, err) == (0, "", "")


def test_a_fault_that_cannot_be_understood_is_said_before_anything_is_opened(tmp_path):
    from cfsync.emulator.server import serve

    with pytest.raises(UsageError):
        serve(db=tmp_path / "local.db", faults=["boom"])
    assert list(tmp_path.iterdir()) == []
