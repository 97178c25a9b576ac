"""`local:` environments: the API's application called in this process, no socket in between.

An own caller rather than httpx.ASGITransport: this is all of it that is needed, and importing
it alone would cost every command on `local:` a tenth of a second.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from typing import Any, Final, TypeAlias
from urllib.parse import unquote

from cfsync.model.ports import Lost, NotSent, Request, Response
from cfsync.remote.body import whole
from cfsync.remote.lost import TimedOut
from cfsync.remote.token import Token

Message: TypeAlias = MutableMapping[str, Any]
ASGI: TypeAlias = Callable[
    [Message, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]],
    Awaitable[None],
]

_SCOPE: Final = {
    "type": "http",
    "asgi": {"version": "3.0"},
    "http_version": "1.1",
    "scheme": "http",
    "root_path": "",
    "server": ("local", 80),
    "client": ("127.0.0.1", 0),
}


class InProcessTransport:
    def __init__(self, app: ASGI, *, prefix: str = "", token: Token | None = None) -> None:
        self._app = app
        self._prefix = prefix
        self._token = token

    async def send(self, request: Request) -> Response:
        call = _Call(request.body or b"")
        try:
            async with asyncio.timeout(request.timeout):
                await self._app(self._scope(request), call.receive, call.send)
            return await call.response()
        except (NotSent, Lost):  # an application made for tests says it itself
            raise
        except TimeoutError as error:
            raise TimedOut(request.timeout) from error
        except Exception as error:
            raise Lost(f"the local API failed: {type(error).__name__}") from error

    def _scope(self, request: Request) -> Message:
        path, _, query = (self._prefix + request.path).partition("?")
        headers = dict(request.headers)
        if self._token is not None:
            headers["Authorization"] = self._token.header()
        if request.body is not None:
            headers["Content-Length"] = str(len(request.body))
        return _SCOPE | {
            "method": request.method,
            "path": unquote(path),
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "headers": [
                (name.lower().encode("latin-1"), value.encode("latin-1"))
                for name, value in headers.items()
            ],
            "state": {},
        }


class _Call:
    """One request as the application sees it, and what it answers."""

    def __init__(self, body: bytes) -> None:
        self._body: bytes | None = body
        self._status = 0
        self._headers: dict[str, str] = {}
        self._parts: list[bytes] = []
        self._ended = asyncio.Event()

    async def receive(self) -> Message:
        if self._body is None:
            await self._ended.wait()
            return {"type": "http.disconnect"}
        body, self._body = self._body, None
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            self._headers = {
                name.decode("latin-1").lower(): value.decode("latin-1")
                for name, value in message.get("headers", ())
            }
        elif message["type"] == "http.response.body":
            self._parts.append(bytes(message.get("body", b"")))
            if not message.get("more_body", False):
                self._ended.set()

    async def response(self) -> Response:
        """Raises Lost where the application stopped half-way."""
        promised = self._headers.get("content-length", "")
        size = sum(map(len, self._parts))
        if not self._status or not self._ended.is_set():
            raise Lost("the local API ended without a whole answer")
        if promised.isdecimal() and int(promised) != size:
            raise Lost(f"the answer has {size} bytes of {promised} promised")
        body = await whole(self._chunks(), self._headers.get("content-encoding", ""))
        return Response(self._status, self._headers, body)

    async def _chunks(self) -> AsyncIterator[bytes]:
        for part in self._parts:
            yield part
