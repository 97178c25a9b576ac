"""The emulator as an ASGI application.

Starlette's router and requests, but not its `Starlette` class: that one answers 500 by itself
where a fault drops the connection.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, TypeAlias
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.routing import Mount, Router
from starlette.types import Receive, Scope, Send

from cfsync.emulator.answers import Answer
from cfsync.emulator.api import Api
from cfsync.model.ports import Lost, NotSent

App: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]

CLOSE: Final = "cfsync.close"
"""ASGI extension of our own server: a function that closes the connection as it is."""


def base_path(api: Api) -> str:
    """Of the contract's servers: `/v1`."""
    url: str = api.contract.document["servers"][0]["url"]
    return urlsplit(url).path


def create_app(api: Api) -> App:
    """Serves below the contract's base path, and at the root alike.

    A lost answer closes the connection without a byte where the server can; elsewhere (in a test
    that calls the application in-process) Lost or NotSent goes through to the caller.
    """

    async def endpoint(scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive, send)
        close = scope.get("extensions", {}).get(CLOSE)
        body = await request.body()
        try:
            answer = api.handle(request.method, _target(request), dict(request.headers), body)
        except (Lost, NotSent):
            if close is None:
                raise
            await _hang_up(close, receive)
            return
        await _send(answer, send)
        if answer.is_cut and close is not None:
            await _hang_up(close, receive)

    return Router([Mount(base_path(api), app=endpoint)], default=endpoint)


def _target(request: Request) -> str:
    """Path and query as they came, percent signs and all, without what the router took off."""
    raw: bytes = request.scope["raw_path"]
    query: bytes = request.scope["query_string"]
    path = raw.partition(b"?")[0].decode("latin-1").removeprefix(request.scope.get("root_path", ""))
    return f"{path}?{query.decode('latin-1')}" if query else path


async def _send(answer: Answer, send: Send) -> None:
    """By hand: a response of Starlette's cannot stop in the middle."""
    if answer.delay:
        await asyncio.sleep(answer.delay)
    headers = [(name.encode(), value.encode("latin-1")) for name, value in answer.headers.items()]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    if answer.pace:
        for byte in answer.body:
            await send({"type": "http.response.body", "body": bytes([byte]), "more_body": True})
            await asyncio.sleep(answer.pace)
    rest = b"" if answer.pace else answer.body
    await send({"type": "http.response.body", "body": rest, "more_body": answer.is_cut})


async def _hang_up(close: Callable[[], None], receive: Receive) -> None:
    close()
    while (await receive())["type"] != "http.disconnect":
        pass  # the server would answer 500 for us if we returned before it noticed
