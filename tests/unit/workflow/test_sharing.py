import pytest
from msgspec import structs

from cfsync.model.base import Base
from cfsync.model.desired import Desired, DesiredState
from cfsync.model.live import Item
from cfsync.model.mark import Mark
from cfsync.model.values import IdOf
from cfsync.workflow.sharing import Sharing


def fresh(value):
    """Another object of the same value."""
    if isinstance(value, dict):
        return {name: fresh(inner) for name, inner in value.items()}
    return [fresh(inner) for inner in value] if isinstance(value, list) else value


STORED = {"name": "hero", "props": {"level": 1, "tags": ["a", {"b": 1.5}], "on": True}}
ROW = Base("e1", "element", "p1", "s:p#hero", 0, "2026-01-01", STORED, STORED)
ITEM = Item("element", "e1", "p1", None, 7, {}, "2026-01-01", "2026-01-02")


def item(fields):
    return structs.replace(ITEM, fields=fresh(fields))


def shared(item, rows, files=()):
    state = DesiredState("acme", tuple(files), "digest", refers=False)
    return Sharing.of(state).shared(item, rows)


def test_what_is_the_same_becomes_one_object():
    found = shared(item({**STORED, "visible": True}), {"e1": ROW})
    assert found == structs.replace(ITEM, fields={**STORED, "visible": True})
    assert found.fields["props"] is STORED["props"]
    assert found.id is ROW.id


@pytest.mark.parametrize(
    "props",
    [
        {"level": True, "tags": ["a", {"b": 1.5}], "on": True},
        {"level": 1.0, "tags": ["a", {"b": 1.5}], "on": True},
        {"level": 1, "tags": ["a", {"b": 1.5}], "on": 1},
        {"level": 1, "tags": ["a", {"b": 2.5}], "on": True},
        {},
        None,
        [],
    ],
)
def test_what_is_written_otherwise_stays_what_it_is(props):
    found = shared(item({"name": "other", "props": props}), {"e1": ROW})
    assert repr(found.fields) == repr({"name": "other", "props": props})
    assert found.fields["props"] is not STORED["props"]


def test_a_resource_without_a_row_is_left_alone():
    live = item(STORED)
    assert shared(live, {}) is live


def test_another_time_of_creation_stays():
    live = structs.replace(item(STORED), created_at="2026-02-02")
    assert shared(live, {"e1": ROW}).created_at == "2026-02-02"


def declared(fields):
    return Desired("element", fields, None, Mark("a.yaml", 1))


def test_what_the_files_say_is_one_object_with_what_is_live():
    said = fresh(STORED)
    files = [structs.replace(declared({"slug": "s"}), children=(declared(said),))]
    assert shared(item(STORED), {"e1": ROW}, files).fields is said


def test_what_the_files_say_otherwise_is_not_shared():
    said = {**fresh(STORED), "props": {**STORED["props"], "level": True}}
    found = shared(item(STORED), {"e1": ROW}, [declared(said)])
    assert found.fields is not said
    assert found.fields["props"]["level"] is not True


def test_files_that_refer_to_the_site_share_nothing():
    state = DesiredState("acme", (declared({"href": IdOf("s:p")}),), "digest")
    assert Sharing.of(state).texts == {}


def test_after_all_was_read_nothing_is_at_hand():
    state = DesiredState("acme", (declared(STORED),), "digest", refers=False)
    sharing = Sharing.of(state)
    sharing.forget()
    assert sharing.texts == {}
