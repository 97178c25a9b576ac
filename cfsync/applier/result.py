"""How a run ended, told from its journal alone."""

from collections.abc import Iterator, Sequence

from cfsync.applier.halts import UNDO_FAILED, Halt
from cfsync.applier.ledger import Ledger, Step
from cfsync.applier.made_again import made_again
from cfsync.contract import Contract
from cfsync.model.plan import Write
from cfsync.model.run import Failure, Left, RunResult


def result(
    run: str, ledger: Ledger, writes: Sequence[Write], halt: Halt | None, contract: Contract
) -> RunResult:
    """`halt`: what this process met last, for where the journal could not be told any more."""
    status = ledger.ended or "waiting"
    address, failure = _first(ledger, halt) if status != "applied" else ("", None)
    left = ledger.left if ledger.ended else tuple(_left(ledger, writes))
    return RunResult(
        run=run,
        status=status,
        done=sum(step.state == "done" for step in ledger.steps.values()),
        undone=len(ledger.undone),
        failed_address=address,
        failure=failure,
        left=tuple(left),
        new_ids=dict(ledger.new_ids),
        warnings=tuple(ledger.warnings),
        interrupted=ledger.interrupted,
        total=len(writes),
        intents=sum(bool(step.attempts) for step in ledger.steps.values()),
        failed=failed_write(ledger, writes, address),
        made_again=made_again(ledger.new_ids, writes, contract),
        held_up_by=() if ledger.ended else tuple(_held_up(ledger, writes)),
    )


def failed_write(ledger: Ledger, writes: Sequence[Write], address: str) -> Write | None:
    """The first write there that was not done; None where the failure is about no write."""
    there = (write for write in writes if write.address == address)
    return next((write for write in there if not _is_done(ledger, write)), None)


def _is_done(ledger: Ledger, write: Write) -> bool:
    step = ledger.steps.get(write.number)
    return step is not None and step.state == "done"


def _held_up(ledger: Ledger, writes: Sequence[Write]) -> Iterator[str]:
    for left in ledger.failed_undos.values():
        yield left.address
    for number, step in ledger.steps.items():
        if step.state == "ambiguous" and number not in ledger.skipped:
            yield writes[number].address


def _first(ledger: Ledger, halt: Halt | None) -> tuple[str, Failure | None]:
    """What made the run fail; or what stops it now, since that is what a person has to mend."""
    if halt is not None and halt.failure.code != UNDO_FAILED:
        return halt.address, halt.failure
    return ledger.halted or ("", None)


def _left(ledger: Ledger, writes: Sequence[Write]) -> Iterator[Left]:
    """Of a run that waits: what nobody can tell yet, and what is still to be taken back."""
    yield from ledger.skipped.values()
    yield from ledger.failed_undos.values()
    told = ledger.undone | ledger.skipped.keys() | ledger.failed_undos.keys()
    for number, step in sorted(ledger.steps.items()):
        if number not in told and (why := _why(step, undoing=ledger.undoing)):
            yield Left(writes[number].address, step.id, why)


def _why(step: Step, *, undoing: bool) -> str:
    match step.state:
        case "open":
            return "begun, and not known to be done"
        case "ambiguous":
            return f"{step.why}: {', '.join(step.candidates)}"
        case "conflict":
            return step.why
        case "done" if undoing and step.touched:
            return "done, and not taken back yet"
        case _:
            return ""
