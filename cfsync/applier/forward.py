"""The way forward: creates and updates, then proof, then deletes, then the end."""

from collections.abc import Collection as Some
from collections.abc import Iterable
from dataclasses import replace

from cfsync.applier.courier import Courier
from cfsync.applier.executor import Executor, Failed
from cfsync.applier.forward_notes import ForwardNotes
from cfsync.applier.guard import Already, Guard
from cfsync.applier.halts import Halt, Unsure, failure_of, stops
from cfsync.applier.means import Means, run_end
from cfsync.applier.order import after_deletes
from cfsync.applier.readings import Collection, Reading, Readings
from cfsync.applier.resolution import resolve_open
from cfsync.applier.stop import Level
from cfsync.applier.verify import Verify
from cfsync.model.base import Base
from cfsync.model.plan import Plan, Write
from cfsync.model.run import Failure, Left, Record


class Forward:
    """`skip`: addresses that a person gave up; what waits for them is left out, too."""

    def __init__(self, means: Means, plan: Plan, skip: Some[str] = ()) -> None:
        self._means = means
        self._plan = plan
        self._skip = skip
        self._readings = Readings(means)
        self._guard = Guard(means, plan, self._readings)
        self._verify = Verify(means, plan.writes, self._readings)
        self._rows: dict[str, Base] = {}
        self._executor = self._new_executor()
        self._courier = Courier(means, self._readings, lambda: self._executor.halted)
        self._left_out: set[int] = set()
        self._done = 0

    async def run(self) -> Halt | None:
        """None: applied, and the journal says so."""
        self._rows = await self._means.journal.base(_ids(self._plan.writes))
        self._left_out = self._waiting_for_skipped()
        try:
            return await self._run()
        except Exception as error:  # noqa: BLE001 - whatever it is, the run has to be taken back
            address = error.address if isinstance(error, Unsure) else ""
            return Halt(address, failure_of(error), stops=stops(error))

    async def _run(self) -> Halt | None:
        ledger = self._means.ledger
        await resolve_open(self._means, self._plan.writes, self._courier, self._rows, self._skip)
        self._guard.latest.update(ledger.last)
        deletes = after_deletes(self._plan.writes)
        first = [n for n in range(len(self._plan.writes)) if n not in deletes]
        if halt := await self._stage(first):
            return halt
        if not ledger.verified:
            await self._verify.nothing_twice(only_doubtful=False, skip=self._skip)
            await self._means.log(Record("PHASE", {"phase": "writes_verified"}))
        if halt := await self._delete(sorted(deletes)):
            return halt
        await self._end()
        return None

    async def _delete(self, deletes: list[int]) -> Halt | None:
        if not deletes:
            return None
        if not self._means.ledger.deleting:
            await self._means.log(Record("PHASE", {"phase": "deletes_started"}))
        halt = await self._stage(deletes)
        if halt is None:
            await self._verify.deletes_took_place()
            await self._verify.nothing_twice(only_doubtful=True, skip=self._skip)
        return halt

    async def _stage(self, numbers: Iterable[int]) -> Halt | None:
        ledger, writes = self._means.ledger, self._plan.writes
        todo = [n for n in numbers if ledger.step(n).state != "done" and n not in self._left_out]
        self._done = sum(step.state == "done" for step in ledger.steps.values())
        self._executor = self._new_executor()
        failed = await self._executor.run(todo, lambda n: writes[n].waits)
        if failed:
            return self._halt(failed)
        if any(ledger.step(n).state != "done" for n in todo):
            failure = Failure("interrupted", "a signal asked for an end")
            return Halt("", failure, stops=self._means.stop.level is Level.STOP)
        return None

    def _new_executor(self) -> Executor:
        return Executor(
            perform=self._perform,
            guard=self._collection,
            readings=self._readings,
            parallel=self._means.environment.parallel,
            asked_to_stop=lambda: self._means.stop.level is not Level.GO_ON,
        )

    def _collection(self, number: int) -> Collection | None:
        return self._guard.collection(self._plan.writes[number])

    async def _perform(self, number: int, reading: Reading | None) -> None:
        write = self._plan.writes[number]
        read_at = self._readings.taken(reading)
        checked = await self._guard.checked(write, reading)
        again = self._guard.is_written_again(write)
        notes = ForwardNotes(self._means, write, self._rows, again=again)
        if isinstance(checked, Already):
            await notes.done(checked.operation, checked.item, looked_up=False, touched=False)
        else:
            notes.carrier, notes.before = checked.carrier, checked.before
            operation = checked.operation
            # a create without a reading stands in what this run made
            if reading is not None or write.verb != "create":
                operation = replace(operation, read_at=read_at)
            tried = self._means.ledger.step(number).attempts
            await self._courier.carry(operation, notes, tried=tried)
        self._guard.stored(write, notes.stored)
        if checked.operation.subtree is not None:
            gone = [node.item.id for node in checked.operation.subtree.walk()]
            self._readings.forget((write.kind, checked.operation.scope), gone)
        self._done += 1
        self._means.progress(self._done, len(self._plan.writes), write.address)

    def _halt(self, failed: list[Failed]) -> Halt:
        """The first failure, or one that forbids an undo: that weighs more."""
        worst = next((one for one in failed if stops(one.error)), failed[0])
        address = self._plan.writes[worst.number].address
        return Halt(address, failure_of(worst.error), stops=stops(worst.error))

    def _waiting_for_skipped(self) -> set[int]:
        left: set[int] = set()
        for write in self._plan.writes:
            done = self._means.ledger.step(write.number).state == "done"
            asked = write.address in self._skip and not done
            if asked or not left.isdisjoint(write.waits):
                left.add(write.number)
        return left

    async def _end(self) -> None:
        left = [
            Left(self._plan.writes[n].address, None, "left out, as asked")
            for n in sorted(self._left_out)
        ]
        end = run_end("stopped" if left else "applied", left, {})
        await self._means.log(end, base=self._plan.settlements)


def _ids(writes: Iterable[Write]) -> set[str]:
    ids = {write.target for write in writes if isinstance(write.target, str)}
    trees = (write.subtree for write in writes if write.subtree is not None)
    return ids | {node.item.id for tree in trees for node in tree.walk()}
