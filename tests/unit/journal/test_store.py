"""What every store promises, whatever it is made of."""

from dataclasses import replace

import pytest

from cfsync.errors import JournalUnreadable, LockHeld
from cfsync.journal.canonical import encode, encode_row
from cfsync.model.base import DropBase, PutBase
from cfsync.model.lease import JournalKey
from cfsync.model.run import Record


def test_lines_come_back_in_order_as_they_were_written(store, a_run, key):
    events = store.events(key, "r1")

    kinds = [event.record.kind for event in events]
    assert kinds == ["RUN_BEGIN", "INTENT", "OUTCOME", "RUN_END"]
    assert events[1].record == Record("INTENT", {"content": "secret"}, 0)
    assert [event.epoch for event in events] == [1] * 4
    assert events[0].at == "2026-11-24T10:00:00.000Z"


def test_the_last_line_tells_which_run_waits(store, a_run, key):
    assert store.tail(key).run == "r2"


def test_bounds_are_the_beginnings_and_ends_of_all_runs(store, a_run, key):
    assert [(event.run, event.record.kind) for event in store.bounds(key)] == [
        ("r1", "RUN_BEGIN"), ("r1", "RUN_END"), ("r2", "RUN_BEGIN"),
    ]  # fmt: skip


def test_the_base_is_written_with_the_lines_and_read_back_whole_or_by_id(store, a_run, key, row):
    assert store.base(key) == {"elem_1": row(), "elem_2": row("elem_2")}
    assert store.base(key, ["elem_2", "elem_9"]) == {"elem_2": row("elem_2")}


def test_rows_are_replaced_and_dropped(store, a_run, key, row, entry):
    changed = row(position=7, sent={"name": "x"})
    changes = [PutBase(changed), DropBase("elem_2"), DropBase("elem_9")]
    store.commit(a_run, [entry("OUTCOME", run="r2", base=changes)], until=91.0)

    assert store.base(key) == {"elem_1": changed}
    store.verify(key)


def test_another_configuration_or_environment_sees_nothing_of_it(store, a_run, key):
    for other in (replace(key, name="b"), replace(key, environment="b"), replace(key, host="b")):
        assert store.tail(other) is None
        assert store.bounds(other) == ()
        assert store.events(other, "r1") == ()
        assert store.base(other) == {}
        assert store.lease(other) is None
        assert store.prune(other, ["r1"]) == 0
        store.verify(other)


def test_several_keys_keep_chains_of_their_own(store, a_run, key, take, entry):
    other = JournalKey("acme", "staging", "api.example")
    lease = take(store, key=other)
    store.commit(lease, [entry("RUN_BEGIN", run="s1")], until=91.0)
    store.commit(a_run, [entry("OUTCOME", run="r2")], until=91.0)
    store.commit(lease, [entry("RUN_END", run="s1", status="undone")], until=91.0)

    assert store.keys() == (key, other)
    assert [event.record.kind for event in store.events(key, "r2")] == [
        "RUN_BEGIN", "INTENT", "OUTCOME",
    ]  # fmt: skip
    assert [event.record.kind for event in store.events(other, "s1")] == ["RUN_BEGIN", "RUN_END"]
    store.verify(key)
    store.verify(other)


def test_a_lease_is_one_holders_until_it_is_released(store, take, dead, key):
    lease = take(store)
    with pytest.raises(LockHeld):
        take(store, holder=dead)
    store.release(lease)

    assert store.lease(key).holder is None
    assert take(store, holder=dead).epoch == 2


def test_a_lease_is_taken_over_where_the_asker_may(store, take, dead):
    first = take(store, holder=dead)
    second = take(store, may_take=lambda lease: lease == first)

    assert (second.epoch, second.holder == dead) == (2, False)


def test_a_stale_holder_writes_nothing_more_and_frees_nothing(store, take, dead, entry, key):
    stale = take(store, holder=dead)
    take(store, may_take=lambda lease: True)

    with pytest.raises(JournalUnreadable, match="took over"):
        store.commit(stale, [entry("RUN_BEGIN")], until=91.0)
    store.release(stale)

    assert store.tail(key) is None
    assert store.lease(key).holder is not None


def test_a_commit_extends_the_lease(store, take, key):
    store.commit(take(store), [], until=200.0)

    assert store.lease(key).expires == 200.0


def test_after_a_failed_commit_nothing_more_is_taken(store, take, entry, key, dead):
    lease = take(store)
    with pytest.raises(JournalUnreadable):
        store.commit(replace(lease, epoch=9), [entry("RUN_BEGIN")], until=91.0)

    with pytest.raises(JournalUnreadable, match="takes no more entries"):
        store.commit(lease, [entry("RUN_BEGIN")], until=91.0)


def test_pruning_empties_what_lines_say_of_pages_and_the_chain_still_holds(store, a_run, key):
    assert store.prune(key, ["r1"]) == 2

    kinds = [event.record for event in store.events(key, "r1")]
    assert [record.body for record in kinds if record.kind in ("INTENT", "OUTCOME")] == [{}, {}]
    assert kinds[-1].body == {"status": "applied"}
    assert store.events(key, "r2")[0].record.body == {}
    store.verify(key)


def test_any_json_comes_back_as_it_was(store, take, entry, key, row):
    odd = {
        "big": 2**70, "half": "\ud800", "text": "é\u2028", "nested": [[{}, []], None, True, 1.5],
        "long": "x" * 10_000,
    }  # fmt: skip
    lease = take(store)
    kept = row(sent=odd, stored={"name": "\udfff"})
    store.commit(lease, [entry("RUN_BEGIN", base=[PutBase(kept)], **odd)], until=91.0)

    assert store.events(key, "r1")[0].record.body == odd
    assert store.base(key) == {"elem_1": kept}


def test_a_run_that_nobody_knows_has_no_lines(store, a_run, key):
    assert store.events(key, "r9") == ()


def test_a_row_takes_fields_that_are_at_hand_and_no_others(store, a_run, key, row):
    known, other = dict(row().sent), {"name": "hero", "props": {"a": 2}}
    at_hand = {encode(fields): fields for fields in (known, other)}

    rows = store.base(key, at_hand=at_hand)

    assert rows == {"elem_1": row(), "elem_2": row("elem_2")}
    assert rows["elem_1"].sent is known
    assert rows["elem_1"].stored == {"name": "hero", "props": {"a": 1.0}}
    assert repr(rows["elem_1"].stored) != repr(known)


def test_a_row_that_the_api_stored_as_sent_is_kept_once_and_read_back(
    store, a_run, key, row, entry
):
    fields = {"name": "hero", "props": {"a": 1, "b": None}}
    alike = row("elem_3", sent=fields, stored=dict(fields), protect=True, parent=None)
    torn = row("elem_4", sent={"name": "\ud800"}, stored={"name": "\ud800"})
    store.commit(
        a_run, [entry("OUTCOME", run="r2", base=[PutBase(alike), PutBase(torn)])], until=91
    )

    rows = store.base(key, ["elem_3", "elem_4"])

    assert rows == {"elem_3": alike, "elem_4": torn}
    assert rows["elem_3"].stored is rows["elem_3"].sent
    assert encode_row(alike).count(b"props") == 1
    store.verify(key)
