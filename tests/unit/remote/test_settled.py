"""What is read is the same object as what was settled, where it is the same; both ways of it."""

from copy import deepcopy

import pytest
from msgspec import UNSET, json, structs

from cfsync.contract import load
from cfsync.model.base import Base
from cfsync.model.live import Item
from cfsync.planner.merge import in_sync
from cfsync.remote.settled import Ways, share

CONTENT = load().kind("element").content
STORED = {"name": "hero", "props": {"level": 1, "tags": ["a", {"b": 1.5}], "on": True}}
ROW = Base("e1", "element", "p1", "s:p#hero", 0, "2026-01-01", STORED, STORED)
ITEM = Item("element", "e1", "p1", None, 7, {}, "2026-01-01", "2026-01-02")


def fresh(value):
    """Another object of the same value."""
    if isinstance(value, dict):
        return {name: fresh(inner) for name, inner in value.items()}
    return [fresh(inner) for inner in value] if isinstance(value, list) else value


def shared(fields, stored=STORED):
    """By the way of single fields."""
    item = structs.replace(ITEM, fields=fresh(fields))
    share(item, structs.replace(ROW, stored=stored))
    return item.fields


def out_of(fields, stored=STORED):
    """By the quick way, which gives up on what is not the same."""
    values = [fresh(fields.get(name, UNSET)) for name in CONTENT]
    return Ways(CONTENT).fields(stored, values)


MORE = {**STORED, "visible": True}
OTHERS = [
    {"level": True, "tags": ["a", {"b": 1.5}], "on": True},
    {"level": 1.0, "tags": ["a", {"b": 1.5}], "on": True},
    {"level": 1, "tags": ["a", {"b": 1.5}], "on": 1},
    {"level": 1, "tags": ["a", {"b": 2.5}], "on": True},
    {"level": 1, "tags": ["a", {"b": 1.5}]},
    {},
    None,
    [],
]


@pytest.mark.parametrize("way", [shared, out_of])
def test_what_is_the_same_becomes_one_object(way):
    found = way(MORE)
    assert found == MORE
    assert found["props"] is STORED["props"]
    assert STORED.keys() == {"name", "props"}


def test_what_is_the_same_in_every_field_is_what_was_stored():
    assert out_of(STORED) is STORED


@pytest.mark.parametrize("props", OTHERS)
def test_what_is_written_otherwise_stays_what_it_is(props):
    fields = {"name": "hero", "props": props}
    assert repr(shared(fields)) == repr(fields)
    assert shared(fields)["props"] is not STORED["props"]
    assert out_of(fields) is None


@pytest.mark.parametrize("more", [{}, {"visible": True}])
def test_what_the_site_does_not_hold_stays_absent(more):
    stored = {"name": "hero", "content": None}
    assert shared({"name": "hero", **more}, stored) == {"name": "hero", **more}
    assert out_of({"name": "hero", **more}, stored) is None


def test_keys_in_another_order_are_the_same_object():
    fields = {"name": "hero", "props": dict(reversed(STORED["props"].items()))}
    assert shared(fields)["props"] is STORED["props"]
    assert out_of(fields) is None


@pytest.mark.parametrize("value", [1 << 70, "\ud800", -0.0])
def test_what_cannot_be_compared_quickly_stays_what_it_is(value):
    other = 0.0 if value == 0 else value
    stored, fields = ({"name": "hero", "props": {"value": each}} for each in (value, other))
    assert repr(shared(fields, stored)) == repr(fields)
    assert out_of(fields, stored) is None


@pytest.mark.parametrize("stored", [{}, {"name": "hero"}, {"name": "hero", "formerField": 1}])
def test_a_row_of_hardly_any_fields_or_of_unknown_ones_is_left_to_the_longer_way(stored):
    assert out_of(MORE, stored) is None


def test_ids_and_times_are_those_of_the_row():
    read = Item(**json.decode(json.encode(ITEM)))
    assert read.id is not ROW.id
    share(read, ROW)
    assert read.id is ROW.id
    assert read.created_at is ROW.created_at


def test_another_time_of_creation_stays():
    item = structs.replace(ITEM, created_at="2026-02-02")
    share(item, ROW)
    assert item.created_at == "2026-02-02"


@pytest.mark.parametrize("sent", [STORED, {**STORED, "content": "dropped by the API"}])
@pytest.mark.parametrize("more", [{}, {"visible": True}, {"content": "a designer's"}])
def test_a_plan_sees_in_it_what_it_sees_in_an_object_of_its_own(sent, more):
    row = structs.replace(ROW, sent=sent)
    found = out_of({**STORED, **more})
    assert in_sync(sent, row, found) == in_sync(sent, row, fresh({**STORED, **more}))
    assert in_sync({**sent, "name": "other"}, row, found) is False


def test_a_copy_is_for_changing():
    copied = deepcopy(out_of(MORE))
    assert type(copied) is dict
    assert copied == MORE
