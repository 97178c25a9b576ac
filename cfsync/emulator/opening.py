"""Putting an Api together for those who only have a file's name."""

import time
from collections.abc import Iterable
from pathlib import Path
from random import Random

from cfsync.contract import Contract, load
from cfsync.emulator.api import Api
from cfsync.emulator.faults import Fault
from cfsync.emulator.store import Store


def open_api(
    db: Path | None = None,
    *,
    contract: Contract | None = None,
    token: str | None = None,
    faults: Iterable[Fault | str] = (),
    seed: int | None = None,
) -> Api:
    """The emulator over a file (None: in memory), on the real clock; whoever opens it closes it.

    `token`: None asks for none, ANY_TOKEN for any. `seed` makes the same ids in every new
    file. Raises
    CfsyncError for a file that is no database of the emulator, UsageError for a fault.
    """
    parsed = [Fault.parse(each) if isinstance(each, str) else each for each in faults]
    store = Store(db)
    # on a file that was written to, a seed must not draw the ids that are there
    random = Random(None if seed is None else f"{seed}/{store.last_tick()}")  # noqa: S311 - unlike, not secret
    return Api(
        store,
        contract or load(),
        now=time.time,
        random=random,
        token=token,
        faults=parsed,
    )
