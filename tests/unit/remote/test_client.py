import asyncio
import json
import logging
from random import Random

import pytest

import cfsync
from cfsync import errors, limits
from cfsync.contract import load
from cfsync.model.environment import Environment
from cfsync.model.ports import Lost, NotSent
from cfsync.model.run import TOO_OLD, Done, NotDone, Unknown
from cfsync.remote.client import open_remote

CANARY = "canary-8f3a61"
BODY = {"name": "My Website", "slug": "my-website"}


def listing(answer, *resources, **pagination):
    return answer({"data": list(resources), "pagination": {"hasMore": False, **pagination}})


@pytest.fixture
def read_page(virtually, canned, remote):
    """(what came of reading a page of projects, the transport)."""

    def run(*answers, cursor=None):
        transport = canned(*answers)

        async def main():
            try:
                return await remote(transport).page("project", None, cursor)
            except errors.RemoteError as error:
                return error

        return virtually(main()), transport

    return run


@pytest.fixture
def write(virtually, canned, remote):
    """(what came of a write, the transport); `verb` is create, update or delete."""

    def run(verb, *answers, fence=None, **settings):
        transport = canned(*answers)

        async def main():
            api = remote(transport, **settings)
            if fence is not None:
                api.fence(fence)
            match verb:
                case "create":
                    return await api.create("project", None, BODY, "key-1")
                case "update":
                    return await api.update("project", "proj_1", BODY)
                case _:
                    return await api.delete("project", "proj_1")

        return virtually(main()), transport

    return run


WRITES = pytest.mark.parametrize("verb", ["create", "update", "delete"])


def test_a_page_is_asked_for_with_limit_and_cursor(read_page, answer, a_project):
    page, transport = read_page(listing(answer, a_project(), total=1), cursor="a/b=&c")
    assert [item.id for item in page.items] == ["proj_1"]
    [request] = transport.requests
    assert (request.method, request.path) == ("GET", "/projects?limit=100&cursor=a%2Fb%3D%26c")
    assert request.headers["User-Agent"] == f"cfsync/{cfsync.__version__}"
    assert request.timeout == limits.REQUEST_TIMEOUT
    assert request.body is None


def test_a_collection_below_a_parent_and_a_single_resource_have_the_contracts_paths(
    virtually, canned, remote, answer, an_element
):
    transport = canned(listing(answer, an_element()), answer({"data": an_element()}))

    async def main():
        api = remote(transport)
        await api.page("element", "page_1", None)
        return await api.get("element", "elem_1")

    assert virtually(main()).id == "elem_1"
    assert [request.path for request in transport.requests] == [
        "/pages/page_1/elements?limit=100",
        "/elements/elem_1",
    ]


@pytest.mark.parametrize(
    "trouble",
    [
        NotSent("refused"),
        Lost("cut"),
        (500, b""),
        (502, b"<html>"),
        (503, b'{"error": {"code": "C", "message": "m"}}'),
        (404, b"<html>"),
        (200, b""),
        (200, b"<html>"),
        (429, b""),
    ],
)
def test_a_read_is_tried_again_until_it_works(read_page, answer, trouble):
    bad = trouble if isinstance(trouble, Exception) else answer(trouble[1], trouble[0])
    page, transport = read_page(bad, bad, listing(answer))
    assert page.items == ()
    assert len(transport.requests) == 3


@pytest.mark.parametrize(
    ("trouble", "error"),
    [
        (NotSent("refused"), errors.Unreachable),
        (Lost("cut"), errors.AnswerLost),
        ((500, b""), errors.ServerFailed),
        ((200, b"<html>"), errors.BadAnswer),
        ((404, b"<html>"), errors.BadAnswer),
        ((400, b""), errors.BadAnswer),
    ],
)
def test_a_read_gives_up_after_its_attempts(read_page, answer, trouble, error):
    bad = trouble if isinstance(trouble, Exception) else answer(trouble[1], trouble[0])
    result, transport = read_page(bad)
    assert type(result) is error
    assert result.where == "GET /projects?limit=100 at api.example"
    assert result.next_step
    assert len(transport.requests) == limits.READ_ATTEMPTS


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409])
def test_a_refusal_of_a_read_is_final(read_page, refusal, status):
    result, transport = read_page(refusal(status))
    assert isinstance(result, errors.RemoteError)
    assert result.status == status
    assert result.request_id == "req_77"
    assert len(transport.requests) == 1


@pytest.mark.parametrize("status", [401, 403])
def test_a_gateway_that_refuses_the_key_is_believed(read_page, answer, status):
    result, transport = read_page(answer(b"<html>", status))
    assert isinstance(result, errors.Unauthorized | errors.Forbidden)
    assert len(transport.requests) == 1


def test_a_resource_off_the_contract_is_not_asked_for_again(read_page, answer, a_project):
    result, transport = read_page(listing(answer, a_project(name=5)))
    assert type(result) is errors.BadAnswer
    assert result.why.startswith("data[0].name ")
    assert len(transport.requests) == 1


def test_a_rate_limit_for_ever_ends_with_patience(read_page, refusal, virtually):
    result, transport = read_page(refusal(429, "RATE_LIMITED", "Slow down"))
    assert type(result) is errors.RateLimited
    assert "rate" in result.next_step
    assert len(transport.requests) < 40


def test_an_id_that_no_path_can_hold_is_never_sent(virtually, canned, remote):
    transport = canned()

    async def main():
        api = remote(transport)
        with pytest.raises(errors.BadAnswer, match="no request can name"):
            await api.get("project", "..")
        return await api.delete("project", "..")

    outcome = virtually(main())
    assert isinstance(outcome, NotDone)
    assert outcome.failure.code == "bad-id"
    assert transport.requests == []


def test_a_create_is_sent_once_with_its_key(write, answer, a_project):
    outcome, transport = write("create", answer({"data": a_project()}, 201, x_request_id="r1"))
    assert isinstance(outcome, Done)
    assert outcome.item is not None
    assert (outcome.item.id, outcome.request_id) == ("proj_1", "r1")
    [request] = transport.requests
    assert (request.method, request.path) == ("POST", "/projects")
    assert request.headers["Idempotency-Key"] == "key-1"
    assert request.headers["Content-Type"] == "application/json"
    assert json.loads(request.body) == BODY


def test_an_update_and_a_delete_carry_no_key(write, answer, a_project):
    outcome, transport = write("update", answer({"data": a_project()}))
    assert isinstance(outcome, Done)
    [request] = transport.requests
    assert (request.method, request.path) == ("PATCH", "/projects/proj_1")
    assert "Idempotency-Key" not in request.headers

    outcome, transport = write("delete", answer(b"", 204))
    assert outcome == Done(None, "")
    [request] = transport.requests
    assert (request.method, request.path, request.body) == ("DELETE", "/projects/proj_1", None)


@WRITES
@pytest.mark.parametrize(
    "trouble",
    [
        Lost("cut"),
        (500, b""),
        (502, b"<html>"),
        (404, b"<html>"),
        (302, b""),
        (200, b""),
        (429, b""),
    ],
)
def test_a_write_of_unknown_outcome_is_never_repeated(write, answer, verb, trouble):
    bad = trouble if isinstance(trouble, Exception) else answer(trouble[1], trouble[0])
    outcome, transport = write(verb, bad)
    assert isinstance(outcome, Unknown)
    assert not outcome.finished
    assert len(transport.requests) == 1


@WRITES
def test_a_whole_server_error_can_be_looked_up_at_once(write, refusal, verb):
    outcome, transport = write(verb, refusal(500))
    assert isinstance(outcome, Unknown)
    assert outcome.finished
    assert len(transport.requests) == 1


@WRITES
@pytest.mark.parametrize("status", [400, 401, 403, 404])
def test_a_whole_refusal_is_not_done_and_not_repeated(write, refusal, verb, status):
    outcome, transport = write(verb, refusal(status))
    assert isinstance(outcome, NotDone)
    assert outcome.failure.status == status
    assert len(transport.requests) == 1


@WRITES
def test_what_was_never_sent_is_sent_again_a_few_times(write, verb):
    outcome, transport = write(verb, NotSent("refused"))
    assert isinstance(outcome, NotDone)
    assert outcome.failure.code == "unreachable"
    assert len(transport.requests) == limits.WRITE_ATTEMPTS


def test_a_write_that_is_never_sent_at_first_succeeds_later(write, answer, a_project):
    outcome, transport = write("create", NotSent("x"), answer({"data": a_project()}, 201))
    assert isinstance(outcome, Done)
    assert {request.headers["Idempotency-Key"] for request in transport.requests} == {"key-1"}


def test_a_write_waits_for_the_rate_limit(write, refusal, answer, a_project):
    outcome, transport = write("create", refusal(429), answer({"data": a_project()}, 201))
    assert isinstance(outcome, Done)
    assert len(transport.requests) == 2


def test_a_rate_limit_for_ever_is_not_done(write, refusal):
    outcome, _ = write("create", refusal(429, "RATE_LIMITED"))
    assert isinstance(outcome, NotDone)
    assert outcome.failure.code == "RATE_LIMITED"


def test_undo_has_patience_of_its_own(virtually, canned, remote, refusal, clock):
    async def main():
        api = remote(canned(refusal(429)))
        await api.delete("project", "proj_1")
        applied = clock.monotonic()
        api.begin_undo()
        await api.delete("project", "proj_1")
        return applied, clock.monotonic()

    applied, undone = virtually(main())
    assert undone > 1.5 * applied


@pytest.mark.parametrize(
    "resource",
    [{"id": 5}, {"id": "proj_2"}, {"name": None}, {"settings": []}, {"createdAt": None}],
)
def test_a_success_off_the_contract_is_unknown(write, answer, a_project, resource):
    outcome, transport = write("update", answer({"data": a_project(**resource)}))
    assert isinstance(outcome, Unknown)
    assert outcome.failure.code == "bad-answer"
    assert not outcome.finished
    assert len(transport.requests) == 1


def test_a_write_that_waited_beyond_the_lease_does_not_leave(write, refusal, answer):
    asked = []

    def fence(seconds):
        asked.append(seconds)
        return len(asked) == 1

    outcome, transport = write("delete", refusal(429), answer(b"", 204), fence=fence, timeout=7.0)
    assert isinstance(outcome, NotDone)
    assert outcome.failure.code == "lease-lost"
    assert asked == [7.0, 7.0]
    assert len(transport.requests) == 1


def test_reads_ask_no_fence(virtually, canned, remote, answer):
    async def main():
        api = remote(canned(listing(answer)))
        api.fence(lambda _: False)
        return await api.page("project", None, None)

    assert virtually(main()).items == ()


def test_no_more_than_so_many_requests_are_under_way(virtually, remote, answer):
    class Slow:
        now = most = 0

        async def send(self, request):
            self.now += 1
            self.most = max(self.most, self.now)
            await asyncio.sleep(1)
            self.now -= 1
            return listing(answer)

    slow = Slow()

    async def main():
        api = remote(slow, parallel=3)
        await asyncio.gather(*(api.page("project", None, None) for _ in range(10)))

    virtually(main())
    assert slow.most == 3


def test_a_configured_rate_spreads_the_requests(virtually, canned, remote, answer, clock):
    async def main():
        api = remote(canned(listing(answer)), rate=10)
        await asyncio.gather(*(api.page("project", None, None) for _ in range(51)))
        return clock.monotonic()

    assert 5.0 <= virtually(main()) <= 5.5


class Said(logging.Handler):
    def __init__(self):
        super().__init__()
        self.lines = []

    def emit(self, record):
        self.lines.append(record.getMessage())


@pytest.fixture
def said(monkeypatch, caplog):
    """What the log is told, whatever a command line of another test did to the loggers above."""
    caplog.set_level(logging.DEBUG, logger="cfsync.remote")
    handler = Said()
    monkeypatch.setattr(logging.getLogger("cfsync.remote"), "handlers", [handler])
    return handler.lines


def test_the_log_names_requests_and_holds_no_content(virtually, canned, remote, answer, said):
    transport = canned(
        answer({"data": {"name": "Secret plans"}}, 201, x_request_id="req_9"), Lost("cut")
    )

    async def main():
        api = remote(transport)
        await api.create("project", None, {"name": "Secret plans"}, "key-1")
        await api.delete("project", "proj_1")

    virtually(main())
    assert said == [
        "POST /projects: 201 req_9, 0 ms",
        "DELETE /projects/proj_1: Lost: cut, 0 ms",
    ]


def environment(url):
    return Environment("test", url, "api.example", "journal.db")


def opened(url, use, clock, *, token=None, app=None):
    async def main():
        async with open_remote(
            environment(url), token, load(), app=app, clock=clock, random=Random(1)
        ) as api:
            return await use(api)

    return asyncio.run(main())


def test_an_environment_on_the_network_is_opened_with_its_key(scripted_server, http, clock, caplog):
    caplog.set_level(logging.DEBUG)

    async def main():
        body = b'{"data": [], "pagination": {"hasMore": false}}'
        async with (
            scripted_server(http(200, body)) as server,
            open_remote(
                environment(server.url), CANARY, load(), clock=clock, random=Random(1)
            ) as api,
        ):
            await api.page("project", None, None)
            return server.requests

    [request] = asyncio.run(main())
    assert f"Authorization: Bearer {CANARY}".encode() in request
    assert CANARY not in caplog.text
    assert not [record for record in caplog.records if record.name.startswith("http")]


def test_an_application_is_opened_in_this_process(clock):
    async def app(scope, receive, send):
        assert (b"authorization", b"Bearer k") in scope["headers"]
        body = b'{"data": [], "pagination": {"hasMore": false, "total": 0}}'
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": body})

    async def use(api):
        return await api.page("project", None, None)

    assert opened("local:/x.db", use, clock, token="k", app=app).total == 0


@pytest.mark.parametrize(
    "url", ["local:/x.db", "ftp://host/x", "https://", f"https://me:{CANARY}@host", "nonsense"]
)
def test_a_url_that_cannot_be_used_is_refused_without_quoting_it(url, clock):
    async def use(api):
        raise AssertionError(api)

    with pytest.raises(errors.CfsyncError) as caught:
        opened(url, use, clock)
    assert CANARY not in str(caught.value) + caught.value.why
    assert caught.value.next_step


def test_a_write_that_would_leave_too_late_was_not_done(virtually, canned, remote, refusal, clock):
    transport = canned(*[refusal(429)] * 9)

    async def main():
        return await remote(transport).update("element", "e1", {}, clock.monotonic() + 5)

    outcome = virtually(main())

    assert isinstance(outcome, NotDone)
    assert outcome.failure.code == TOO_OLD
    assert len(transport.requests) == 3  # now, after 1 s and after 2 more; the next would be late
