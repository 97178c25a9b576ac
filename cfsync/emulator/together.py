"""Writes that arrive in the same moment are committed together, and answered only then.

Measured on 16 connections: 1.4 times as many creates a second.
"""

import asyncio
import sqlite3

from cfsync.emulator.answers import Answer
from cfsync.emulator.api import Api


class Together:
    """Of one loop: what it has at hand in one of its rounds is carried out before the commit."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._open: asyncio.Future[sqlite3.Error | None] | None = None

    async def handle(
        self, method: str, target: str, headers: dict[str, str], body: bytes
    ) -> Answer:
        """As `Api.handle`. A read waits as well: what it saw has to be there when it is told."""
        if self._api.faults:
            self._commit()  # which may look at the database as it was, and need it for themselves
        answer = self._api.handle(method, target, headers, body, defer=self._begun)
        if self._open is None:
            return answer
        error = await asyncio.shield(self._open)
        return answer if error is None else self._api.broken(error)

    def _begun(self) -> None:
        loop = asyncio.get_running_loop()
        self._open = loop.create_future()
        loop.call_soon(self._commit)

    def _commit(self) -> None:
        if self._open is None:
            return
        done, self._open = self._open, None
        try:
            self._api.commit()
        except sqlite3.Error as error:
            done.set_result(error)
        else:
            done.set_result(None)
