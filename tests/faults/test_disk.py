"""Row 31: the power fails. Every image that a disk may hold afterwards is recovered.

After each transaction the database and its write-ahead log are copied. From each copy images are
made: the log cut at every frame, a frame garbled, frames after the last commit dropped or torn.
What was synced stays; what was not may be there, or not, or in part.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest
from faults.chooser import Chooser
from faults.history import Committed, Sent
from faults.play import Tally, play
from faults.scenarios import four_changes
from faults.stage import JumpingClock
from faults.world import HOLDER, KEY, Budget, World

from cfsync.journal.opening import run_in
from cfsync.journal.sqlite import SqliteStore
from cfsync.model.lease import Entry, JournalKey
from cfsync.model.run import Record

HEADER, FRAME_HEADER = 32, 24


@dataclass(frozen=True)
class Image:
    name: str
    database: bytes
    log: bytes


def frames(log: bytes) -> list[bytes]:
    """Of a write-ahead log: each frame with its header."""
    if len(log) < HEADER:
        return []
    size = FRAME_HEADER + struct.unpack(">I", log[8:12])[0]
    return [log[at : at + size] for at in range(HEADER, len(log) - size + 1, size)]


def is_commit(frame: bytes) -> bool:
    return struct.unpack(">I", frame[4:8])[0] != 0


def images(synced: Image, later: Image) -> Iterator[Image]:
    """What may be on the disk when the power fails between two syncs."""
    kept = len(frames(synced.log))
    new = frames(later.log)
    same_log = later.log[:HEADER] == synced.log[:HEADER]
    for cut in range(kept if same_log else 0, len(new) + 1):
        yield Image(f"cut at {cut}", later.database, later.log[:HEADER] + b"".join(new[:cut]))
    last = next((n for n in reversed(range(len(new))) if is_commit(new[n])), -1)
    if last >= kept:
        for place in (8, FRAME_HEADER + 100):  # of the salt, of the page
            torn = bytearray(new[last])
            torn[place] ^= 0xFF
            head = later.log[:HEADER] + b"".join(new[:last])
            yield Image(f"garbled at {place}", later.database, head + bytes(torn))
        half = new[last][: len(new[last]) // 2]
        yield Image("torn", later.database, later.log[:HEADER] + b"".join(new[:last]) + half)


class Copying:
    """The Store of a world, over a file that is copied after each transaction."""

    def __init__(self, path: Path, raw: bytes) -> None:
        self.path = path
        path.write_bytes(raw)
        self.store = SqliteStore.open(path)
        self.copies: list[Image] = []
        self.copy("begin")

    def copy(self, name: str) -> None:
        log = Path(f"{self.path}-wal")
        self.copies.append(
            Image(name, self.path.read_bytes(), log.read_bytes() if log.exists() else b"")
        )


@pytest.fixture
def lived(tmp_path):
    """A run, and its journal after every transaction, beside what the site was then."""
    world = World(four_changes(), Chooser(), Budget())
    copying = Copying(tmp_path / "journal.db", world.scenario.journal)
    sites = [world.api.store._db.serialize()]
    store = copying.store
    commit = store.commit

    def copied(lease, entries, *, until):
        commit(lease, entries, until=until)
        copying.copy(entries[0].records[0].kind)
        sites.append(world.api.store._db.serialize())

    store.commit = copied
    world.store = store
    assert world.apply().status == "applied"
    sent = [one for one in world.history if isinstance(one, Sent)]
    assert len(sent) == len([one for one in world.history if isinstance(one, Committed)]) == 4
    yield copying.copies, sites
    store.close()


def recovered(image: Image, site: bytes, folder: Path) -> str:
    """What the next process makes of this disk and this site."""
    path = folder / "image.db"
    for old in folder.glob("image.db*"):
        old.unlink()
    path.write_bytes(image.database)
    Path(f"{path}-wal").write_bytes(image.log)
    world = World(replace(FOUR, site=site), Chooser(), Budget())
    store = SqliteStore.open(path)
    world.store = store
    try:
        if not world.waits():
            bounds = store.bounds(KEY)
            return "ended" if bounds else "never begun"
        result = world.recover()
        assert result is not None
        expected = {"undone": BEFORE, "applied": AFTER}[result.status]
        assert world.state() == expected, (image.name, result.status)
        return result.status
    finally:
        store.close()


FOUR = four_changes()


def _ends():
    world = World(FOUR, Chooser(), Budget())
    before = world.state()
    world.apply()
    return before, world.state()


BEFORE, AFTER = _ends()


def test_row_31_every_image_after_a_power_loss_is_recovered(lived, tmp_path, figures):
    copies, sites = lived
    ended: dict[str, int] = {}
    count = 0
    for number, (synced, later) in enumerate(pairwise(copies)):
        for image in images(synced, later):
            # nothing leaves before its line is synced: the site is as it was at the last sync
            how = recovered(image, sites[number + 1], tmp_path)
            ended[how] = ended.get(how, 0) + 1
            count += 1
    assert count > 60
    assert ended.keys() >= {"undone", "applied"}
    figures.images("row 31", count)


def test_row_31_the_journal_is_synced_in_full(tmp_path):
    store = SqliteStore.open(tmp_path / "journal.db")
    assert store.db.execute("PRAGMA synchronous").fetchone()[0] == 2
    assert store.db.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    store.close()


def test_row_31_an_intent_is_synced_before_anything_leaves():
    tally = Tally()

    world = play(FOUR, Chooser(), Budget(), tally)

    assert tally.ended == {"applied": 1}
    assert len(world.history) > 20  # the checker refuses a request without a synced intent


def test_row_31_a_line_is_there_whole_or_not_at_all(tmp_path):
    store = SqliteStore.open(tmp_path / "journal.db")
    key = JournalKey("a", "b", "c")
    clock = JumpingClock()
    run = run_in(store, key, clock=clock, random=Random(1), holder=HOLDER)
    lease = store.lease(key)
    lines = (Record("RUN_BEGIN", {"n": 1}), Record("PLAN", {"n": object}))
    with pytest.raises(TypeError):
        store.commit(lease, [Entry(run.run, "2026", lines)], until=lease.expires)
    assert store.tail(key) is None
    store.close()
