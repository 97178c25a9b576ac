"""Settles what a crash or an error left open, before anything else is done."""

import asyncio
from collections.abc import Collection as Some
from collections.abc import Sequence

from cfsync.applier import operation as operations
from cfsync.applier.courier import Courier
from cfsync.applier.forward_notes import ForwardNotes
from cfsync.applier.halts import Refused, Unsure
from cfsync.applier.means import Means
from cfsync.applier.settling import until_landed
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
    wait = until_landed(means, (means.ledger.step(n).deadline for n in numbers))
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
