"""Apply a plan, or take it back; go on with a run that a crash cut off.

Both are the same engine: what it needs to know of the past is folded from the journal.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from hashlib import sha256
from random import Random
from typing import Final, Literal, TypeAlias

import cfsync
from cfsync.applier import codec
from cfsync.applier.forward import Forward
from cfsync.applier.halts import Halt, failure_of
from cfsync.applier.images import Images
from cfsync.applier.ledger import Ledger
from cfsync.applier.means import Means
from cfsync.applier.result import result
from cfsync.applier.stop import Level, StopRequest
from cfsync.applier.undo import Undo
from cfsync.contract import Contract
from cfsync.errors import CfsyncError
from cfsync.model.environment import Environment
from cfsync.model.plan import Plan, Write
from cfsync.model.ports import Clock, Progress, Reader, RunJournal, Writer
from cfsync.model.run import Event, Record, RunResult
from cfsync.model.values import Fields

_CHUNK: Final = 500
"""Writes, or settlements, in one line of the journal."""

OnError: TypeAlias = Literal["undo", "stop"]
Direction: TypeAlias = Literal["undo", "forward"]


async def apply(
    plan: Plan,
    *,
    reader: Reader,
    writer: Writer,
    journal: RunJournal,
    clock: Clock,
    random: Random,
    contract: Contract,
    environment: Environment,
    on_error: OnError,
    progress: Progress,
    stop: StopRequest,
) -> RunResult:
    """Never raises for what the API, the network or the disk did: the result says how it ended."""
    means = Means(
        reader=reader,
        writer=writer,
        journal=journal,
        clock=clock,
        random=random,
        images=Images(contract),
        environment=environment,
        progress=progress,
        stop=stop,
        ledger=Ledger(),
    )
    try:
        await _begin(means, plan, on_error)
    except CfsyncError as error:
        return result(journal.run, means.ledger, plan.writes, _dead(error), contract)
    halt = await Forward(means, plan).run()
    if halt is not None:
        halt = await _turn_round(means, plan.writes, halt, on_error)
    return result(journal.run, means.ledger, plan.writes, halt, contract)


async def recover(
    events: Sequence[Event],
    *,
    reader: Reader,
    writer: Writer,
    journal: RunJournal,
    clock: Clock,
    random: Random,
    contract: Contract,
    environment: Environment,
    progress: Progress,
    stop: StopRequest,
    direction: Direction | None = None,
    skip: tuple[str, ...] = (),
) -> RunResult:
    """Bring a run that never ended to its end. May be cut off anywhere, and be called again.

    The recorded direction is kept: an undo that began goes on. Else `direction`; else forward
    once deletes have started; else as `--on-error` said. `skip`: addresses to be left as they are.
    """
    ledger = Ledger.of(events)
    plan = _plan(ledger)
    means = Means(
        reader=reader,
        writer=writer,
        journal=journal,
        clock=clock,
        random=random,
        images=Images(contract),
        environment=environment,
        progress=progress,
        stop=stop,
        ledger=ledger,
    )
    halt: Halt | None = None
    if ledger.ended is None:
        halt = await _go_on(means, plan, direction, skip)
    return result(journal.run, means.ledger, plan.writes, halt, contract)


async def _go_on(
    means: Means, plan: Plan, direction: Direction | None, skip: tuple[str, ...]
) -> Halt | None:
    if _goes_forward(means.ledger, plan, direction):
        halt = await Forward(means, plan, skip).run()
        if halt is None:
            return None
        on_error: OnError = means.ledger.begin.get("on_error", "undo")
        return await _turn_round(means, plan.writes, halt, on_error, skip)
    return await _undo(means, plan.writes, {"reason": "person"}, skip)


def _goes_forward(ledger: Ledger, plan: Plan, direction: Direction | None) -> bool:
    whole = len(plan.writes) == ledger.begin.get("writes", 0)
    if ledger.undoing or not whole:  # half a plan was never begun: there is nothing to go on with
        return False
    return direction == "forward" or (direction is None and ledger.deleting)


async def _turn_round(
    means: Means,
    writes: Sequence[Write],
    halt: Halt,
    on_error: OnError,
    skip: tuple[str, ...] = (),
) -> Halt | None:
    """After the first error. The halt that is left when even the undo could not be finished."""
    interrupted = means.stop.level is not Level.GO_ON
    halted = {
        "phase": "halted",
        "address": halt.address,
        "failure": codec.from_failure(halt.failure),
    }
    records = [Record("PHASE", halted)]
    if interrupted:
        records.append(Record("PHASE", {"phase": "interrupted"}))
    with suppress(CfsyncError):  # a dead journal: the result tells the halt itself
        await means.log(*records)
    if halt.stops or on_error == "stop":
        return halt
    return await _undo(means, writes, {"reason": "signal" if interrupted else "error"}, skip)


async def _undo(
    means: Means, writes: Sequence[Write], reason: Fields, skip: tuple[str, ...]
) -> Halt | None:
    try:
        if not means.ledger.undoing:
            await means.log(Record("UNDO_BEGIN", reason))
        means.ledger = Ledger.of(await means.journal.events())
    except CfsyncError as error:
        return _dead(error)
    return await Undo(means, writes, skip).run()


async def _begin(means: Means, plan: Plan, on_error: OnError) -> None:
    digests = f"{plan.config_digest} {plan.live_digest} {len(plan.writes)}"
    header: Fields = {
        "name": plan.name,
        "environment": plan.environment,
        "host": plan.host,
        "has_base": plan.has_base,
        "plan": sha256(digests.encode()).hexdigest(),
        "config": plan.config_digest,
        "live": plan.live_digest,
        "version": cfsync.__version__,
        "on_error": on_error,
        "writes": len(plan.writes),
        "summary": asdict(plan.summary),
    }
    await means.log(Record("RUN_BEGIN", header))
    for chunk in _chunks(plan):
        await means.log(Record("PLAN", chunk))


def _chunks(plan: Plan) -> Iterator[Fields]:
    """In pieces, so that a plan of any size takes no more memory than one of them."""
    for start in range(0, len(plan.writes), _CHUNK):
        writes = plan.writes[start : start + _CHUNK]
        yield {"writes": [codec.from_write(write) for write in writes]}
    for start in range(0, len(plan.settlements), _CHUNK):
        changes = plan.settlements[start : start + _CHUNK]
        yield {"settlements": [codec.from_base_change(change) for change in changes]}


def _plan(ledger: Ledger) -> Plan:
    """What the journal holds of it: all that it takes to run it."""
    writes = (write for chunk in ledger.plans for write in chunk.get("writes", ()))
    changes = (change for chunk in ledger.plans for change in chunk.get("settlements", ()))
    begin = ledger.begin
    plan = Plan(
        name=begin.get("name", ""),
        environment=begin.get("environment", ""),
        host=begin.get("host", ""),
        has_base=begin.get("has_base", True),
    )
    return replace(
        plan,
        writes=tuple(codec.to_write(write) for write in writes),
        settlements=tuple(codec.to_base_change(change) for change in changes),
    )


def _dead(error: CfsyncError) -> Halt:
    return Halt("", failure_of(error), stops=True)
