"""The emulator on a port: uvicorn's protocol on our own loop, so that it starts and ends fast."""

import asyncio
import signal
import socket
from asyncio import AbstractEventLoop
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from cfsync.emulator.api import ANY_TOKEN, Api
from cfsync.emulator.app import CLOSE, base_path, create_app
from cfsync.emulator.opening import open_api
from cfsync.errors import CfsyncError

_GRACE: Final = 1.0
"""Seconds that requests in flight get when the server ends."""


class _Protocol(HttpToolsProtocol):
    """Lets the application close the connection, which ASGI has no word for."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        extensions: dict[str, Any] = {CLOSE: self.transport.close}
        self.scope["extensions"] = extensions


def listen(host: str = "127.0.0.1", port: int = 0) -> socket.socket:
    """A socket that takes connections from now on. Raises CfsyncError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio sets TCP_NODELAY only where the protocol is named; without it an answer takes 40 ms
    sock = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((host, port))
        sock.listen(1024)
    except OSError as error:
        sock.close()
        raise CfsyncError(
            f"cannot listen on {host}:{port}",
            why=error.strerror or str(error),
            next_step="cfsync emulator --port 0  # any free port",
        ) from error
    sock.setblocking(False)
    return sock


def url_of(sock: socket.socket, api: Api) -> str:
    host, port = sock.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}{base_path(api)}"


async def run(api: Api, sock: socket.socket, stop: asyncio.Event) -> None:
    """Serve until told to stop; then requests in flight get a moment, idle connections none."""
    loop = asyncio.get_running_loop()
    config = uvicorn.Config(
        create_app(api), lifespan="off", ws="none", log_config=None, log_level="critical",
        access_log=False, proxy_headers=False, server_header=False, date_header=False,
    )  # fmt: skip
    config.load()
    state = ServerState()

    def connect() -> asyncio.Protocol:
        return _Protocol(config=config, server_state=state, app_state={}, _loop=loop)

    server = await loop.create_server(connect, sock=sock)
    try:
        await stop.wait()
    finally:
        server.close()
        await _drain(state)


async def _drain(state: Any) -> None:
    for connection in list(state.connections):
        connection.shutdown()
    if state.tasks:
        await asyncio.wait(state.tasks, timeout=_GRACE)
    for task in list(state.tasks):
        task.cancel()
    for connection in list(state.connections):
        connection.transport.abort()
    # each takes itself out in one of the loop's next rounds
    while state.connections or state.tasks:  # noqa: ASYNC110 - uvicorn tells nobody
        await asyncio.sleep(0)


def serve(
    host: str = "127.0.0.1",
    port: int = 8787,
    db: Path | None = None,
    faults: Iterable[str] = (),
    *,
    token: str = ANY_TOKEN,
    seed: int | None = None,
    announce: Callable[[str], None] = print,
) -> None:
    """Serve until interrupted or terminated. `announce` gets the URL once connections are taken.

    Raises CfsyncError for the port or the database, UsageError for a fault.
    """
    api = open_api(db, token=token, faults=faults, seed=seed)
    try:
        with listen(host, port) as sock:
            asyncio.run(_until_signal(api, sock, announce))
    finally:
        api.close()


async def _until_signal(api: Api, sock: socket.socket, announce: Callable[[str], None]) -> None:
    loop: AbstractEventLoop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    announce(url_of(sock, api))  # not before a signal would end us cleanly
    await run(api, sock, stop)
