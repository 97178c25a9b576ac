"""Virtual time: an event loop whose clock jumps to the next timer instead of waiting for it."""

import asyncio
import random
import selectors
from collections.abc import Callable, Coroutine
from typing import Any

import pytest


class _Jump(selectors.DefaultSelector):
    """Never blocks: the time that it was asked to wait has passed at once."""

    passed = 0.0

    def select(self, timeout=None):
        ready = super().select(0)
        if not ready and timeout:
            self.passed += timeout
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
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
