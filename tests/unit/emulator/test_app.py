import asyncio
import json

import pytest

from cfsync.emulator.app import CLOSE, create_app
from cfsync.model.ports import Lost, NotSent

HEADERS = [(b"content-type", b"application/json"), (b"x-odd", "ü".encode("latin-1"))]


class Call:
    """One request as a server would make it; keeps what was sent back."""

    def __init__(self, app, method="GET", path=b"/v1/projects", query=b"", parts=(b"",)):
        self.app = app
        self.sent = []
        self.closed = False
        self.incoming = [
            {"type": "http.request", "body": part, "more_body": number < len(parts)}
            for number, part in enumerate(parts, 1)
        ]
        self.scope = {
            "type": "http",
            "method": method,
            "path": path.decode(),
            "raw_path": path,
            "query_string": query,
            "headers": HEADERS,
        }

    async def receive(self):
        if self.incoming:
            return self.incoming.pop(0)
        return {"type": "http.disconnect"}

    async def send(self, message):
        self.sent.append(message)

    def close(self):
        self.closed = True

    def run(self, *, closable=False):
        if closable:
            self.scope["extensions"] = {CLOSE: self.close}
        asyncio.run(self.app(self.scope, self.receive, self.send))
        return self

    @property
    def status(self):
        return self.sent[0]["status"]

    @property
    def body(self):
        return b"".join(message["body"] for message in self.sent[1:])


@pytest.fixture
def app(client):
    return create_app(client.api)


@pytest.mark.parametrize("path", [b"/v1/projects", b"/projects"])
def test_it_serves_below_the_base_path_and_at_the_root(app, path):
    call = Call(app, path=path).run()
    assert call.status == 200
    assert json.loads(call.body)["data"] == []
    assert (b"content-type", b"application/json") in call.sent[0]["headers"]


def test_a_body_may_come_in_parts(app):
    parts = (b'{"name": "Acme",', b' "slug":', b'"acme"}')
    call = Call(app, "POST", parts=parts).run()
    assert call.status == 201


def test_who_goes_before_the_body_is_whole_has_asked_for_nothing(app, client):
    call = Call(app, "POST", parts=(b'{"name": "Acme",', b""))
    call.incoming.pop()
    assert call.run().sent == []
    assert list(client.api.log) == []


def test_the_query_reaches_the_api(app, client):
    Call(app, query=b"limit=7").run()
    assert list(client.api.log) == [("GET", "/projects?limit=7", 200)]


@pytest.mark.parametrize(("fault", "error"), [("drop-before", Lost), ("refuse", NotSent)])
def test_a_lost_answer_goes_through_where_nobody_can_close(app, client, fault, error):
    client.faults(fault)
    with pytest.raises(error):
        Call(app).run()


def test_a_lost_answer_closes_the_connection_without_a_byte(app, client):
    client.faults("drop-after-commit")
    call = Call(app).run(closable=True)
    assert call.closed
    assert call.sent == []


def test_a_cut_answer_ends_in_the_middle(app, client):
    client.faults("cut")
    call = Call(app).run(closable=True)
    promised = int(dict(call.sent[0]["headers"])[b"content-length"])
    assert call.closed
    assert len(call.body) < promised
    assert call.sent[-1]["more_body"] is True


def test_a_cut_answer_is_left_open_where_nobody_can_close(app, client):
    client.faults("cut")
    assert Call(app).run().sent[-1]["more_body"] is True


def test_delays_are_slept_and_bytes_dripped(app, client, monkeypatch):
    slept = []

    async def sleep(seconds):
        slept.append(seconds)

    monkeypatch.setattr("cfsync.emulator.app.asyncio.sleep", sleep)
    client.faults("latency=50ms", "drip=10s")
    call = Call(app).run()
    assert slept == [0.05, *[10] * len(call.body)]
    assert json.loads(call.body)["success"] is True
