"""The network: aiohttp's connections, called without anything in between.

Measured with 1,500 POSTs against a canned server on loopback (two cores, Python 3.11, median of
three):

    at once                                       16          64
    one httpx.AsyncClient                      562/s       222/s
    an AsyncClient for each worker           1,515/s     1,474/s
    AsyncClient on httpx-aiohttp             4,070/s     4,056/s
    httpx-aiohttp's transport, called here   6,762/s     6,146/s

httpx's own pool walks all connections for every queued request. aiohttp called here, in turns with
the last line: 131 against 213 microseconds of processor time a request, 1.5 times the requests a
second, and a tenth of a second less of imports. It also leaves out what this program must not
have: cookies, redirects, credentials from the URL, log lines of every request.
"""

import asyncio
import os
import ssl
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
from yarl import URL

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
        self._connections: Connections | None = None

    async def send(self, request: Request) -> Response:
        try:
            async with asyncio.timeout(request.timeout):
                return await self._exchange(request)
        except (NotSent, Lost):
            raise
        except TimeoutError as error:
            raise TimedOut(request.timeout) from error
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise Lost(_words(error)) from error

    async def aclose(self) -> None:
        if self._connections is not None:
            await self._connections.session.close()

    async def _exchange(self, request: Request) -> Response:
        to = self._opened()
        async with to.session.request(
            request.method,
            URL(to.base + request.path, encoded=True),
            headers=self._headers(request),
            data=request.body,
            allow_redirects=False,
            timeout=_patience(request.timeout),
            proxy=to.proxy,
            proxy_headers=to.proxy_headers,
        ) as answer:
            headers = {name.lower(): value for name, value in answer.headers.items()}
            body = await whole(answer.content.iter_any(), headers.get("content-encoding", ""))
            return Response(answer.status, headers, body)

    def _opened(self) -> "Connections":
        if self._connections is None:
            try:
                self._connections = connections(self._url)
            except (OSError, ValueError) as error:
                # certificates that cannot be read, a proxy's address that is none
                raise NotSent(f"no connection can be made: {_words(error)}") from error
        return self._connections

    def _headers(self, request: Request) -> dict[str, str]:
        headers = {"Accept-Encoding": ACCEPT_ENCODING, **request.headers}
        if self._token is not None:
            headers["Authorization"] = self._token.header()
        return headers


@dataclass(frozen=True, slots=True)
class Connections:
    session: aiohttp.ClientSession
    base: str
    proxy: URL | None
    proxy_headers: dict[str, str] | None


@lru_cache(maxsize=8)
def _patience(timeout: float) -> aiohttp.ClientTimeout:
    """For connecting; the whole request's time is counted around it."""
    connect = min(limits.CONNECT_TIMEOUT, timeout / 2)
    return aiohttp.ClientTimeout(connect=connect, sock_connect=connect)


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


def connections(url: str) -> Connections:
    base = URL(url)
    proxy, proxy_headers = _proxy(proxy_for(url))
    session = aiohttp.ClientSession(
        # who may be under way at once is decided above, so that nobody waits here unseen
        connector=aiohttp.TCPConnector(limit=0, ssl=_trust(url), keepalive_timeout=KEEP_ALIVE),
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
        timeout=aiohttp.ClientTimeout(),
        trust_env=False,  # it would read .netrc
        middlewares=(_once,),
    )
    return Connections(session, str(base).rstrip("/"), proxy, proxy_headers)


def _trust(url: str) -> ssl.SSLContext:
    """`SSL_CERT_FILE`, `SSL_CERT_DIR`, else certifi's bundle. Raises OSError."""
    if not url.startswith("https:"):
        # reading the bundle is left out where nothing is verified: this one trusts nobody
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if file := os.environ.get("SSL_CERT_FILE"):
        return ssl.create_default_context(cafile=file)
    if folder := os.environ.get("SSL_CERT_DIR"):
        return ssl.create_default_context(capath=folder)
    import certifi  # noqa: PLC0415 - for https alone

    return ssl.create_default_context(cafile=certifi.where())


def _proxy(address: str | None) -> tuple[URL | None, dict[str, str] | None]:
    """With its credentials as a header: aiohttp is about to drop the other way."""
    if address is None:
        return None, None
    proxy = URL(address)
    if proxy.scheme not in ("http", "https") or not proxy.host:
        raise ValueError(f"proxies of the kind {proxy.scheme or address!r} are not supported")
    if proxy.user is None:
        return proxy, None
    basic = aiohttp.encode_basic_auth(proxy.user, proxy.password or "")
    return proxy.with_user(None), {"Proxy-Authorization": basic}


async def _once(
    request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
) -> aiohttp.ClientResponse:
    """Let the connection itself say whether anything was sent, and send nothing twice.

    An error's class alone does not tell it above: what is raised here is all that is believed
    there. And aiohttp would repeat a DELETE by itself on a
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
