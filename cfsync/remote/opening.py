"""From an environment to a Remote: which transport, and what to close."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from random import Random
from urllib.parse import urlsplit

from cfsync.contract import Contract
from cfsync.errors import CfsyncError
from cfsync.model.environment import Environment
from cfsync.model.ports import Clock, Transport
from cfsync.remote.client import Remote
from cfsync.remote.inprocess import ASGI, InProcessTransport
from cfsync.remote.token import Token


@asynccontextmanager
async def open_remote(
    environment: Environment,
    token: str | None,
    contract: Contract,
    *,
    app: ASGI | None = None,
    clock: Clock,
    random: Random,
) -> AsyncIterator[Remote]:
    """The environment's API, over the network, or for `local:` the application handed in.

    Nothing is connected before the first request. Raises CfsyncError for a URL that cannot be
    used, TokenUnavailable for a key that cannot.
    """
    secret = None if token is None else Token(token)
    if app is not None:
        yield _remote(InProcessTransport(app, token=secret), environment, contract, clock, random)
        return
    _check(environment)
    from cfsync.remote.network import NetworkTransport  # noqa: PLC0415 - lazy: httpx and aiohttp

    transport = NetworkTransport(environment.url, token=secret)
    try:
        yield _remote(transport, environment, contract, clock, random)
    finally:
        await transport.aclose()


def _remote(
    transport: Transport,
    environment: Environment,
    contract: Contract,
    clock: Clock,
    random: Random,
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
