"""An event loop on logical time: no socket, no thread, no waiting, the same order every time."""

import asyncio
import heapq
from collections import deque
from collections.abc import Callable, Coroutine
from contextvars import Context
from itertools import count
from typing import Any, TypeVar

T = TypeVar("T")


class LogicalLoop(asyncio.AbstractEventLoop):
    """Time stands still while anything can be done, then jumps to the next timer."""

    def __init__(self, start: float = 0.0) -> None:
        self._now = start
        self._ready: deque[asyncio.Handle] = deque()
        self._timers: list[tuple[float, int, asyncio.TimerHandle]] = []
        self._number = count()
        self._tasks: set[asyncio.Task[Any]] = set()

    def run(self, main: Coroutine[Any, Any, T]) -> T:
        """To its end, or to the first BaseException; nothing of it goes on afterwards.

        May be called while another loop runs: that one stands still meanwhile.
        """
        outer = asyncio._get_running_loop()
        asyncio._set_running_loop(self)
        around = asyncio.current_task(outer) if outer is not None else None
        if around is not None:
            asyncio.tasks._leave_task(outer, around)
        try:
            task = self.create_task(main)
            self._turn(task)
            return task.result()
        finally:
            self._bury()
            asyncio._set_running_loop(outer)
            if around is not None:
                asyncio.tasks._enter_task(outer, around)

    def jump(self, seconds: float) -> None:
        self._now += seconds

    def _turn(self, task: "asyncio.Task[Any]") -> None:
        while not task.done():
            if self._ready:
                handle = self._ready.popleft()
                if not handle._cancelled:
                    handle._run()
            elif self._timers:
                due, _, timer = heapq.heappop(self._timers)
                if not timer._cancelled:
                    self._now = max(self._now, due)
                    self._ready.append(timer)
            else:
                raise AssertionError("a deadlock: everybody waits for somebody")

    def _bury(self) -> None:
        """Tasks of a process that is gone: they may clean up, and reach nothing any more."""
        for _ in range(20):
            left = [task for task in self._tasks if not task.done()]
            if not left:
                break
            for task in left:
                task.cancel()
            while self._ready:
                handle = self._ready.popleft()
                if not handle._cancelled:
                    handle._run()
        for task in self._tasks:
            if task.done() and not task.cancelled():
                task.exception()  # somebody has looked at it
        self._tasks.clear()
        self._timers.clear()

    # What asyncio asks of a loop

    def time(self) -> float:
        return self._now

    def call_soon(
        self, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> asyncio.Handle:
        handle = asyncio.Handle(callback, args, self, context)
        self._ready.append(handle)
        return handle

    def call_later(
        self,
        delay: float,
        callback: Callable[..., object],
        *args: Any,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        return self.call_at(self._now + delay, callback, *args, context=context)

    def call_at(
        self,
        when: float,
        callback: Callable[..., object],
        *args: Any,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        timer = asyncio.TimerHandle(when, callback, args, self, context)
        heapq.heappush(self._timers, (when, next(self._number), timer))
        return timer

    def _timer_handle_cancelled(self, handle: asyncio.TimerHandle) -> None:
        """It is passed over when its time comes."""

    def create_future(self) -> "asyncio.Future[Any]":
        return asyncio.Future(loop=self)

    def create_task(self, coro: Any, *, name: Any = None, context: Any = None) -> Any:
        task = asyncio.Task(coro, loop=self, name=name, context=context)
        self._tasks.add(task)
        return task

    def get_debug(self) -> bool:
        return False

    def is_running(self) -> bool:
        return asyncio._get_running_loop() is self

    def is_closed(self) -> bool:
        return False

    def call_exception_handler(self, context: dict[str, Any]) -> None:
        """Exceptions of a dead process are nobody's."""
