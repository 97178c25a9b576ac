"""The API as the rest of cfsync sees it: Pages for reading, Writer for writing."""

import math
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from functools import partial
from random import Random
from typing import TYPE_CHECKING, Final, TypeVar
from urllib.parse import quote, urlsplit

import msgspec

import cfsync
from cfsync import limits
from cfsync.contract import Contract
from cfsync.errors import BadAnswer, CfsyncError
from cfsync.model.address import KindName
from cfsync.model.base import NO_ROWS, Base
from cfsync.model.environment import Environment
from cfsync.model.live import Item
from cfsync.model.ports import Clock, ListPage, Request, Response, Transport
from cfsync.model.run import Done, Failure, NotDone, Outcome
from cfsync.model.values import Fields
from cfsync.remote.attempts import Attempts
from cfsync.remote.envelope import deleted, request_id
from cfsync.remote.exchange import Exchange
from cfsync.remote.rate import Limiter
from cfsync.remote.resources import item_of
from cfsync.remote.token import Token
from cfsync.remote.trouble import Trouble
from cfsync.remote.typed import decoded_page

if TYPE_CHECKING:
    from cfsync.remote.inprocess import ASGI

T = TypeVar("T")

_HEADERS: Final = {"Accept": "application/json", "User-Agent": f"cfsync/{cfsync.__version__}"}
_JSON: Final = {**_HEADERS, "Content-Type": "application/json"}


class Remote:
    """Implements Pages and Writer. Repeats by itself only what that cannot do twice.

    `host` is for messages. `rate` is requests a second, `parallel` bounds those under way,
    `timeout` is for the whole of one. `secret` is masked in what the API says.
    """

    def __init__(
        self,
        transport: Transport,
        contract: Contract,
        clock: Clock,
        random: Random,
        *,
        host: str = "the API",
        rate: float | None = None,
        parallel: int = limits.PARALLEL,
        timeout: float = limits.REQUEST_TIMEOUT,
        secret: Token | None = None,
    ) -> None:
        self._contract = contract
        self._rows = NO_ROWS
        self._secret = secret
        self._host = host
        self._timeout = timeout
        self._limiter = Limiter(clock, random, rate, parallel)
        self._exchange = Exchange(transport, clock, self._limiter, parallel)
        self._attempts = Attempts(self._exchange, clock, random)

    def tell(self, told: Callable[[str], None]) -> None:
        """Whom to tell why nothing seems to go on, and for how long at most."""
        self._limiter.told = told

    def begin_undo(self) -> None:
        self._limiter.begin_undo()

    def fence(self, may_write: Callable[[float], bool]) -> None:
        """Ask this just before a write leaves, after every wait, with the seconds it may take.

        False: it does not leave, and is NotDone with code `lease-lost`.
        """
        self._exchange.may_write = may_write

    def remember(self, rows: Mapping[str, Base]) -> None:
        """What was settled: pages share its objects as far as they say the same.

        Nobody may change them in place. With NO_ROWS that ends.
        """
        self._rows = rows

    async def page(self, kind: KindName, scope: str | None, cursor: str | None) -> ListPage:
        path = self._path(lambda: self._contract.kind(kind).collection_path(scope))
        path += f"?limit={limits.PAGE_LIMIT}"
        if cursor is not None:
            path += f"&cursor={quote(cursor, safe='')}"
        contract, rows = self._contract, self._rows
        return await self._read(path, lambda got: decoded_page(contract, kind, scope, got, rows))

    async def get(self, kind: KindName, id_: str) -> Item:
        path = self._path(lambda: self._contract.kind(kind).single_path(id_))
        return await self._read(path, lambda got: item_of(self._contract, kind, got, id_=id_))

    async def create(
        self,
        kind: KindName,
        scope: str | None,
        body: Fields,
        idempotency_key: str,
        leave_by: float = math.inf,
    ) -> Outcome:
        def done(got: Response) -> Done:
            return Done(item_of(self._contract, kind, got, scope=scope), request_id(got))

        return await self._write(
            "POST",
            lambda: self._contract.kind(kind).collection_path(scope),
            done,
            body,
            {"Idempotency-Key": idempotency_key},
            leave_by=leave_by,
        )

    async def update(
        self, kind: KindName, id_: str, body: Fields, leave_by: float = math.inf
    ) -> Outcome:
        def done(got: Response) -> Done:
            return Done(item_of(self._contract, kind, got, id_=id_), request_id(got))

        path = partial(self._contract.kind(kind).single_path, id_)
        return await self._write("PATCH", path, done, body, leave_by=leave_by)

    async def delete(self, kind: KindName, id_: str, leave_by: float = math.inf) -> Outcome:
        def done(got: Response) -> Done:
            deleted(got, id_)
            return Done(None, request_id(got))

        path = partial(self._contract.kind(kind).single_path, id_)
        return await self._write("DELETE", path, done, leave_by=leave_by)

    async def _read(self, path: str, decode: Callable[[Response], T]) -> T:
        request = Request("GET", path, _HEADERS, timeout=self._timeout)
        result = await self._made(request, decode, limits.READ_ATTEMPTS)
        if isinstance(result, Trouble):
            raise result.as_error(f"GET {path} at {self._host}")
        return result

    async def _write(
        self,
        method: str,
        path: Callable[[], str],
        done: Callable[[Response], Done],
        body: Fields | None = None,
        headers: dict[str, str] | None = None,
        *,
        leave_by: float,
    ) -> Outcome:
        try:
            target = path()
        except ValueError as error:
            return NotDone(
                Failure("bad-id", "no request can name this resource", reason=str(error))
            )
        request = Request(
            method,
            target,
            (_HEADERS if body is None else _JSON) | (headers or {}),
            None if body is None else msgspec.json.encode(body),
            self._timeout,
            leave_by,
        )
        result = await self._made(request, done, limits.WRITE_ATTEMPTS)
        return result.as_outcome() if isinstance(result, Trouble) else result

    async def _made(
        self, request: Request, decode: Callable[[Response], T], attempts: int
    ) -> T | Trouble:
        result = await self._attempts.made(request, decode, attempts)
        if self._secret is not None and isinstance(result, Trouble):
            return result.without(self._secret)
        return result

    def _path(self, path: Callable[[], str]) -> str:
        try:
            return path()
        except ValueError as error:
            raise BadAnswer("no request can name this resource", why=str(error)) from error


@asynccontextmanager
async def open_remote(
    environment: Environment,
    token: str | None,
    contract: Contract,
    *,
    app: "ASGI | None" = None,
    clock: Clock,
    random: Random,
) -> AsyncIterator[Remote]:
    """The environment's API, over the network, or for `local:` the application handed in.

    Nothing is connected before the first request. Raises CfsyncError for a URL that cannot be
    used, TokenUnavailable for a key that cannot.
    """
    secret = None if token is None else Token(token)
    if app is not None:
        from cfsync.remote.inprocess import InProcessTransport  # noqa: PLC0415 - lazy: httpx

        inside = InProcessTransport(app, token=secret)
        yield _remote(inside, environment, contract, clock, random, secret=secret)
        return
    _check(environment)
    from cfsync.remote.network import NetworkTransport  # noqa: PLC0415 - lazy: aiohttp

    transport = NetworkTransport(environment.url, token=secret)
    try:
        yield _remote(transport, environment, contract, clock, random, secret=secret)
    finally:
        await transport.aclose()


def _remote(
    transport: Transport,
    environment: Environment,
    contract: Contract,
    clock: Clock,
    random: Random,
    *,
    secret: Token | None,
) -> Remote:
    return Remote(
        transport,
        contract,
        clock,
        random,
        host=environment.host,
        rate=environment.rate,
        parallel=environment.parallel,
        timeout=environment.timeout,
        secret=secret,
    )


def _check(environment: Environment) -> None:
    parts = urlsplit(environment.url)
    if parts.scheme in ("http", "https") and parts.hostname and parts.username is None:
        return
    raise CfsyncError(
        f"environment {environment.name!r} has a url that cannot be used",
        why="it has to be http:// or https://, with a host and without credentials; "
        "the API key stands under `token`",
        next_step="cfsync validate",
    )
