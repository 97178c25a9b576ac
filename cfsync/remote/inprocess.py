"""`local:` environments: the API's application called in this process, no socket in between."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from typing import Any, Final, TypeAlias

import httpx

from cfsync.model.ports import Lost, NotSent, Request, Response
from cfsync.remote.body import whole
from cfsync.remote.lost import TimedOut
from cfsync.remote.token import Token

Message: TypeAlias = MutableMapping[str, Any]
ASGI: TypeAlias = Callable[
    [Message, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]],
    Awaitable[None],
]

_ORIGIN: Final = "http://local"
"""Nobody listens there: httpx asks for a whole URL."""


class InProcessTransport:
    def __init__(self, app: ASGI, *, prefix: str = "", token: Token | None = None) -> None:
        self._http = httpx.ASGITransport(app)
        self._prefix = prefix
        self._token = token

    async def send(self, request: Request) -> Response:
        try:
            async with asyncio.timeout(request.timeout):
                return await self._exchange(request)
        except (NotSent, Lost):  # an application made for tests says it itself
            raise
        except TimeoutError as error:
            raise TimedOut(request.timeout) from error
        except AssertionError as error:  # how httpx says that the application did not finish
            raise Lost("the local API ended without a whole answer") from error
        except Exception as error:
            raise Lost(f"the local API failed: {type(error).__name__}") from error

    async def _exchange(self, request: Request) -> Response:
        answer = await self._http.handle_async_request(self._wire(request))
        headers = {
            name.decode("latin-1").lower(): value.decode("latin-1")
            for name, value in answer.headers.raw
        }
        packed = [part async for part in answer.aiter_raw()]
        promised, size = headers.get("content-length", ""), sum(map(len, packed))
        if promised.isdecimal() and int(promised) != size:
            raise Lost(f"the answer has {size} bytes of {promised} promised")
        body = await whole(_chunks(packed), headers.get("content-encoding", ""))
        return Response(answer.status_code, headers, body)

    def _wire(self, request: Request) -> httpx.Request:
        headers = dict(request.headers)
        if self._token is not None:
            headers["Authorization"] = self._token.header()
        url = _ORIGIN + self._prefix + request.path
        return httpx.Request(request.method, url, headers=headers, content=request.body)


async def _chunks(parts: list[bytes]) -> AsyncIterator[bytes]:
    for part in parts:
        yield part
