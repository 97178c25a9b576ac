"""Runs writes in parallel, each when those it waits for are done, a page's on one reading.

Knows neither what a write does nor which way a run goes.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from collections.abc import Collection as Some
from dataclasses import dataclass, field
from typing import Final

from cfsync.applier.halts import NotBegun, TooOld
from cfsync.applier.readings import Collection, Reading, Readings

STAGES: Final = 3
"""Of a write: its intent is noted, its request is under way, its outcome is noted."""


@dataclass(slots=True)
class _Page:
    """The writes that share guard readings of one collection. One wave of them at a time."""

    collection: Collection
    queue: list[int] = field(default_factory=list)
    left: int = 0
    """Of the wave under way."""
    first: int = 0
    active: bool = False
    reading: Reading | None = None
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


@dataclass(frozen=True, slots=True)
class Failed:
    """What ended the work, and at which write."""

    number: int
    error: Exception


class Executor:
    """`perform` does one write. The first error lets nothing new start; what is in flight ends.

    `parallel` requests may be under way; whoever sends sees to that. Of as many writes again the
    intent is being noted, and of as many the outcome, so that whenever a request ends another one
    is ready to leave. With answers after 20 ms and 16 at once, 15.7 are under way on average; with
    one such part fewer 14.6 to 15.6, by how busy the disk is. One at a time stays one at a time.
    """

    def __init__(
        self,
        *,
        perform: Callable[[int, Reading | None], Awaitable[None]],
        guard: Callable[[int], Collection | None],
        readings: Readings,
        parallel: int,
        asked_to_stop: Callable[[], bool],
    ) -> None:
        self._perform = perform
        self._guard = guard
        self._readings = readings
        self._workers = STAGES * parallel if parallel > 1 else 1
        self._asked_to_stop = asked_to_stop
        self._ready: deque[int | _Page | tuple[_Page, int]] = deque()
        self._pages: dict[Collection, _Page] = {}
        self._blockers: dict[int, int] = {}
        self._waiting_for: dict[int, list[int]] = {}
        self._running = 0
        self._idle: deque[asyncio.Future[None]] = deque()
        self.failed: list[Failed] = []

    async def run(self, numbers: Some[int], waits: Callable[[int], Iterable[int]]) -> list[Failed]:
        """Everything that could be done is done, or has failed, when this returns."""
        wanted = set(numbers)
        for number in numbers:
            blockers = [other for other in waits(number) if other in wanted]
            self._blockers[number] = len(blockers)
            for other in blockers:
                self._waiting_for.setdefault(other, []).append(number)
        for number in numbers:
            if not self._blockers[number]:
                self._release(number)
        await self._work_together(min(self._workers, len(wanted)))
        return self.failed

    @property
    def halted(self) -> bool:
        return bool(self.failed) or self._asked_to_stop()

    async def _work_together(self, count: int) -> None:
        workers = [asyncio.ensure_future(self._work()) for _ in range(count)]
        try:
            await asyncio.gather(*workers)
        finally:
            for worker in workers:
                worker.cancel()
            await asyncio.gather(*workers, return_exceptions=True)

    async def _work(self) -> None:
        while not self.halted:
            if self._ready:
                await self._take(self._ready.popleft())
            elif self._running:
                await self._rest()
            else:
                return

    async def _rest(self) -> None:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._idle.append(future)
        await future

    def _wake(self, count: int) -> None:
        while self._idle and count:
            future = self._idle.popleft()
            if not future.done():
                future.set_result(None)
                count -= 1

    async def _take(self, task: int | _Page | tuple[_Page, int]) -> None:
        self._running += 1
        number = task if isinstance(task, int) else -1
        try:
            match task:
                case int():
                    await self._perform_in_time(task, None)
                    self._finish(task)
                case _Page():
                    number = task.queue[0]
                    await self._start_wave(task)
                case (page, number):
                    await self._perform_in_time(number, page)
                    self._finish(number)
                    self._leave_wave(page)
        except NotBegun:
            pass
        except Exception as error:  # noqa: BLE001 - whatever it is, the run has to be taken back
            self.failed.append(Failed(number, error))
        finally:
            self._running -= 1
            if not self._running or self.halted:
                self._wake(len(self._idle))

    async def _perform_in_time(self, number: int, page: _Page | None) -> None:
        while True:
            try:
                reading = None if page is None else await self._reading(page)
                return await self._perform(number, reading)
            except TooOld:
                if self.halted:
                    raise NotBegun from None

    async def _start_wave(self, page: _Page) -> None:
        page.reading = await self._readings.read(page.collection)
        wave, page.queue = page.queue, []
        page.left = len(wave)
        self._ready.extend((page, number) for number in wave)
        self._wake(len(wave))

    async def _reading(self, page: _Page) -> Reading:
        """The wave's, or a newer one when that has become too old meanwhile."""
        async with page.lock:
            if page.reading is None or not self._readings.is_fresh(page.reading):
                page.reading = await self._readings.read(page.collection)
            return page.reading

    def _leave_wave(self, page: _Page) -> None:
        page.left -= 1
        if not page.left:
            page.active = False
            page.reading = None
            if page.queue:
                self._activate(page)

    def _finish(self, number: int) -> None:
        for other in self._waiting_for.pop(number, ()):
            self._blockers[other] -= 1
            if not self._blockers[other]:
                self._release(other)

    def _release(self, number: int) -> None:
        collection = self._guard(number)
        if collection is None:
            self._ready.append(number)
            self._wake(1)
            return
        page = self._pages.get(collection)
        if page is None:
            page = self._pages[collection] = _Page(collection)
        page.queue.append(number)
        if not page.active:
            self._activate(page)

    def _activate(self, page: _Page) -> None:
        page.active = True
        self._ready.append(page)
        self._wake(1)
