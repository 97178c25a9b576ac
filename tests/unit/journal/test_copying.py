import asyncio
from pathlib import Path
from random import Random

import pytest

from cfsync.errors import CfsyncError, JournalUnreadable
from cfsync.journal.copying import copy_journal
from cfsync.journal.opening import open_run
from cfsync.journal.reading import open_reader
from cfsync.model.base import Base, PutBase
from cfsync.model.run import Record

ROW = Base(
    "elem_1", "element", "page_1", "site:index#hero", 5, "2026", {"name": "x"}, {"name": "x"}
)


class StillClock:
    def now(self) -> float:
        return 1_800_000_000.0

    def monotonic(self) -> float:
        return 0.0

    async def sleep(self, seconds: float) -> None:
        raise AssertionError("nothing here waits")


def a_run(path: Path, environment: str, *, seed: int = 1) -> None:
    async def work() -> None:
        with open_run(
            str(path), "acme", environment, "local", clock=StillClock(), random=Random(seed)
        ) as journal:
            await journal.append([Record("RUN_BEGIN", {"summary": {"create": 1}})])
            await journal.append([Record("OUTCOME", {"done": True}, 0)], [PutBase(ROW)])
            await journal.append([Record("RUN_END", {"status": "applied"})])

    asyncio.run(work())


def test_runs_base_and_digests_move_as_they_are(tmp_path: Path) -> None:
    source, target = tmp_path / "a" / "journal.db", tmp_path / "b" / "journal.db"
    a_run(source, "local")
    a_run(source, "staging", seed=2)

    copied = copy_journal(str(source), str(target), now=1_800_000_001.0)

    assert [key.environment for key in copied] == ["local", "staging"]
    for environment in ("local", "staging"):
        with (
            open_reader(str(source), "acme", environment, "local") as old,
            open_reader(str(target), "acme", environment, "local") as new,
        ):
            new.verify()
            assert new.base() == old.base()
            assert new.runs() == old.runs()
            run = old.runs()[0].run
            assert [e.record for e in new.events(run)] == [e.record for e in old.events(run)]


def test_a_copied_journal_goes_on(tmp_path: Path) -> None:
    source, target = tmp_path / "a.db", tmp_path / "b.db"
    a_run(source, "local")
    copy_journal(str(source), str(target), now=1_800_000_001.0)

    a_run(target, "local", seed=3)

    with open_reader(str(target), "acme", "local", "local") as journal:
        journal.verify()
        assert len(journal.runs()) == 2


def test_a_journal_that_already_knows_the_environment_takes_nothing(tmp_path: Path) -> None:
    source, target = tmp_path / "a.db", tmp_path / "b.db"
    a_run(source, "local")
    a_run(target, "local", seed=4)

    with pytest.raises(CfsyncError, match="already has runs of acme/local"):
        copy_journal(str(source), str(target), now=1_800_000_001.0)


def test_a_missing_journal_is_not_copied(tmp_path: Path) -> None:
    with pytest.raises(CfsyncError, match="there is no journal"):
        copy_journal(str(tmp_path / "none.db"), str(tmp_path / "b.db"), now=0.0)
    assert not (tmp_path / "b.db").exists()


def test_a_journal_in_use_is_not_copied(tmp_path: Path) -> None:
    source = tmp_path / "a.db"
    clock = StillClock()
    with (
        open_run(str(source), "acme", "local", "local", clock=clock, random=Random(1)),
        pytest.raises(JournalUnreadable, match="still writes to it"),
    ):
        copy_journal(str(source), str(tmp_path / "b.db"), now=clock.now())
