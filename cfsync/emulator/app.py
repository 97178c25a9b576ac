"""The emulator as an ASGI application. Bare ASGI: a framework would answer where a fault drops."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any, Final, TypeAlias
from urllib.parse import urlsplit

from cfsync.emulator.answers import Answer
from cfsync.emulator.api import Api
from cfsync.model.ports import Lost, NotSent

Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
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
    prefix = base_path(api)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise RuntimeError(f"the emulator does not speak {scope['type']}")
        close = scope.get("extensions", {}).get(CLOSE)
        body = await _body(receive)
        try:
            answer = api.handle(scope["method"], _target(scope, prefix), _headers(scope), body)
        except (Lost, NotSent):
            if close is None:
                raise
            await _hang_up(close, receive)
            return
        await _send(answer, send)
        if answer.is_cut and close is not None:
            await _hang_up(close, receive)

    return app


async def _body(receive: Receive) -> bytes:
    message = await receive()
    body: bytes = message.get("body", b"")
    while message.get("more_body"):
        message = await receive()
        body += message.get("body", b"")
    return body


def _target(scope: Scope, prefix: str) -> str:
    path: str = scope["raw_path"].partition(b"?")[0].decode("latin-1")
    if path.startswith(prefix + "/"):
        path = path[len(prefix) :]
    query: bytes = scope["query_string"]
    return f"{path}?{query.decode('latin-1')}" if query else path


def _headers(scope: Scope) -> dict[str, str]:
    pairs: Iterable[tuple[bytes, bytes]] = scope["headers"]
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in pairs}


async def _send(answer: Answer, send: Send) -> None:
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
