"""The way back: what was done is undone in reverse order, independent branches even past a failure.

The direction is in the journal before the first step, so that a crash does not turn it round.
"""

from collections import defaultdict
from collections.abc import Collection as Some
from collections.abc import Iterator, Sequence
from contextlib import suppress

from cfsync.applier.courier import Courier
from cfsync.applier.executor import Executor
from cfsync.applier.halts import UNDO_FAILED, Halt, Refused, failure_of
from cfsync.applier.leftovers import Leftovers
from cfsync.applier.means import Means, run_end
from cfsync.applier.order import after_deletes
from cfsync.applier.readings import Collection, Reading, Readings
from cfsync.applier.references import References
from cfsync.applier.resolution import resolve_open
from cfsync.applier.settling import Settling, until_landed
from cfsync.applier.stop import Level
from cfsync.applier.undo_steps import UndoSteps
from cfsync.model.plan import Write
from cfsync.model.run import Failure, RunStatus


class Undo:
    """`means.ledger` has to hold images. `skip`: addresses that a person gave up."""

    def __init__(self, means: Means, writes: Sequence[Write], skip: Some[str] = ()) -> None:
        self._means = means
        self._ledger = means.ledger
        self._writes = writes
        self._skip = skip
        self._readings = Readings(means, gone_is_empty=True)
        self._courier = Courier(means, self._readings)
        self._steps = UndoSteps(means, self._courier, self._readings, skip)
        self._leftovers = Leftovers(means, self._writes, self._readings)
        self._references = References(means, self._courier, self._readings)

    async def run(self) -> Halt | None:
        """None: everything is taken back, or left for good, and the journal says so."""
        self._means.writer.begin_undo()
        try:
            await self._let_land()
            await self._settle_open()
            for stage in self._stages():
                await self._take_back(stage)
            await self._references.follow()
            await self._end()
        except Exception as error:  # noqa: BLE001 - undo is tried once; `recover` goes on
            return Halt("", failure_of(error), stops=True)
        failed = next(iter(self._ledger.failed_undos.values()), None)
        return (
            Halt(failed.address, Failure(UNDO_FAILED, failed.why), stops=True) if failed else None
        )

    async def _let_land(self) -> None:
        """A step that a crash cut off may still be under way: only then it can be looked up."""
        parts = self._ledger.parts.values()
        if deadlines := [part.deadline for part in parts if part.state == "open"]:
            await Settling(self._means).wait(until_landed(self._means, deadlines))

    async def _settle_open(self) -> None:
        rows = await self._means.journal.base() if self._ledger.open() else {}
        with suppress(Refused):  # told below, write by write
            await resolve_open(self._means, self._writes, self._courier, rows, self._skip)
        for number, step in list(self._ledger.steps.items()):
            if number in self._ledger.skipped:
                continue
            if step.state == "conflict":
                await self._steps.leave(self._writes[number], step.why)
            elif step.state == "ambiguous":
                ids = ", ".join(step.candidates)
                await self._steps.leave(self._writes[number], f"left as asked: {ids}")

    def _stages(self) -> Iterator[list[int]]:
        """What was deleted comes back early, so that what moved out of it can move back in."""
        ledger = self._ledger
        todo = [
            number
            for number, step in sorted(ledger.steps.items(), reverse=True)
            if step.state == "done" and number not in ledger.undone | ledger.skipped.keys()
        ]
        last = after_deletes(self._writes)
        deletes = {number for number in todo if self._writes[number].verb == "delete"}
        yield [number for number in todo if number in last - deletes]
        yield [number for number in todo if number in deletes]
        yield [number for number in todo if number not in last]

    async def _take_back(self, numbers: list[int]) -> None:
        after: dict[int, list[int]] = defaultdict(list)
        for number in numbers:
            for other in self._writes[number].waits:
                after[other].append(number)
        executor = Executor(
            perform=self._perform,
            guard=self._collection,
            readings=self._readings,
            parallel=self._means.environment.parallel,
            asked_to_stop=lambda: self._means.stop.level is Level.STOP,
        )
        failed = await executor.run(numbers, lambda number: after.get(number, ()))
        if failed:
            raise failed[0].error
        self._means.stop.check()

    async def _perform(self, number: int, reading: Reading | None) -> None:
        write = self._writes[number]
        await self._steps.take_back(write, reading)
        undone = len(self._ledger.undone)
        self._means.progress(undone, len(self._ledger.made), f"taking back {write.address}")

    def _collection(self, number: int) -> Collection | None:
        write, step = self._writes[number], self._ledger.step(number)
        if write.kind != "element" or write.verb == "delete" or not step.touched:
            return None
        scope = step.intent["scope"]
        return (write.kind, self._ledger.now(scope))

    async def _end(self) -> None:
        """Not while a step failed that `recover` may try again."""
        if self._ledger.failed_undos:
            return
        left = [*self._ledger.skipped.values(), *await self._leftovers.found()]
        status: RunStatus = "stopped" if left else "undone"
        await self._means.log(run_end(status, left, self._ledger.new_ids))
