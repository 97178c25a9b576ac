"""What is true of a journal in PostgreSQL alone; the rest of the tests run on it, too."""

import asyncio
import os
import subprocess
import sys
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from random import Random

import psycopg
import pytest

from cfsync.errors import JournalUnreadable, LockHeld, RunWaiting
from cfsync.journal import opening, postgres_schema
from cfsync.journal.opening import open_run
from cfsync.journal.places import open_readonly, open_store
from cfsync.journal.reading import open_reader
from cfsync.model.lease import Entry, JournalKey
from cfsync.model.run import Record
from cfsync.workflow.clock import SystemClock

WHERE = ("acme", "production", "api.example")


@pytest.fixture
def database(empty_postgres):
    return empty_postgres


@pytest.fixture
def sql(database):
    """Run statements as the database's owner; the last one's rows."""

    def run(*statements):
        with psycopg.connect(database, autocommit=True) as db:
            for statement in statements:
                rows = db.execute(statement)
            return rows.fetchall() if rows.description else []

    return run


def start(database, clock, *kinds):
    """A run with these lines that never ended, its connection still open."""
    journal = open_run(database, *WHERE, clock=clock, random=Random(1))
    for kind in kinds:
        asyncio.run(journal.append([Record(kind, {}, None if "RUN" in kind else 0)]))
    return journal


def schemas(sql):
    return sql("SELECT nspname FROM pg_namespace WHERE nspname = 'cfsync'")


def cut_off(sql):
    sql(
        "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity "
        "WHERE application_name = 'cfsync'"
    )


def test_reading_makes_nothing_in_the_database(database, sql):
    with open_reader(database, *WHERE) as journal:
        assert journal.base().exists is False
        assert (journal.runs(), journal.waiting()) == ((), None)
    assert schemas(sql) == []


@pytest.fixture
def reader_url(database, sql, clock):
    """Of a role that may read what one run left, and nothing else."""
    with start(database, clock, "RUN_BEGIN", "INTENT"):
        pass
    sql(
        "DROP ROLE IF EXISTS cfsync_reader",
        "CREATE ROLE cfsync_reader LOGIN",
        "GRANT USAGE ON SCHEMA cfsync TO cfsync_reader",
        "GRANT SELECT ON ALL TABLES IN SCHEMA cfsync TO cfsync_reader",
    )
    yield database.replace("cfsync@", "cfsync_reader@")
    sql("DROP OWNED BY cfsync_reader", "DROP ROLE cfsync_reader")


def test_a_role_that_may_only_read_is_enough_to_read(reader_url):
    with open_reader(reader_url, *WHERE) as journal:
        assert journal.waiting() is not None
        journal.verify()


def test_a_role_that_may_only_read_cannot_run(reader_url, clock):
    with pytest.raises(JournalUnreadable, match="permission denied for table lease") as caught:
        open_run(reader_url, *WHERE, clock=clock, random=Random(2))
    assert "written to" in caught.value.next_step


def test_a_role_that_may_not_even_read_is_told_what_it_lacks(reader_url, sql):
    sql("REVOKE SELECT ON cfsync.base FROM cfsync_reader")
    with (
        pytest.raises(JournalUnreadable, match="permission denied for table base") as caught,
        open_reader(reader_url, *WHERE) as journal,
    ):
        journal.base()
    assert "USAGE on the schema cfsync" in caught.value.next_step
    sql("REVOKE USAGE ON SCHEMA cfsync FROM cfsync_reader")
    with pytest.raises(JournalUnreadable, match="permission denied for schema"):
        open_reader(reader_url, *WHERE)


def test_a_role_that_may_make_nothing_cannot_begin_a_journal(reader_url, sql, clock):
    sql("DROP SCHEMA cfsync CASCADE", "CREATE SCHEMA cfsync")
    with pytest.raises(JournalUnreadable, match="permission denied"):
        open_run(reader_url, *WHERE, clock=clock, random=Random(2))


def test_a_line_cut_off_ends_the_run_and_what_is_there_waits(database, sql, clock):
    journal = start(database, clock, "RUN_BEGIN", "INTENT")
    cut_off(sql)

    async def go():
        for _ in range(2):
            with pytest.raises(JournalUnreadable, match="takes no more entries") as caught:
                await journal.append([Record("OUTCOME", {}, 0)])
            assert "cfsync recover" in caught.value.next_step

    asyncio.run(go())
    with pytest.raises(JournalUnreadable):
        asyncio.run(journal.events())
    journal.close()

    with open_reader(database, *WHERE) as reader:
        assert reader.waiting().run == journal.run
        assert [e.record.kind for e in reader.events(journal.run)] == ["RUN_BEGIN", "INTENT"]
        reader.verify()


def test_the_lease_of_a_run_that_was_cut_off_is_freed_over_a_new_connection(
    database, sql, clock, monkeypatch, holder
):
    monkeypatch.setattr(opening, "this_process", lambda random: replace(holder, machine="runner"))
    journal = start(database, clock, "RUN_BEGIN", "INTENT")
    cut_off(sql)
    journal.close()
    monkeypatch.undo()

    with open_run(database, *WHERE, clock=clock, random=Random(2), resume=True) as again:
        assert again.run == journal.run


def test_a_lease_cannot_be_freed_while_the_database_refuses(database, sql, take, key):
    with closing(open_store(database)) as store:
        lease = take(store)
        sql("ALTER TABLE cfsync.lease RENAME TO elsewhere")
        with pytest.raises(JournalUnreadable, match='"lease" does not exist'):
            store.release(lease)
        sql("ALTER TABLE cfsync.elsewhere RENAME TO lease")
        assert store.lease(key) == lease


def test_a_line_cut_off_in_the_middle_of_a_transaction_leaves_nothing_of_it(
    database, sql, take, entry, key
):
    store = open_store(database)
    lease = take(store)

    def write():
        with store.writing():
            store.db.execute("DELETE FROM lease")
            cut_off(sql)
            store.db.execute("DELETE FROM lease")

    with pytest.raises(JournalUnreadable, match="terminating connection"):
        write()
    store.close()
    with closing(open_readonly(database)) as again:
        assert again.lease(key) == lease


def test_a_newer_format_is_refused_and_nothing_of_it_is_touched(database, sql, clock):
    start(database, clock, "RUN_BEGIN").close()
    sql("UPDATE cfsync.version SET number = 99")
    for opened in (open_store, open_readonly):
        with pytest.raises(JournalUnreadable, match="newer cfsync") as caught:
            opened(database)
        assert "--upgrade" in caught.value.next_step
    assert sql("SELECT number FROM cfsync.version") == [(99,)]
    with open_reader(database, *WHERE, salvage=True) as journal:
        assert len(journal.runs()) == 1


def test_an_older_format_is_brought_up_to_date_on_writing_and_read_as_it_is(
    database, sql, clock, monkeypatch
):
    start(database, clock, "RUN_BEGIN").close()
    migration = {1: lambda db: db.execute("ALTER TABLE event ADD COLUMN note TEXT")}
    monkeypatch.setattr(postgres_schema, "VERSION", 2)
    monkeypatch.setattr(postgres_schema, "MIGRATIONS", migration)

    with open_reader(database, *WHERE) as journal:
        assert journal.waiting() is not None
    assert sql("SELECT number FROM cfsync.version") == [(1,)]
    open_store(database).close()

    assert sql("SELECT number FROM cfsync.version") == [(2,)]
    with open_reader(database, *WHERE) as journal:
        journal.verify()


def test_a_migration_that_fails_leaves_the_older_format(database, sql, clock, monkeypatch):
    start(database, clock, "RUN_BEGIN").close()
    steps = ("ALTER TABLE event ADD COLUMN note TEXT", "ALTER TABLE nonsense ADD COLUMN x TEXT")
    migration = {1: lambda db: [db.execute(step) for step in steps]}
    monkeypatch.setattr(postgres_schema, "VERSION", 2)
    monkeypatch.setattr(postgres_schema, "MIGRATIONS", migration)

    with pytest.raises(JournalUnreadable, match="nonsense"):
        open_store(database)

    monkeypatch.undo()
    assert sql("SELECT number FROM cfsync.version") == [(1,)]
    with open_reader(database, *WHERE) as journal:
        journal.verify()


@pytest.mark.parametrize("statement", ["DELETE FROM cfsync.version", "DROP TABLE cfsync.base"])
def test_tables_that_are_not_those_of_a_journal_are_refused(database, sql, clock, statement):
    start(database, clock, "RUN_BEGIN").close()
    sql(statement)
    with pytest.raises(JournalUnreadable):
        open_run(database, *WHERE, clock=clock, random=Random(2), resume=True)


def test_a_schema_of_somebody_elses_of_that_name_is_left_alone(database, sql):
    sql("CREATE SCHEMA cfsync", "CREATE TABLE cfsync.lease (theirs TEXT)")
    with pytest.raises(JournalUnreadable, match="already exists"):
        open_store(database)
    assert sql("SELECT count(*) FROM cfsync.lease") == [(0,)]


def test_two_machines_may_come_for_the_first_time_at_once(database):
    with ThreadPoolExecutor(4) as pool:
        stores = list(pool.map(open_store, [database] * 4))
    for store in stores:
        assert store.keys() == ()
        store.close()


def test_lines_of_an_older_epoch_are_refused_on_every_append(database, clock, holder):
    elsewhere = replace(holder, machine="elsewhere")
    stale = open_store(database)
    fresh = open_store(database)
    key = JournalKey(*WHERE)
    hold = opening.take_lease(stale, key, elsewhere, clock=clock, seconds=90.0, settle=10.0)
    stale.commit(hold.lease, [Entry("r1", "at", (Record("RUN_BEGIN"),))], until=clock.now() + 90)
    clock.pass_(101)
    taken = opening.take_lease(fresh, key, holder, clock=clock, seconds=90.0, settle=10.0)

    with pytest.raises(JournalUnreadable, match="took over the lease"):
        stale.commit(hold.lease, [Entry("r1", "at", (Record("INTENT", {}, 0),))], until=1e12)

    assert taken.lease.epoch == 2
    assert [event.record.kind for event in fresh.events(key, "r1")] == ["RUN_BEGIN"]
    stale.close()
    fresh.close()


def test_a_second_run_is_refused_at_once_by_the_servers_own_lock(database, clock):
    journal = start(database, clock, "RUN_BEGIN")
    clock.pass_(1000)  # though the lease ran out, the process and its connection are there
    with pytest.raises(LockHeld, match=str(os.getpid())):
        open_run(database, *WHERE, clock=clock, random=Random(2))
    other = open_run(database, "acme", "staging", "api.example", clock=clock, random=Random(3))
    other.close()
    journal.close()


HOLD = """
import asyncio, sys
from random import Random
from cfsync.journal.opening import open_run
from cfsync.model.run import Record
from cfsync.workflow.clock import SystemClock

where = ("acme", "production", "api.example")
journal = open_run(sys.argv[1], *where, clock=SystemClock(), random=Random(1))
asyncio.run(journal.append([Record("RUN_BEGIN")]))
print(journal.run, flush=True)
sys.stdin.read()
"""


@contextmanager
def held_elsewhere(database):
    """A run in a process of its own, killed at the end."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, database],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        process.stdout.readline()
        yield process
    finally:
        process.kill()
        process.communicate()


def test_the_lock_of_a_dead_process_is_free_and_its_run_waits(database):
    clock = SystemClock()
    with held_elsewhere(database) as process:
        with pytest.raises(LockHeld, match=f"process {process.pid} of"):
            open_run(database, *WHERE, clock=clock, random=Random(2))
        process.kill()
        process.wait()
        until = time.monotonic() + 10
        while True:
            try:
                open_run(database, *WHERE, clock=clock, random=Random(2))
            except LockHeld:  # the server has not noticed yet
                assert time.monotonic() < until
            except RunWaiting:
                break
    with open_run(database, *WHERE, clock=clock, random=Random(2), resume=True) as journal:
        assert [event.epoch for event in asyncio.run(journal.events())] == [1]


def test_a_holder_elsewhere_is_followed_only_after_its_lease_and_settle(
    database, sql, clock, monkeypatch, holder
):
    monkeypatch.setattr(opening, "this_process", lambda random: replace(holder, machine="gone"))
    start(database, clock, "RUN_BEGIN")
    cut_off(sql)  # that machine lost its power; the server has noticed
    monkeypatch.undo()

    clock.pass_(99)
    with pytest.raises(LockHeld, match="on gone, since"):
        open_run(database, *WHERE, clock=clock, random=Random(2), resume=True, settle=10.0)
    clock.pass_(2)
    with open_run(
        database, *WHERE, clock=clock, random=Random(2), resume=True, settle=10.0
    ) as journal:
        assert journal.lease_left() == 90.0


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://me:hunter2@127.0.0.1:1/x",
        "postgresql://127.0.0.1:1/x?password=hunter2",
        "postgresql://me:hun/ter2@127.0.0.1:1/x",
        "postgresql://me:hunter2%zz@127.0.0.1:1/x",
        "postgresql://me:hunter2@127.0.0.1:1/x?nonsense=1",
        "postgresql://me:hunter2",
    ],
)
def test_no_password_is_in_any_message(url):
    for opened in (open_store, open_readonly):
        with pytest.raises(JournalUnreadable, match="cannot be opened") as caught:
            opened(url)
        error = caught.value
        told = "".join(traceback.format_exception(error))
        told += f"{error.message} {error.where} {error.why} {error.next_step}"
        assert "ter2" not in told.replace("hun/", "")
        assert error.__suppress_context__


def test_a_refused_login_says_why(database):
    url = database.replace("cfsync@", "nobody:hunter2@")
    with pytest.raises(JournalUnreadable, match='role "nobody" does not exist') as caught:
        open_store(url)
    assert "hunter2" not in caught.value.message


@pytest.mark.parametrize("missing", ["psycopg", "psycopg.pq"])
def test_without_the_extra_the_command_to_install_it_is_said(missing, monkeypatch):
    for name in [name for name in sys.modules if name.split(".")[0] == "psycopg"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.delitem(sys.modules, "cfsync.journal.postgres")
    monkeypatch.delitem(sys.modules, "cfsync.journal.postgres_database")
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(JournalUnreadable, match="extra `postgres`") as caught:
        open_store("postgresql://db/x")
    assert caught.value.next_step == "pip install 'cfsync[postgres]'"


def test_a_journal_in_a_file_never_imports_psycopg(tmp_path):
    code = (
        "import sys; from cfsync.journal.places import open_store;"
        "open_store(sys.argv[1]).close(); print('psycopg' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "journal.db")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "False\n"
