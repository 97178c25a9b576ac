"""Answers that no server of ours gives, scripted with respx below the network transport."""

from contextlib import asynccontextmanager
from types import SimpleNamespace

import httpx
import pytest
import respx

from cfsync import errors
from cfsync.model.run import Done, NotDone, Unknown
from cfsync.remote import network
from cfsync.remote.network import NetworkTransport
from cfsync.remote.token import Token

URL = "https://api.codefluss.com/v1"
CANARY = "canary-8f3a61"
PROJECT = {
    "id": "proj_1",
    "name": "My Website",
    "slug": "my-website",
    "status": "draft",
    "createdAt": "2026-01-15T10:30:00Z",
    "updatedAt": "2026-01-15T10:30:00Z",
}


class Scripted:
    """A session of aiohttp's as far as the transport needs it: what it is asked, respx answers."""

    def __init__(self, router):
        self._router = router

    @asynccontextmanager
    async def request(self, method, url, *, headers, data, **_):
        sent = httpx.Request(method, str(url), headers=headers, content=data)
        answer = await self._router.async_handler(sent)
        yield SimpleNamespace(
            status=answer.status_code,
            headers=answer.headers,
            content=SimpleNamespace(iter_any=lambda: chunks(answer.content)),
        )

    async def close(self):
        pass


async def chunks(content):
    yield content


@pytest.fixture
def router(monkeypatch):
    """respx in the place of the connections; nothing global is patched."""
    router = respx.Router(base_url=URL, assert_all_called=False)
    opened = network.Connections(Scripted(router), URL, None, None)
    monkeypatch.setattr(network, "connections", lambda url: opened)
    return router


@pytest.fixture
def asked(router, remote, virtually):
    """What came of a call of Remote's, the error included."""

    def run(call):
        async def main():
            transport = NetworkTransport(URL, token=Token(CANARY))
            try:
                return await call(remote(transport))
            except errors.RemoteError as error:
                return error
            finally:
                await transport.aclose()

        return virtually(main())

    return run


def create(api):
    body = {"name": PROJECT["name"], "slug": PROJECT["slug"]}
    return api.create("project", None, body, "key-1")


def read(api):
    return api.page("project", None, None)


def test_a_create_carries_key_and_token_and_its_answer_is_the_resource(router, asked):
    route = router.post("/projects").respond(201, json={"success": True, "data": PROJECT})

    outcome = asked(create)

    assert isinstance(outcome, Done)
    assert outcome.item.id == "proj_1"
    sent = route.calls.last.request
    assert sent.headers["authorization"] == f"Bearer {CANARY}"
    assert sent.headers["idempotency-key"] == "key-1"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_never_followed_and_the_other_host_never_called(router, asked, status):
    router.route().respond(status, headers={"Location": "https://evil.example/v1/projects"})
    elsewhere = router.route(host="evil.example").respond(200, json={"data": []})

    read_error, write_outcome = asked(read), asked(create)

    assert isinstance(read_error, errors.RemoteError)
    assert "evil.example" in f"{read_error.message} {read_error.why}"
    assert not isinstance(write_outcome, Done)
    assert not elsewhere.called


@pytest.mark.parametrize("status", [409, 412, 418, 422, 451])
def test_a_refusal_that_nobody_documented_proves_nothing_of_a_write(router, asked, status):
    envelope = {"success": False, "error": {"code": "ODD", "message": "Odd"}}
    router.post("/projects").respond(status, json=envelope)

    assert isinstance(asked(create), Unknown)


def test_a_well_formed_400_proves_that_nothing_was_done(router, asked):
    details = {"field": "slug", "reason": "already taken"}
    envelope = {
        "success": False,
        "error": {"code": "VALIDATION_ERROR", "message": "Invalid slug", "details": details},
    }
    router.post("/projects").respond(400, json=envelope, headers={"X-Request-Id": "req_9"})

    outcome = asked(create)

    assert isinstance(outcome, NotDone)
    assert (outcome.failure.field, outcome.failure.request_id) == ("slug", "req_9")


@pytest.mark.parametrize(
    "body",
    [
        b"<html>Bad gateway</html>",
        b"",
        b"[]",
        b'{"data": null}',
        b'{"success": false, "data": [], "pagination": {"hasMore": false}}',
        b'\xef\xbb\xbf{"data": "projects"}',
    ],
)
def test_what_is_no_listing_is_never_an_empty_one(router, asked, body):
    router.get("/projects").respond(200, content=body)

    assert isinstance(asked(read), errors.RemoteError)


def test_the_token_stands_in_no_error(router, asked):
    router.get("/projects").respond(401, text=f"bad key {CANARY}")

    error = asked(read)

    assert isinstance(error, errors.RemoteError)
    assert CANARY not in repr(error) + error.message + error.why + error.next_step
