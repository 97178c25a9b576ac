"""The emulator for tests: served on a free port from a thread, or in this very process."""

import asyncio
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cfsync.contract import Contract
from cfsync.emulator.api import ANY_TOKEN, Api
from cfsync.emulator.faults import Fault
from cfsync.emulator.opening import open_api
from cfsync.model.ports import Clock, Lost, Request, Response

TOKEN = "test-token-8c1f"


@dataclass(frozen=True, slots=True)
class Serving:
    url: str
    """With the base path: http://127.0.0.1:PORT/v1"""
    api: Api
    """The heart of the same server: log, state(), designer, faults."""

    @property
    def port(self) -> int:
        return int(self.url.split(":")[2].split("/")[0])


@contextmanager
def serving(
    *,
    faults: Iterable[Fault | str] = (),
    db: Path | None = None,
    token: str | None = ANY_TOKEN,
    contract: Contract | None = None,
    seed: int | None = 1,
) -> Iterator[Serving]:
    """An emulator over HTTP; without `db` in memory. Any bearer token will do, but one has to."""
    from cfsync.emulator.server import listen, run, url_of

    api = open_api(db, contract=contract, token=token, faults=faults, seed=seed)
    sock = listen()
    serving = Serving(url_of(sock, api), api)  # the kernel queues connections from here on
    ready = threading.Event()
    handles = []

    async def main() -> None:
        stop = asyncio.Event()
        handles.append((asyncio.get_running_loop(), stop))
        ready.set()
        await run(api, sock, stop)

    thread = threading.Thread(target=asyncio.run, args=(main(),), name="emulator")
    thread.start()
    ready.wait()
    try:
        yield serving
    finally:
        loop, stop = handles[0]
        loop.call_soon_threadsafe(stop.set)
        thread.join()
        sock.close()
        api.close()


@contextmanager
def in_process(
    *, faults: Iterable[Fault | str] = (), db: Path | None = None, seed: int | None = 1
) -> Iterator[Api]:
    """The heart alone, on the real clock, asking for no token."""
    api = open_api(db, faults=faults, seed=seed)
    try:
        yield api
    finally:
        api.close()


class InProcess:
    """A Transport over the heart alone: thousands of requests a second, delays on a given clock."""

    def __init__(self, api: Api, clock: Clock) -> None:
        self.api = api
        self._clock = clock

    async def send(self, request: Request) -> Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        body = request.body or b""
        answer = self.api.handle(request.method, request.path, headers, body)
        seconds = answer.delay + answer.pace * len(answer.body)
        if seconds:
            await self._clock.sleep(min(seconds, request.timeout))
        if seconds > request.timeout:
            raise Lost(f"no whole answer within {request.timeout:g} s")
        if answer.is_cut:
            raise Lost("the connection closed in the middle of the answer")
        return Response(answer.status, answer.headers, answer.body)
