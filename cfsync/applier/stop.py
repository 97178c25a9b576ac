"""How a signal handler asks a run to end."""

import asyncio
from enum import IntEnum

from cfsync.applier.halts import Interrupted
from cfsync.model.ports import Clock


class Level(IntEnum):
    GO_ON = 0
    UNDO = 1
    """Finish what is in flight, then take back."""
    STOP = 2
    """Finish what is in flight, then leave the rest to `recover`."""


class StopRequest:
    """`ask` once for an undo, twice for a stop.

    To be called in the thread of the event loop, as `loop.add_signal_handler` does.
    """

    def __init__(self) -> None:
        self.level = Level.GO_ON
        self._waiting: set[asyncio.Future[None]] = set()

    def ask(self) -> None:
        self.level = Level(min(self.level + 1, Level.STOP))
        if self.level is Level.STOP:
            for future in self._waiting:
                if not future.done():
                    future.set_result(None)

    def check(self) -> None:
        """Raises Interrupted when a stop was asked for."""
        if self.level is Level.STOP:
            raise Interrupted

    async def sleep(self, clock: Clock, seconds: float) -> None:
        """Raises Interrupted as soon as a stop is asked for."""
        self.check()
        asked: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.add(asked)
        sleeping = asyncio.ensure_future(clock.sleep(seconds))
        try:
            await asyncio.wait((sleeping, asked), return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._waiting.discard(asked)
            sleeping.cancel()
        self.check()
        if sleeping.done() and not sleeping.cancelled():
            sleeping.result()
