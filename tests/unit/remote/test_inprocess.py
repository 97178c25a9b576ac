import asyncio

import pytest

from cfsync.model.ports import Lost, NotSent, Request
from cfsync.remote.inprocess import InProcessTransport
from cfsync.remote.lost import TimedOut
from cfsync.remote.token import Token

GET = Request("GET", "/pages/a%2Fb/elements?limit=100&cursor=x%3D", {"X-Mine": "1"}, timeout=1)


def send(app, request=GET, **settings):
    return asyncio.run(InProcessTransport(app, **settings).send(request))


def answering(status=200, *parts, headers=(), ends=True):
    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": status, "headers": headers})
        for part in parts:
            await send({"type": "http.response.body", "body": part, "more_body": True})
        if ends:
            await send({"type": "http.response.body"})

    return app


def test_an_answer_comes_in_parts_with_its_headers_in_lower_case():
    app = answering(201, b"ab", b"c", headers=[(b"X-Request-Id", b"req_1")])
    response = send(app)
    assert (response.status, response.body) == (201, b"abc")
    assert response.headers == {"x-request-id": "req_1"}


def test_the_application_sees_the_request_as_from_a_socket():
    seen = []

    async def app(scope, receive, send):
        seen.append((scope, await receive()))
        await answering()(scope, receive, send)

    send(app, Request("POST", "/projects?a=b", {"X-Mine": "1"}, b"{}"), token=Token("t0"))
    [(scope, message)] = seen
    assert (scope["type"], scope["method"], scope["path"]) == ("http", "POST", "/projects")
    assert scope["query_string"] == b"a=b"
    assert (b"x-mine", b"1") in scope["headers"]
    assert (b"content-length", b"2") in scope["headers"]
    assert (b"authorization", b"Bearer t0") in scope["headers"]
    assert (message["type"], message["body"]) == ("http.request", b"{}")


def test_a_quoted_path_is_handed_over_both_ways():
    seen = []

    async def app(scope, receive, send):
        seen.append(scope)
        await answering()(scope, receive, send)

    send(app)
    assert seen[0]["path"] == "/pages/a/b/elements"
    assert seen[0]["raw_path"] == b"/pages/a%2Fb/elements"
    assert not any(name == b"authorization" for name, _ in seen[0]["headers"])


@pytest.mark.parametrize(
    "app",
    [
        answering(200, b"half", ends=False),
        answering(200, b"half", headers=[(b"content-length", b"100")]),
        answering(200, b"{}", headers=[(b"content-encoding", b"gzip")]),
    ],
    ids=["no-end", "wrong-length", "not-packed"],
)
def test_an_answer_that_is_not_whole_is_lost(app):
    with pytest.raises(Lost):
        send(app)


def test_no_answer_at_all_is_lost():
    async def silent(scope, receive, send):
        pass

    with pytest.raises(Lost, match="without a whole answer"):
        send(silent)


def test_an_application_that_fails_may_have_done_it():
    async def broken(scope, receive, send):
        raise KeyError("secret detail")

    with pytest.raises(Lost, match="the local API failed: KeyError") as caught:
        send(broken)
    assert "secret" not in str(caught.value)


def test_the_deadline_is_for_the_whole_request(virtually):
    async def slow(scope, receive, send):
        await asyncio.sleep(60)

    with pytest.raises(TimedOut, match="within 1 s"):
        virtually(InProcessTransport(slow).send(GET))


@pytest.mark.parametrize("kind", [NotSent, Lost])
def test_an_application_made_for_tests_may_say_what_became_of_the_request(kind):
    async def app(scope, receive, send):
        raise kind("as told")

    with pytest.raises(kind, match="as told"):
        send(app)
