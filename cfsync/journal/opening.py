"""The ways to write to a journal: to run under its lease, to prune it."""

from collections.abc import Callable
from datetime import UTC, datetime
from random import Random

from cfsync import limits
from cfsync.errors import CfsyncError, RunWaiting
from cfsync.journal.group_commit import GroupCommit, InlineCommit
from cfsync.journal.hold import Hold
from cfsync.journal.holder import is_held, this_process
from cfsync.journal.places import exists, open_locked, open_store
from cfsync.journal.reading import OpenJournal
from cfsync.journal.refusals import lock_held
from cfsync.journal.run import OpenRun
from cfsync.model.lease import Holder, JournalKey, Lease
from cfsync.model.ports import Clock, Store
from cfsync.model.run import RunSummary


def open_run(
    location: str,
    name: str,
    environment: str,
    host: str,
    *,
    clock: Clock,
    random: Random,
    resume: bool = False,
    timeout: float = limits.REQUEST_TIMEOUT,
    settle: float = limits.SETTLE,
) -> OpenRun:
    """A new run under the environment's lease; `resume`: the one that waits for `recover`.

    `timeout` and `settle` (seconds) are the environment's: a lease is longer than a request, and
    is taken over only when none of the former holder's can land any more. Raises LockHeld,
    RunWaiting, JournalUnreadable.
    """
    key = JournalKey(name, environment, host)
    here = this_process(random)
    store, free = open_locked(location, key, here, clock.now())
    try:
        seconds = max(limits.LEASE_SECONDS, 3 * timeout)
        hold = take_lease(store, key, here, clock=clock, seconds=seconds, settle=settle)
        return _begin(store, hold, clock, random, resume=resume, free=free, threaded=True)
    except BaseException:
        free()
        raise


def run_in(
    store: Store,
    key: JournalKey,
    *,
    clock: Clock,
    random: Random,
    resume: bool = False,
    settle: float = limits.SETTLE,
    holder: Holder | None = None,
) -> OpenRun:
    """The same over any store, without a thread and without a file's lock: for harnesses."""
    here = holder or this_process(random)
    hold = take_lease(store, key, here, clock=clock, seconds=limits.LEASE_SECONDS, settle=settle)
    return _begin(store, hold, clock, random, resume=resume, free=lambda: None, threaded=False)


def take_lease(
    store: Store, key: JournalKey, here: Holder, *, clock: Clock, seconds: float, settle: float
) -> Hold:
    """Raises LockHeld unless it is free, its holder is provably gone, or it ran out long ago."""

    def may_take(lease: Lease) -> bool:
        return not is_held(lease, here, clock.now(), settle)

    now = clock.now()
    lease = store.take(key, here, now=now, until=now + seconds, may_take=may_take)
    return Hold(lease, clock, seconds)


def refuse_held(
    journal: OpenJournal, *, clock: Clock, random: Random, settle: float = limits.SETTLE
) -> None:
    """Takes nothing. Raises LockHeld where a run could not begin now because another goes on."""
    lease = journal.lease()
    if lease is not None and is_held(lease, this_process(random), clock.now(), settle):
        raise lock_held(lease)


def prune_history(location: str, name: str, environment: str, host: str, *, keep: int = 20) -> int:
    """Empty the page content of all ended runs but the newest `keep`; returns how many lines."""
    if not exists(location):
        return 0
    key = JournalKey(name, environment, host)
    store = open_store(location)
    try:
        ended = [run.run for run in OpenJournal(store, key).runs() if run.ended is not None]
        return store.prune(key, ended[: max(0, len(ended) - keep)])
    finally:
        store.close()


def _begin(
    store: Store,
    hold: Hold,
    clock: Clock,
    random: Random,
    *,
    resume: bool,
    free: Callable[[], None],
    threaded: bool,
) -> OpenRun:
    try:
        journal = OpenJournal(store, hold.lease.key)
        run = _run_to_resume(journal) if resume else _new_run(journal, clock, random)
    except BaseException:
        store.release(hold.lease)
        raise
    commits = GroupCommit(store, hold) if threaded else InlineCommit(store, hold)
    return OpenRun(run, store=store, hold=hold, commits=commits, clock=clock, free=free)


def _run_to_resume(journal: OpenJournal) -> str:
    journal.verify()
    waiting = journal.waiting()
    if waiting is None:
        raise CfsyncError("no run waits to be recovered", next_step="cfsync history")
    return waiting.run


def _new_run(journal: OpenJournal, clock: Clock, random: Random) -> str:
    waiting = journal.waiting()
    if waiting is not None:
        raise run_waiting(waiting)
    known = {run.run for run in journal.runs()}
    at = datetime.fromtimestamp(clock.now(), UTC).strftime("%Y%m%d-%H%M%S")
    while (run := f"{at}-{random.getrandbits(16):04x}") in known:
        pass
    return run


def run_waiting(run: RunSummary) -> RunWaiting:
    return RunWaiting(
        f"run {run.run} of {run.started} by {run.who or 'somebody'} never ended",
        where=f"{run.environment} ({run.host})",
        why="the site may be part-way between before and after; nothing was written now",
        next_step=f"cfsync recover -e {run.environment}",
    )
