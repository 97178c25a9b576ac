"""A damaged journal is named and refused; it is never begun afresh over."""

import sqlite3

import pytest

from cfsync.errors import JournalUnreadable
from cfsync.journal import schema
from cfsync.journal.reading import open_reader
from cfsync.journal.sqlite import SqliteStore
from cfsync.model.base import PutBase


@pytest.fixture
def kept(location, take, entry, row, key):
    """A small journal on disk; returns a function that asks it everything."""
    store = SqliteStore.open(location)
    lease = take(store)
    rows = [PutBase(row()), PutBase(row("elem_2"))]
    begin = entry("RUN_BEGIN", "INTENT", who="me", content="x" * 50)
    store.commit(lease, [begin, entry("OUTCOME", base=rows)], until=91.0)
    store.commit(lease, [entry("RUN_END", status="applied")], until=91.0)
    store.commit(lease, [entry("RUN_BEGIN", "INTENT", run="r2")], until=91.0)
    store.close()
    return location


def answers(location):
    with open_reader(str(location), "acme", "production", "api.example") as journal:
        runs = journal.runs()
        return (
            journal.base(), runs, journal.waiting(), [journal.events(run.run) for run in runs],
            journal.verify(),
        )  # fmt: skip


def alter(location, *statements):
    db = sqlite3.connect(location)
    for statement in statements:
        db.execute(statement)
    db.commit()
    db.close()


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("UPDATE event SET body = '{}' WHERE seq = 2", "line 2 does not match"),
        ("UPDATE event SET kind = 'OUTCOME' WHERE seq = 2", "line 2 does not match"),
        ("UPDATE event SET body = x'78' WHERE seq = 2", "line 2 does not match"),
        ("DELETE FROM event WHERE seq = 2", "missing before line 3"),
        ("DELETE FROM event WHERE seq = 6", "last lines are missing"),
        ("DELETE FROM event WHERE seq > 4", "beginnings and ends"),
        ("DELETE FROM event WHERE seq = 1", "beginnings and ends"),
        ("UPDATE event SET kind = 'RUN_END' WHERE seq = 6", "beginnings and ends"),
        ("DELETE FROM base WHERE id = 'elem_2'", "rows of what was last settled are missing"),
        ("UPDATE base SET row = x'7b7d' WHERE id = 'elem_2'", "of elem_2 does not match"),
        ("UPDATE base SET row = 7 WHERE id = 'elem_2'", "is damaged"),
        ("UPDATE lease SET epoch = 7", "holds its lease"),
        ("UPDATE lease SET name = 'acmf'", "holds its lease"),
        ("UPDATE lease SET name = CAST(x'ff' AS TEXT)", "is damaged"),
        ("DROP TABLE base", "its tables are not"),
        ("PRAGMA application_id = 5", "not a journal of cfsync"),
        ("PRAGMA user_version = 99", "written by a newer cfsync"),
    ],
)
def test_each_kind_of_damage_is_named(kept, statement, says):
    alter(kept, statement)

    with pytest.raises(JournalUnreadable, match=says) as caught:
        answers(kept)

    assert caught.value.exit_code == 5
    assert str(kept) in caught.value.message
    assert "nothing was written" in caught.value.why
    assert caught.value.next_step


@pytest.mark.parametrize("content", [b"", b"garbage" * 1000, None])
def test_a_file_that_is_no_database_is_refused_for_writing_too(kept, content):
    text = kept.read_bytes()
    kept.write_bytes(text[:5000] if content is None else content)

    with pytest.raises(JournalUnreadable):
        answers(kept)
    with pytest.raises(JournalUnreadable):
        SqliteStore.open(kept)


def test_a_missing_file_whose_log_is_there_is_damage(kept):
    kept.rename(f"{kept}-wal")

    with pytest.raises(JournalUnreadable, match="the file is missing"):
        answers(kept)
    with pytest.raises(JournalUnreadable, match="the file is missing"):
        SqliteStore.open(kept)


def test_every_flipped_byte_is_found_or_changes_no_answer(kept):
    expected = answers(kept)
    whole = kept.read_bytes()
    for place in range(0, len(whole), 97):
        kept.write_bytes(whole[:place] + bytes([whole[place] ^ 0x41]) + whole[place + 1 :])
        try:
            found = answers(kept)
        except JournalUnreadable:
            continue
        assert found == expected, place


def test_every_cut_is_found(kept):
    expected = answers(kept)
    whole = kept.read_bytes()
    for length in range(0, len(whole), 1021):
        kept.write_bytes(whole[:length])
        with pytest.raises(JournalUnreadable):
            assert answers(kept) == expected


def test_history_is_still_readable_where_it_can_be(kept):
    alter(kept, "UPDATE event SET body = '{}' WHERE seq = 2", "UPDATE lease SET epoch = 7")

    with open_reader(str(kept), "acme", "production", "api.example", salvage=True) as journal:
        assert [run.run for run in journal.runs()] == ["r1", "r2"]
        assert [event.record.kind for event in journal.events("r1")][1] == "INTENT"
        assert len(journal.base().rows) == 2


def test_a_lost_tail_is_still_readable_to_history(kept):
    alter(kept, "DELETE FROM event WHERE seq > 4", "PRAGMA user_version = 99")

    with open_reader(str(kept), "acme", "production", "api.example", salvage=True) as journal:
        assert [run.status for run in journal.runs()] == ["applied"]
        assert journal.waiting() is None
        journal.verify()


def test_an_older_format_is_brought_up_to_date_on_writing_and_read_as_it_is(kept, monkeypatch):
    steps = []
    monkeypatch.setattr(schema, "VERSION", 2)
    monkeypatch.setattr(schema, "MIGRATIONS", {1: lambda db: steps.append(1)})

    assert answers(kept)[2].run == "r2"
    SqliteStore.open(kept).close()

    assert steps == [1]
    db = sqlite3.connect(kept)
    assert db.execute("PRAGMA user_version").fetchone() == (2,)
    db.close()


def test_a_format_that_never_existed_is_refused(kept):
    alter(kept, "PRAGMA user_version = 0")

    with pytest.raises(JournalUnreadable, match="never existed"):
        SqliteStore.open(kept)


def test_a_journal_is_private_to_its_owner(kept):
    kept.chmod(0o644)
    SqliteStore.open(kept).close()

    assert kept.stat().st_mode & 0o777 == 0o600
    assert kept.parent.stat().st_mode & 0o777 == 0o700
    assert [file.name for file in kept.parent.iterdir()] == ["journal.db"]


def test_writes_to_a_full_disk_are_told_and_end_the_run(kept, take, entry):
    store = SqliteStore.open(kept)
    lease = take(store, may_take=lambda lease: True)
    store.db.execute("PRAGMA max_page_count = 1")

    with pytest.raises(JournalUnreadable, match="full") as caught:
        store.commit(lease, [entry("OUTCOME", run="r2", content=str(range(9)) * 90_000)], until=2)
    store.close()

    assert "cfsync recover" in caught.value.next_step
    assert answers(kept)[2].run == "r2"


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(JournalUnreadable, match="takes no more entries"):
        SqliteStore.open(tmp_path / "file" / "journal.db")
