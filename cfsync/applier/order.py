"""Which writes belong to the last part of a run: the deletes, and whatever waits for one."""

from collections.abc import Iterable

from cfsync.model.plan import Write


def after_deletes(writes: Iterable[Write]) -> set[int]:
    last: set[int] = set()
    for write in writes:
        if write.verb == "delete" or not last.isdisjoint(write.waits):
            last.add(write.number)
    return last
