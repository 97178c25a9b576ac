"""Settles what a crash or an error left open, before anything else is done."""

import asyncio
from collections.abc import Collection as Some
from collections.abc import Sequence

from cfsync import limits
from cfsync.applier import operation as operations
from cfsync.applier.courier import Courier
from cfsync.applier.forward_notes import ForwardNotes
from cfsync.applier.halts import Refused, Unsure
from cfsync.applier.means import Means
from cfsync.model.base import Base
from cfsync.model.plan import Write


async def resolve_open(
    means: Means,
    writes: Sequence[Write],
    courier: Courier,
    rows: dict[str, Base],
    skip: Some[str] = (),
) -> None:
    """Every write that was begun is done, not done, or given up (`skip`: addresses).

    Raises Unsure where a person has to look, Refused where somebody changed it meanwhile; both
    only after all the others are settled.
    """
    numbers = means.ledger.open()
    if not numbers:
        return
    wait = _wait(means, numbers)
    asked = (_resolve(means, writes[n], courier, rows, wait) for n in numbers)
    results = await asyncio.gather(*asked, return_exceptions=True)
    problems = [
        error
        for number, error in zip(numbers, results, strict=True)
        if error is not None and not (isinstance(error, Unsure) and writes[number].address in skip)
    ]
    for error in sorted(problems, key=_weight):
        raise error


def _weight(error: BaseException) -> int:
    """What forbids going on is told before what only turns the run round."""
    return 2 if isinstance(error, Refused) else int(isinstance(error, Exception))


async def _resolve(
    means: Means, write: Write, courier: Courier, rows: dict[str, Base], wait: float
) -> None:
    step = means.ledger.step(write.number)
    operation = operations.from_json(step.intent, means.ledger.siblings_for(write.number))
    notes = ForwardNotes(means, write, rows)
    await courier.look_up(operation, notes, wait=wait)


def _wait(means: Means, numbers: Some[int]) -> float:
    """Seconds until nothing that was sent can land any more.

    A request that a crash left under way may last until its deadline; on loopback the server sees
    at once that nobody waits for it, and `local:` ends with the process.
    """
    settle = means.environment.settle
    if settle <= limits.SETTLE_LOOPBACK:
        return settle
    deadline = max(means.ledger.step(number).deadline for number in numbers)
    left = deadline - means.clock.now()
    return settle + max(0.0, min(left, means.environment.timeout))
