import asyncio
import gzip
import socket
import ssl

import pytest

from cfsync import limits
from cfsync.model.ports import Lost, NotSent, Request
from cfsync.remote.lost import TimedOut, TooLarge
from cfsync.remote.network import NetworkTransport, proxy_for
from cfsync.remote.token import Token

CANARY = "canary-8f3a61"


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch):
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


def exchange(server, *requests, token=None, url=None):
    """What came of each request to a scripted server: a Response or the error."""

    async def main():
        results = []
        async with server as it:
            transport = NetworkTransport(url or it.url, token=token)
            for request in requests:
                try:
                    results.append(await transport.send(request))
                except Exception as error:  # noqa: BLE001 - compared by the tests
                    results.append(error)
            await transport.aclose()
        return results, it

    return asyncio.run(main())


def unused_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


POST = Request("POST", "/projects", {"X-Mine": "1"}, b'{"name":"a"}', timeout=5)
GET = Request("GET", "/projects?limit=100&cursor=a%2Fb%3D", timeout=5)
DELETE = Request("DELETE", "/projects/proj_1", timeout=5)


def test_an_answer_comes_with_status_headers_and_body(scripted_server, http):
    server = scripted_server(http(201, b'{"data":1}', X_Request_Id="req_1"))
    [response], seen = exchange(server, POST)
    assert (response.status, response.body) == (201, b'{"data":1}')
    assert response.headers["x-request-id"] == "req_1"
    assert seen.requests[0].startswith(b"POST /v1/projects HTTP/1.1\r\n")
    assert seen.requests[0].endswith(b'{"name":"a"}')


def test_a_query_arrives_as_it_was_quoted(scripted_server, http):
    _, seen = exchange(scripted_server(http()), GET)
    assert seen.requests[0].startswith(b"GET /v1/projects?limit=100&cursor=a/b%3D HTTP/1.1") or (
        seen.requests[0].startswith(b"GET /v1/projects?limit=100&cursor=a%2Fb%3D HTTP/1.1")
    )


def test_the_key_is_sent_only_where_one_is_given(scripted_server, http):
    _, without = exchange(scripted_server(http()), GET)
    _, given = exchange(scripted_server(http()), GET, token=Token(CANARY))
    assert b"uthorization" not in without.requests[0]
    assert f"Authorization: Bearer {CANARY}\r\n".encode() in given.requests[0]


def test_a_refused_port_is_provably_not_sent():
    async def main():
        transport = NetworkTransport(f"http://127.0.0.1:{unused_port()}")
        try:
            with pytest.raises(NotSent, match="ClientConnectorError"):
                await transport.send(POST)
        finally:
            await transport.aclose()

    asyncio.run(main())


def test_a_name_that_does_not_resolve_is_provably_not_sent():
    async def main():
        transport = NetworkTransport("http://nowhere.invalid")
        try:
            with pytest.raises(NotSent, match="ClientConnectorDNSError"):
                await transport.send(POST)
        finally:
            await transport.aclose()

    asyncio.run(main())


def test_a_server_that_reads_and_closes_may_have_done_it(scripted_server):
    [error], seen = exchange(scripted_server(None), POST)
    assert type(error) is Lost
    assert len(seen.requests) == 1


@pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE", "GET"])
def test_no_request_is_repeated_blindly_on_a_kept_connection_that_breaks(
    scripted_server, http, method
):
    # aiohttp by itself would send GET and DELETE a second time
    server = scripted_server(http(), None, http())

    async def main():
        async with server as it:
            it.keep = True
            transport = NetworkTransport(it.url)
            await transport.send(GET)
            with pytest.raises(Lost):
                await transport.send(Request(method, "/x", timeout=5))
            await transport.aclose()
            return it

    seen = asyncio.run(main())
    assert seen.connections == 1
    assert len(seen.requests) == 2


def test_connections_are_kept_for_the_next_request(scripted_server, http):
    server = scripted_server(http())

    async def main():
        async with server as it:
            it.keep = True
            transport = NetworkTransport(it.url)
            for _ in range(3):
                await transport.send(GET)
            await transport.aclose()
            return it

    seen = asyncio.run(main())
    assert (seen.connections, len(seen.requests)) == (1, 3)


@pytest.mark.parametrize(
    "reply",
    [
        b"garbage\r\n\r\n",
        b"\x00\xff\xfe\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf",
        b"HTTP/1.1 200 OK\r\nContent-Length: minus\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"a" * 100_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Encoding: gzip\r\n\r\n{}",
        b"HTTP/1.1 200 O",
    ],
    ids=[
        "no-http", "bytes", "half-a-body", "length-no-number", "half-a-chunk",
        "chunk-no-number", "endless-header", "not-packed", "half-a-head",
    ],
)  # fmt: skip
def test_an_answer_that_is_not_whole_is_lost(scripted_server, reply):
    [error], seen = exchange(scripted_server(reply), POST)
    assert isinstance(error, Lost)
    assert len(seen.requests) == 1


def test_one_byte_now_and_then_ends_at_the_deadline_of_the_whole_request(scripted_server):
    slow = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nx"

    async def main():
        async with scripted_server(slow) as it:
            it.hold = asyncio.Event()
            transport = NetworkTransport(it.url)
            with pytest.raises(TimedOut, match=r"within 0\.15 s"):
                await transport.send(Request("POST", "/projects", body=b"{}", timeout=0.15))
            await transport.aclose()

    asyncio.run(main())


def test_a_connection_that_is_never_taken_is_provably_not_sent():
    async def main():
        with socket.socket() as full:  # its backlog is used up, so that connecting hangs
            full.bind(("127.0.0.1", 0))
            full.listen(0)
            port = full.getsockname()[1]
            waiting = [socket.socket() for _ in range(3)]
            for each in waiting:
                each.setblocking(False)
                each.connect_ex(("127.0.0.1", port))
            transport = NetworkTransport(f"http://127.0.0.1:{port}")
            try:
                with pytest.raises(NotSent, match="ConnectionTimeoutError"):
                    await transport.send(Request("POST", "/x", body=b"{}", timeout=0.3))
            finally:
                await transport.aclose()
                for each in waiting:
                    each.close()

    asyncio.run(main())


def test_a_packed_answer_is_unpacked(scripted_server, http):
    body = gzip.compress(b'{"data":[]}')
    [response], seen = exchange(scripted_server(http(200, body, Content_Encoding="gzip")), GET)
    assert response.body == b'{"data":[]}'
    assert b"Accept-Encoding: gzip\r\n" in seen.requests[0]


def test_an_answer_beyond_the_limit_is_not_read_to_its_end(scripted_server, http, monkeypatch):
    monkeypatch.setattr(limits, "MAX_ANSWER_BYTES", 1000)
    [error], _ = exchange(scripted_server(http(200, b"x" * 1001)), GET)
    assert isinstance(error, TooLarge)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_an_answer_and_is_not_followed(scripted_server, http, status):
    target = f"http://127.0.0.1:{unused_port()}/elsewhere"
    [response], seen = exchange(scripted_server(http(status, Location=target)), GET)
    assert response.status == status
    assert len(seen.requests) == 1


def test_cookies_are_not_kept(scripted_server, http):
    async def main():
        async with scripted_server(http(200, b"{}", Set_Cookie="a=b; Path=/")) as it:
            it.keep = True
            transport = NetworkTransport(it.url)
            await transport.send(GET)
            await transport.send(GET)
            await transport.aclose()
            return it.requests[1]

    assert b"ookie" not in asyncio.run(main())


def test_netrc_is_not_read(scripted_server, http, tmp_path, monkeypatch):
    (tmp_path / ".netrc").write_text(f"machine 127.0.0.1 login x password {CANARY}\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    _, seen = exchange(scripted_server(http()), GET)
    assert b"uthorization" not in seen.requests[0]


def tls_server(scripted_server, certificate, *answers):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    return scripted_server(*answers, tls=context)


def send_over_tls(server, host):
    async def main():
        async with server as it:
            transport = NetworkTransport(f"https://{host}:{it.port}", token=Token(CANARY))
            try:
                return await transport.send(GET)
            except NotSent as error:
                return error
            finally:
                await transport.aclose()
                assert it.requests == [] or it.requests[0].startswith(b"GET /projects")

    return asyncio.run(main())


def test_a_certificate_that_nobody_vouches_for_is_refused_before_anything_is_sent(
    scripted_server, http, certificate
):
    error = send_over_tls(tls_server(scripted_server, certificate, http()), "127.0.0.1")
    assert isinstance(error, NotSent)
    assert "certificate verify failed" in str(error)


def test_the_usual_variable_names_whom_to_trust(scripted_server, http, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    response = send_over_tls(tls_server(scripted_server, certificate, http()), "127.0.0.1")
    assert response.status == 200


def test_a_certificate_of_another_name_is_refused(scripted_server, http, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    error = send_over_tls(tls_server(scripted_server, certificate, http()), "127.0.0.2")
    assert isinstance(error, NotSent)


def test_certificates_that_cannot_be_read_are_named_before_anything_is_sent(
    scripted_server, http, certificate, monkeypatch
):
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere/at-all.pem")
    error = send_over_tls(tls_server(scripted_server, certificate, http()), "127.0.0.1")
    assert isinstance(error, NotSent)
    assert "no connection can be made: FileNotFoundError" in str(error)


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:1080", "ftp://proxy.example"])
def test_a_proxy_that_cannot_be_used_is_named_before_anything_is_sent(monkeypatch, proxy):
    monkeypatch.setenv("https_proxy", proxy)

    async def main():
        transport = NetworkTransport("https://api.example")
        with pytest.raises(NotSent, match="no connection can be made"):
            await transport.send(POST)
        await transport.aclose()

    asyncio.run(main())


def test_tls_to_a_server_that_speaks_none_is_not_sent(scripted_server, http):
    async def main():
        async with scripted_server(http()) as it:
            transport = NetworkTransport(it.url.replace("http:", "https:"))
            with pytest.raises(NotSent):
                await transport.send(Request("GET", "/x", timeout=0.4))
            await transport.aclose()

    asyncio.run(main())


def test_a_tunnel_that_the_proxy_refuses_is_not_sent_and_the_proxy_gets_its_own_key_alone(
    scripted_server, http, monkeypatch
):
    async def main():
        async with scripted_server(http(407)) as it:
            monkeypatch.setenv("https_proxy", f"http://me:secret@127.0.0.1:{it.port}")
            transport = NetworkTransport("https://api.example", token=Token(CANARY))
            with pytest.raises(NotSent, match="407"):
                await transport.send(POST)
            await transport.aclose()
            return it.requests

    [request] = asyncio.run(main())
    assert request.startswith(b"CONNECT api.example:443")
    assert b"Proxy-Authorization: Basic bWU6c2VjcmV0\r\n" in request
    assert CANARY.encode() not in request


def test_a_proxy_without_credentials_gets_none(scripted_server, http, monkeypatch):
    async def main():
        async with scripted_server(http(503)) as it:
            monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{it.port}")
            transport = NetworkTransport("https://api.example")
            with pytest.raises(NotSent, match="503"):
                await transport.send(POST)
            await transport.aclose()
            return it.requests

    [request] = asyncio.run(main())
    assert b"uthorization" not in request


@pytest.mark.parametrize("host", ["127.0.0.1:8787", "localhost", "[::1]:80", "127.8.9.1"])
def test_this_machine_is_never_reached_through_a_proxy(monkeypatch, host):
    monkeypatch.setenv("http_proxy", "http://proxy.example:3128")
    assert proxy_for(f"http://{host}/v1") is None


def test_proxies_come_from_the_usual_variables(monkeypatch):
    monkeypatch.setenv("https_proxy", "http://secure.example")
    monkeypatch.setenv("all_proxy", "http://any.example")
    monkeypatch.setenv("no_proxy", "inside.example")
    assert proxy_for("https://api.example") == "http://secure.example"
    assert proxy_for("http://api.example") == "http://any.example"
    assert proxy_for("https://api.inside.example") is None


def test_no_variable_means_no_proxy():
    assert proxy_for("https://api.example") is None


def test_closing_what_was_never_opened_is_fine():
    asyncio.run(NetworkTransport("http://127.0.0.1:1").aclose())
