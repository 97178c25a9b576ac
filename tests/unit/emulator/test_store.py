import sqlite3
from contextlib import suppress

import pytest

from cfsync.emulator.store import Row, Store, Taken
from cfsync.errors import CfsyncError


def row(seq, id_, scope="proj_1", key=None):
    return Row(seq, id_, "page", scope, None, key, f'{{"id":"{id_}"', "2026")


@pytest.fixture
def store():
    store = Store()
    yield store
    store.close()


def test_what_was_written_is_there_when_the_file_is_opened_again(tmp_path):
    path = tmp_path / "deep" / "local.db"
    first = Store(path)
    with first.writing():
        first.insert(row(first.tick(5), "page_1"))
    first.close()
    second = Store(path)
    assert second.find("page_1") == row(5, "page_1")
    assert second.last_tick() == 5
    second.close()


def test_what_fails_inside_of_another_one_is_taken_back_alone(store):
    with store.writing():
        store.insert(row(1, "page_1"))
        with suppress(ZeroDivisionError), store.writing():
            store.insert(row(2, "page_2"))
            raise ZeroDivisionError
        with store.writing():
            store.insert(row(3, "page_3"))
    assert [each.id for each in store.rows()] == ["page_1", "page_3"]


def test_nothing_stays_open_where_a_commit_fails(store):
    store._db.execute("PRAGMA foreign_keys = ON")
    store._db.execute(
        "CREATE TABLE odd (id TEXT REFERENCES resource (id) DEFERRABLE INITIALLY DEFERRED)"
    )
    with pytest.raises(sqlite3.IntegrityError), store.writing():
        store._db.execute("INSERT INTO odd VALUES ('nobody')")
    assert not store._db.in_transaction
    assert store._db.execute("SELECT count(*) FROM odd").fetchone() == (0,)


def test_two_connections_see_each_others_rows(tmp_path):
    one, two = Store(tmp_path / "a.db"), Store(tmp_path / "a.db")
    one.insert(row(1, "page_1"))
    two.insert(row(2, "page_2"))
    assert one.total("page", "proj_1") == two.total("page", "proj_1") == 2
    one.close()
    two.close()


def test_a_file_that_is_no_database_is_named(tmp_path):
    path = tmp_path / "local.db"
    path.write_text("not a database, and long enough to be sure of that")
    with pytest.raises(CfsyncError) as caught:
        Store(path)
    assert caught.value.where == str(path)
    assert "not a database" in caught.value.why
    assert caught.value.next_step.startswith(f"rm {path}")


def test_a_directory_is_no_database(tmp_path):
    with pytest.raises(CfsyncError, match="cannot be used"):
        Store(tmp_path)


def test_a_database_of_another_format_is_named(tmp_path):
    path = tmp_path / "local.db"
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(CfsyncError) as caught:
        Store(path)
    assert caught.value.why == "it has format 99, this is format 1"


def test_ticks_only_go_forward(store):
    assert [store.tick(10), store.tick(10), store.tick(3), store.tick(50)] == [10, 11, 12, 50]


def test_a_transaction_is_all_or_nothing(store):
    def half():
        with store.writing():
            store.insert(row(1, "page_1", key="a"))
            with store.writing():
                store.insert(row(2, "page_2"))
            store.insert(row(3, "page_3", key="a"))

    with pytest.raises(Taken):
        half()
    assert list(store.rows()) == []
    assert store.total("page", "proj_1") == 0


def test_a_key_in_use_is_taken(store):
    store.insert(row(1, "page_1", key="index"))
    store.insert(row(2, "page_2", key="about"))
    with pytest.raises(Taken):
        store.insert(row(3, "page_3", key="index"))
    with pytest.raises(Taken):
        store.replace(row(2, "page_2", key="index"))
    store.insert(row(4, "page_4", scope="proj_2", key="index"))
    assert store.total("page", "proj_1") == 2


def test_reads_can_be_rewound_over_every_kind_of_change(store):
    store.insert(row(1, "page_1", key="a"))
    store.insert(row(2, "page_2", key="b"))
    before = list(store.rows())
    store.keep_history()
    store.keep_history()
    step = store.step()
    store.delete("page_1")
    store.replace(row(2, "page_2", key="a"))
    store.insert(row(3, "page_3", key="b"))
    store.delete("page_3")
    after = list(store.rows())
    with store.rewound(step):
        assert list(store.rows()) == before
        assert store.total("page", "proj_1") == 2
    assert list(store.rows()) == after
    store.forget_history()
    assert store.step() == 0
