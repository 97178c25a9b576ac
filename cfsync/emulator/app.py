"""The emulator as an ASGI application, by hand: one endpoint, which `Routes` takes from there."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final, TypeAlias
from urllib.parse import urlsplit

from cfsync.emulator.answers import Answer
from cfsync.emulator.api import Api
from cfsync.emulator.together import Together
from cfsync.model.ports import Lost, NotSent

Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
App: TypeAlias = Callable[[Message, Receive, Send], Awaitable[None]]

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
    base, together = base_path(api).encode(), Together(api)

    async def app(scope: Message, receive: Receive, send: Send) -> None:
        close = scope.get("extensions", {}).get(CLOSE)
        body = await _body(receive)
        if body is None:
            return
        target, headers = _target(scope, base), _headers(scope)
        try:
            answer = await together.handle(scope["method"], target, headers, body)
        except (Lost, NotSent):
            if close is None:
                raise
            await _hang_up(close, receive)
            return
        await _send(answer, send)
        if answer.is_cut and close is not None:
            await _hang_up(close, receive)

    return app


async def _body(receive: Receive) -> bytes | None:
    """None: whoever asked is gone."""
    parts: list[bytes] = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts)


def _headers(scope: Message) -> dict[str, str]:
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}


def _target(scope: Message, base: bytes) -> str:
    """Path and query as they came, percent signs and all, without the base path."""
    path: bytes = scope["raw_path"].partition(b"?")[0]
    if path.startswith(base + b"/"):
        path = path[len(base) :]
    query: bytes = scope["query_string"]
    return (path + b"?" + query if query else path).decode("latin-1")


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
