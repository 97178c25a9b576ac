"""Carries one operation to its end: sent, answered or looked up, sent again, always noted."""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Protocol

from cfsync import limits
from cfsync.applier.families import Families, Parent
from cfsync.applier.halts import LEASE_LOST, NotBegun, Refused, Stopped, TooOld, Unsure
from cfsync.applier.lookup import Ambiguous, Changed, Landed, Lookup, NeverLanded
from cfsync.applier.means import Means
from cfsync.applier.operation import Operation
from cfsync.applier.readings import Readings
from cfsync.applier.settling import Settling
from cfsync.model.live import Item
from cfsync.model.run import TOO_OLD, Done, Failure, NotDone, Outcome, Unknown

_NOT_FOUND = 404
_ENDING = Failure("not-sent", "the run was ending before its turn came")


class Notes(Protocol):
    """Writes into the journal what becomes of an operation; forward and undo do it differently."""

    async def begun(self, operation: Operation, attempt: int, deadline: float) -> None: ...

    async def done(self, operation: Operation, item: Item | None, *, looked_up: bool) -> None: ...

    async def not_done(self, failure: Failure, *, looked_up: bool) -> None: ...

    async def unknown(self, failure: Failure) -> None: ...

    async def ambiguous(self, why: str, ids: tuple[str, ...]) -> None: ...

    async def changed(self, why: str) -> None: ...


class Courier:
    """`halting` says whether the run is ending: then what is unknown is looked up, not resent."""

    def __init__(
        self, means: Means, readings: Readings, halting: Callable[[], bool] = lambda: False
    ) -> None:
        self._means = means
        self._halting = halting
        self._lookup = Lookup(means, readings)
        self._families = Families()
        self._settling = Settling(means)
        self._late: Counter[tuple[str, str]] = Counter()
        """How often the turn of what did not come in time."""
        # more are noted at a time than may be under way: see Executor
        self._slots = asyncio.Semaphore(means.environment.parallel)

    async def carry(self, operation: Operation, notes: Notes, *, tried: int = 0) -> None:
        """Returns once it is done. `tried`: attempts of an earlier process.

        Raises Refused (proven not done), Unsure, Stopped, RemoteError (a look-up failed).
        """
        failure = Failure("given-up", "it was tried too often")
        for attempt in range(tried + 1, tried + limits.RESEND_ATTEMPTS + 1):
            self._means.stop.check()
            outcome = await self._try_in_time(operation, notes, attempt)
            if not isinstance(outcome, Unknown):
                return
            failure = outcome.failure
            wait = 0.0 if outcome.finished else self._means.environment.settle
            if await self.look_up(operation, notes, wait=wait):
                return
            if self._halting():
                break
        raise Refused(failure)

    async def look_up(self, operation: Operation, notes: Notes, *, wait: float) -> bool:
        """Whether it was done; notes it. Raises Unsure, and Refused where somebody changed it."""
        settled = self._settling.wait(wait)
        if operation.verb != "create":
            await settled
            return await self._judge(operation, notes, ())
        async with self._families.lookup(self._parent(operation), operation, settled) as unsettled:
            return await self._judge(operation, notes, unsettled)

    async def _try_in_time(self, operation: Operation, notes: Notes, attempt: int) -> Outcome:
        """Raises TooOld where somebody has to look again first, each time for twice as long."""
        while True:
            try:
                return await self._try(operation, notes, attempt)
            except TooOld:
                if operation.read_at is not None:
                    self._late[operation.verb, operation.address] += 1
                    raise

    async def _try(self, operation: Operation, notes: Notes, attempt: int) -> Outcome:
        if operation.verb != "create":
            return await self._send(operation, notes, attempt)
        async with self._families.create(self._parent(operation), operation):
            return await self._send(operation, notes, attempt)

    async def _send(self, operation: Operation, notes: Notes, attempt: int) -> Outcome:
        """Raises Refused when it provably was not done."""
        wait = self._may_wait(operation)
        leave_by = self._means.clock.monotonic() + wait
        latest = self._means.clock.now() + wait + self._means.environment.timeout
        await notes.begun(operation, attempt, latest)
        async with self._slots:
            halting = self._halting()
            answer = NotDone(_ENDING) if halting else await self._request_now(operation, leave_by)
        outcome = await self._complete(operation, answer)
        match outcome:
            case Done(item):
                await notes.done(operation, item, looked_up=False)
            case NotDone(failure) if operation.verb == "delete" and failure.status == _NOT_FOUND:
                await notes.done(operation, None, looked_up=False)
                return Done(None)
            case NotDone(failure):
                await notes.not_done(failure, looked_up=False)
                if failure.code == TOO_OLD:
                    raise TooOld
                raise NotBegun if failure is _ENDING else Refused(failure)
            case Unknown(failure):
                await notes.unknown(failure)
        return outcome

    def _may_wait(self, operation: Operation) -> float:
        """Seconds until the request has to have left.

        From noting it, since a recovery has to know when nothing can land any more; and from the
        reading that it rests on, since others may edit meanwhile.
        """
        environment = self._means.environment
        longest = 2 * environment.timeout
        if operation.read_at is None:
            return longest
        age = environment.guard_age * 2.0 ** self._late[operation.verb, operation.address]
        return min(longest, operation.read_at + age - self._means.clock.monotonic())

    async def _request_now(self, operation: Operation, leave_by: float) -> Outcome:
        self._check_lease()
        return await self._request(operation, leave_by)

    async def _request(self, operation: Operation, leave_by: float) -> Outcome:
        writer, kind, id_ = self._means.writer, operation.kind, operation.id or ""
        body = operation.body
        match operation.verb:
            case "create":
                return await writer.create(kind, operation.scope, body, operation.key, leave_by)
            case "update":
                return await writer.update(kind, id_, body, leave_by)
            case "delete":
                return await writer.delete(kind, id_, leave_by)

    async def _complete(self, operation: Operation, outcome: Outcome) -> Outcome:
        """An answer without the resource says that it was done, not what is stored now."""
        if not isinstance(outcome, Done) or outcome.item or operation.verb == "delete":
            return outcome
        if operation.verb == "update":
            item = await self._means.reader.get(operation.kind, operation.id or "")
            return Done(item, outcome.request_id)
        failure = Failure("bad-answer", "the answer does not say what was created")
        return Unknown(failure, finished=True)

    async def _judge(
        self, operation: Operation, notes: Notes, unsettled: Sequence[Operation]
    ) -> bool:
        match await self._lookup.verdict(operation, unsettled, self._families.open()):
            case Landed(item):
                await notes.done(operation, item, looked_up=True)
                return True
            case NeverLanded(proof):
                await notes.not_done(Failure("not-done", proof), looked_up=True)
                return False
            case Ambiguous(why, ids):
                await notes.ambiguous(why, ids)
                raise Unsure(f"{operation.address}: {why}", ids)
            case Changed(why):
                await notes.changed(why)
                raise Refused(Failure("conflict", why))

    def _check_lease(self) -> None:
        """No request may still be under way when somebody else may take over."""
        if self._means.journal.lease_left() <= self._means.environment.timeout:
            raise Stopped(Failure(LEASE_LOST, "the lease of this environment ran out"))

    def _parent(self, operation: Operation) -> Parent:
        above = self._means.images.parent_of(operation.kind, operation.body)
        return (operation.kind, operation.scope, above)
