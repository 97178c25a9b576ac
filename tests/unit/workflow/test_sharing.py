import pytest
from msgspec import structs

from cfsync.journal.canonical import encode
from cfsync.model.base import Base
from cfsync.model.desired import Desired, DesiredState
from cfsync.model.live import Item
from cfsync.model.mark import Mark
from cfsync.model.values import IdOf
from cfsync.workflow.sharing import at_hand, share


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


def shared(item, rows):
    share(item, rows)
    return item


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


def test_what_is_the_same_in_every_field_is_one_object():
    assert shared(item(STORED), {"e1": ROW}).fields is STORED


@pytest.mark.parametrize("more", [{}, {"visible": True}])
def test_what_the_site_does_not_hold_stays_absent(more):
    row = structs.replace(ROW, stored={"name": "hero", "content": None})
    assert shared(item({"name": "hero", **more}), {"e1": row}).fields == {"name": "hero", **more}


def test_keys_in_another_order_are_the_same_object():
    found = shared(item({"props": dict(reversed(STORED["props"].items()))}), {"e1": ROW})
    assert found.fields["props"] is STORED["props"]


@pytest.mark.parametrize("value", [1 << 70, "\ud800"])
def test_what_the_quick_comparison_cannot_hold_is_shared_too(value):
    row = structs.replace(ROW, stored={"props": {"value": value}})
    assert (
        shared(item({"props": {"value": value}}), {"e1": row}).fields["props"]
        is row.stored["props"]
    )


def test_zeros_of_another_sign_stay():
    row = structs.replace(ROW, stored={"props": {"level": -0.0}})
    assert (
        repr(shared(item({"props": {"level": 0.0}}), {"e1": row}).fields["props"]["level"]) == "0.0"
    )


def test_what_the_files_say_is_at_hand_by_its_canonical_text():
    above, below = {"slug": "s"}, {"name": "hero", "content": "a\nb"}
    projects = (structs.replace(declared(above), children=(declared(below),)),)
    found = at_hand(DesiredState("acme", projects, "digest", refers=False))
    assert found == {encode(above): above, encode(below): below}
    assert found[encode(below)] is below


def test_a_text_that_utf_8_cannot_hold_is_at_hand_too():
    odd = [declared({"name": "\ud800"}), declared({"name": "hero"})]
    found = at_hand(DesiredState("acme", tuple(odd), "digest", refers=False))
    assert found[encode({"name": "\ud800"})] is odd[0].fields
    assert found[encode({"name": "hero"})] is odd[1].fields


def test_files_that_refer_to_the_site_share_nothing():
    state = DesiredState("acme", (declared({"href": IdOf("s:p")}),), "digest")
    assert at_hand(state) == {}
