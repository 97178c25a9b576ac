"""The network: httpx's interface on aiohttp's connections.

Why not httpx's own pool: it walks all connections for every queued request. Measured with 1,500
POSTs against a canned server on loopback (two cores, Python 3.11, median of three):

    at once                                       16          64
    one httpx.AsyncClient                      562/s       222/s
    an AsyncClient for each worker           1,515/s     1,474/s
    AsyncClient on httpx-aiohttp             4,070/s     4,056/s
    httpx-aiohttp's transport, called here   6,762/s     6,146/s

Calling the transport directly also leaves out what this program must not have: cookies,
redirects, credentials from the URL, log lines of every request.
"""

import asyncio
import ssl
from typing import Final
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

from cfsync import limits
from cfsync.model.ports import Lost, NotSent, Request, Response
from cfsync.remote.body import ACCEPT_ENCODING, whole
from cfsync.remote.lost import TimedOut
from cfsync.remote.token import Token

KEEP_ALIVE: Final = 4.0
"""Seconds that an idle connection is kept: less than the five after which common servers close
theirs, since a request on a connection that is just being closed has an unknown outcome."""


class NetworkTransport:
    """Connections to one base URL; the first request opens them. Close it when done."""

    def __init__(self, url: str, *, token: Token | None = None) -> None:
        self._url = url.rstrip("/")
        self._token = token
        self._http: AiohttpTransport | None = None

    async def send(self, request: Request) -> Response:
        try:
            async with asyncio.timeout(request.timeout):
                return await self._exchange(request)
        except (NotSent, Lost):
            raise
        except TimeoutError as error:
            raise TimedOut(request.timeout) from error
        except (httpx.HTTPError, aiohttp.ClientError, OSError, ValueError) as error:
            # aiohttp's own errors come through unmapped where httpx-aiohttp does not know them
            raise Lost(_words(error)) from error

    async def aclose(self) -> None:
        if self._http is not None:
            await self._http.aclose()

    async def _exchange(self, request: Request) -> Response:
        http, wire = self._prepared(request)
        answer = await http.handle_async_request(wire)
        try:
            headers = {
                name.decode("latin-1").lower(): value.decode("latin-1")
                for name, value in answer.headers.raw
            }
            body = await whole(answer.aiter_raw(), headers.get("content-encoding", ""))
        finally:
            await answer.aclose()
        return Response(answer.status_code, headers, body)

    def _prepared(self, request: Request) -> tuple[AiohttpTransport, httpx.Request]:
        try:
            if self._http is None:
                self._http = _connections(self._url)
            return self._http, self._wire(request)
        except (OSError, ValueError, httpx.InvalidURL) as error:
            # certificates that cannot be read, a proxy's address that is none
            raise NotSent(f"no connection can be made: {_words(error)}") from error

    def _wire(self, request: Request) -> httpx.Request:
        headers = {"Accept-Encoding": ACCEPT_ENCODING, **request.headers}
        if self._token is not None:
            headers["Authorization"] = self._token.header()
        connect = min(limits.CONNECT_TIMEOUT, request.timeout / 2)
        return httpx.Request(
            request.method,
            self._url + request.path,
            headers=headers,
            content=request.body,
            extensions={"timeout": {"connect": connect, "pool": connect}},
        )


def proxy_for(url: str) -> str | None:
    """What `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY` say.

    Never a proxy for this machine: the key may go there in plain text only because it stays here.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    if _is_loopback(host) or proxy_bypass(host):
        return None
    proxies = getproxies()
    return proxies.get(parts.scheme) or proxies.get("all")


def _is_loopback(host: str) -> bool:
    return host in ("localhost", "::1") or host.startswith("127.")


def _connections(url: str) -> AiohttpTransport:
    https = url.startswith("https:")
    proxy = proxy_for(url)
    through = None if proxy is None else _proxy(proxy)
    # honours SSL_CERT_FILE and SSL_CERT_DIR; reading the CA bundle is left out where nothing is
    # verified: an empty context trusts nobody
    trust = httpx.create_ssl_context() if https else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    session = aiohttp.ClientSession(
        # who may be under way at once is decided above, so that nobody waits here unseen
        connector=aiohttp.TCPConnector(limit=0, ssl=trust, keepalive_timeout=KEEP_ALIVE),
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
        timeout=aiohttp.ClientTimeout(),
        trust_env=False,  # it would read .netrc
        middlewares=(_once,),
    )
    return AiohttpTransport(client=session, verify=trust, proxy=through)


def _proxy(url: str) -> httpx.Proxy:
    """With its credentials as a header: aiohttp is about to drop the other way."""
    proxy = httpx.Proxy(url)
    if proxy.url.scheme not in ("http", "https"):
        raise ValueError(f"proxies of the kind {proxy.url.scheme} are not supported")
    if proxy.auth is None:
        return proxy
    headers = {"Proxy-Authorization": aiohttp.encode_basic_auth(*proxy.auth)}
    return httpx.Proxy(proxy.url, headers=headers)


async def _once(
    request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
) -> aiohttp.ClientResponse:
    """Let the connection itself say whether anything was sent, and send nothing twice.

    httpx's exception classes cannot tell: a server that closes after it has read the request
    looks like one that refused the connection. And aiohttp would repeat a DELETE by itself on a
    kept-alive connection that breaks; it does not know the errors raised here, so it cannot.
    """
    try:
        return await handler(request)
    except (
        aiohttp.ClientConnectorError,  # DNS, refused, TLS, certificate, proxy not reached
        aiohttp.ConnectionTimeoutError,
        aiohttp.ClientHttpProxyError,  # the proxy refused the tunnel
    ) as error:
        raise NotSent(_words(error)) from error
    except (aiohttp.ClientError, OSError) as error:
        raise Lost(_words(error)) from error


def _words(error: BaseException) -> str:
    text = str(error)[: limits.MAX_REMOTE_TEXT]
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
