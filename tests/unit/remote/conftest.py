"""Virtual time, scripted servers, canned transports."""

import asyncio
import contextlib
import json
import random
import selectors
import ssl
from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from cfsync.contract import load
from cfsync.model.ports import Request, Response
from cfsync.remote.client import Remote


class _Jump(selectors.DefaultSelector):
    """Never blocks: the time that it was asked to wait has passed at once."""

    passed = 0.0

    def select(self, timeout=None):
        ready = super().select(0)
        if not ready and timeout:
            self.passed += timeout
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    """Its clock jumps to the next timer instead of waiting for it."""

    def __init__(self) -> None:
        self._jump = _Jump()
        super().__init__(self._jump)

    def time(self) -> float:
        return self._jump.passed


class LoopClock:
    """A Clock of the loop's time; wall time starts at a fixed moment."""

    EPOCH = 1_800_000_000.0

    def now(self) -> float:
        return self.EPOCH + self.monotonic()

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


def run_virtually(main: Coroutine[Any, Any, Any]) -> Any:
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(main)


@pytest.fixture
def virtually() -> Callable[[Coroutine[Any, Any, Any]], Any]:
    """Run a coroutine to its end in virtual time."""
    return run_virtually


@pytest.fixture
def clock() -> LoopClock:
    return LoopClock()


@pytest.fixture
def dice() -> random.Random:
    return random.Random(7)


async def read_request(reader: asyncio.StreamReader) -> bytes:
    """One request, head and body; empty where the client closed instead."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return b""
    lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    return head + await reader.readexactly(int(lengths[0][15:]) if lengths else 0)


@contextlib.asynccontextmanager
async def scripted(
    *answers: bytes | None, tls: ssl.SSLContext | None = None
) -> AsyncIterator["Scripted"]:
    """A server that answers its n-th request with the n-th of these bytes, and then closes.

    None: read the request and close without a byte. `keep` in `Scripted` keeps connections open.
    """
    server = Scripted(list(answers))
    listener = await asyncio.start_server(server.connected, "127.0.0.1", 0, ssl=tls)
    server.port = listener.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listener.close()
        for task in list(server.tasks):
            task.cancel()
        await asyncio.gather(*server.tasks, return_exceptions=True)


class Scripted:
    """What came in, byte for byte, is in `requests`."""

    def __init__(self, answers: list[bytes | None]) -> None:
        self.answers = answers
        self.requests: list[bytes] = []
        self.connections = 0
        self.keep = False
        self.hold: asyncio.Event | None = None
        self.port = 0
        self.tasks: set[asyncio.Task[Any]] = set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self.tasks.add(task)
        self.connections += 1
        try:
            await self._talk(reader, writer)
        finally:
            self.tasks.discard(task)
            writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while request := await read_request(reader):
            self.requests.append(request)
            answer = self.answers[min(len(self.requests), len(self.answers)) - 1]
            if answer is None:
                return
            writer.write(answer)
            await writer.drain()
            if self.hold is not None:
                await self.hold.wait()
            if not self.keep:
                return


@pytest.fixture
def scripted_server() -> Callable[..., contextlib.AbstractAsyncContextManager[Scripted]]:
    return scripted


@pytest.fixture
def http() -> Callable[..., bytes]:
    """The bytes of an HTTP answer; headers by keyword, `_` for `-`."""

    def made(status: int = 200, body: bytes = b"{}", **headers: str) -> bytes:
        fields = {"content-length": str(len(body))} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        lines = [f"HTTP/1.1 {status} Any", *(f"{name}: {value}" for name, value in fields.items())]
        return "\r\n".join([*lines, "", ""]).encode() + body

    return made


@pytest.fixture
def certificate() -> Path:
    """Key and certificate of localhost, signed by nobody."""
    return Path(__file__).parent / "localhost.pem"


class Canned:
    """A Transport that answers the n-th request with the n-th of these; the last one repeats.

    An exception is raised, a callable is asked.
    """

    def __init__(self, *answers: Any) -> None:
        self.answers = answers
        self.requests: list[Request] = []

    async def send(self, request: Request) -> Response:
        self.requests.append(request)
        answer = self.answers[min(len(self.requests), len(self.answers)) - 1]
        if callable(answer):
            answer = answer(request)
        if isinstance(answer, Exception):
            raise answer
        assert isinstance(answer, Response)
        return answer


@pytest.fixture
def canned() -> type[Canned]:
    return Canned


@pytest.fixture
def answer() -> Callable[..., Response]:
    """An answer whose body is JSON of a value, or bytes as they are."""

    def made(body: Any = b"", status: int = 200, **headers: str) -> Response:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        return Response(status, {name.replace("_", "-"): v for name, v in headers.items()}, raw)

    return made


@pytest.fixture
def refusal(answer) -> Callable[..., Response]:
    """A whole error envelope."""

    def made(status: int, code: str = "SOME_CODE", message: str = "Some words", **details: str):
        error = {"code": code, "message": message} | ({"details": details} if details else {})
        meta = {"requestId": "req_77"}
        return answer({"success": False, "error": error, "meta": meta}, status)

    return made


def project(**changes: Any) -> dict[str, Any]:
    return {
        "id": "proj_1",
        "name": "My Website",
        "slug": "my-website",
        "status": "published",
        "createdAt": "2026-01-15T10:30:00Z",
        "updatedAt": "2026-01-22T14:45:00Z",
    } | changes


@pytest.fixture
def a_project() -> Callable[..., dict[str, Any]]:
    return project


@pytest.fixture
def an_element() -> Callable[..., dict[str, Any]]:
    def made(**changes: Any) -> dict[str, Any]:
        return {
            "id": "elem_1",
            "pageId": "page_1",
            "parentId": None,
            "position": 1024,
            "name": "hero",
            "type": "section",
            "props": {"level": 1},
            "createdAt": "2026-01-15T10:30:00Z",
            "updatedAt": "2026-01-22T14:45:00Z",
        } | changes

    return made


@pytest.fixture
def remote(clock, dice) -> Callable[..., Remote]:
    """A Remote over a transport; settings by keyword. Make it inside the loop that runs it."""

    def made(transport: Any, **settings: Any) -> Remote:
        return Remote(transport, load(), clock, dice, host="api.example", **settings)

    return made
