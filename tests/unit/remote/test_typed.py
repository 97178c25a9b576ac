"""Decoding straight into what the contract says, held against the general way."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import json, structs

from cfsync import limits
from cfsync.contract import load
from cfsync.model.base import Base
from cfsync.model.ports import Response
from cfsync.remote import typed
from cfsync.remote.envelope import NotAnEnvelope
from cfsync.remote.resources import OffContract, page_of
from cfsync.remote.typed import decoded_page

CONTRACT = load()
RIGHT = {
    "id": "elem_1",
    "pageId": "page_1",
    "name": "hero",
    "type": "section",
    "parentId": None,
    "position": 0,
    "createdAt": "2026-01-01T00:00:00Z",
    "updatedAt": "2026-01-01T00:00:00Z",
}
VALUES = st.sampled_from(
    [
        None, True, False, 0, 1, -1, 1.0, 2.5, 10**20, "", "a", "page_1", "page_2", "x" * 500, [],
        {}, [1, [2]], {"a": 1}, {"a": None, "b": [1, {"c": True}]}, {"desktop": {"color": "red"}},
        {"desktop": {"size": 1.5, "wide": 2}}, {"desktop": {"wide": None}}, {"desktop": 1},
    ]
)  # fmt: skip
NAMES = st.sampled_from([*RIGHT, "content", "props", "styles", "visible", "futureField"])
PAGINATION = st.sampled_from(
    [
        {"hasMore": False},
        {"hasMore": True, "nextCursor": "c", "total": 7},
        {"hasMore": False, "nextCursor": None, "total": None},
        {"hasMore": None},
        {},
    ]
)
SUCCESS = st.sampled_from([{}, {"success": True}, {"success": None}, {"success": False}])


@st.composite
def resources(draw):
    resource = {**RIGHT, "id": draw(st.sampled_from(["elem_1", "elem_2", ""]))}
    resource |= draw(st.dictionaries(NAMES, VALUES, max_size=3))
    for name in draw(st.lists(NAMES, max_size=1)):
        resource.pop(name, None)
    return resource


def outcome(read, response):
    try:
        return repr(read(CONTRACT, "element", "page_1", response))  # tells 1 from 1.0 and from true
    except (NotAnEnvelope, OffContract) as error:
        return type(error), str(error)


def in_order(read):
    """Read as `read` does; the keys of a resource come in the order of the alphabet."""

    def reading(*given):
        page = read(*given)
        items = [structs.replace(each, fields=sorted(each.fields.items())) for each in page.items]
        return replace(page, items=tuple(items))

    return reading


def answered(answer):
    return Response(200, {}, json.encode(answer))


@settings(max_examples=600, derandomize=True, database=None, deadline=None)
@given(st.lists(resources(), max_size=3), PAGINATION, SUCCESS)
def test_both_ways_read_the_same_or_refuse_alike(data, pagination, success):
    response = answered({**success, "data": data, "pagination": pagination, "meta": {"x": 1}})

    assert outcome(decoded_page, response) == outcome(page_of, response)


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"data": 1}', b'{"data": [', b"\xff"])
def test_what_is_no_envelope_is_refused_alike(body):
    response = Response(200, {}, body)
    found = outcome(decoded_page, response)
    assert found == outcome(page_of, response)
    assert found[0] is NotAnEnvelope


@pytest.fixture
def only_typed(monkeypatch):
    def never(*_):
        raise AssertionError("looked at the general way")

    monkeypatch.setattr(typed, "page_of", never)
    return lambda *data: decoded_page(CONTRACT, "element", "page_1", answered(_listed(data)))


def test_what_is_plainly_right_is_looked_at_once(only_typed):
    data = [
        RIGHT,
        {**RIGHT, "id": "elem_2", "parentId": "elem_1", "position": 1024, "content": "Hello"},
        {
            **RIGHT,
            "id": "elem_3",
            "props": {"links": [{"href": "/a"}], "level": 1},
            "visible": True,
        },
        {**RIGHT, "id": "elem_4", "styles": {"desktop": {"color": "red", "opacity": 0.5}}},
        {**RIGHT, "id": "elem_5", "futureField": {"a": [1]}},
    ]

    page = only_typed(*data)

    assert [item.id for item in page.items] == [each["id"] for each in data]
    assert page.items[1].parent == "elem_1"
    assert page.items[2].fields["props"]["links"] == [{"href": "/a"}]
    assert page.items[0].created_at is page.items[4].created_at
    assert page.items[0].fields["type"] is page.items[4].fields["type"]


@settings(max_examples=300, derandomize=True, database=None, deadline=None)
@given(st.lists(resources(), max_size=3), st.lists(resources(), max_size=3))
def test_what_was_settled_changes_nothing_of_what_is_read(data, settled):
    response = answered(_listed(data))
    rows = {}
    for each in settled:
        sent = {name: each[name] for name in CONTRACT.kind("element").content if name in each}
        id_ = str(each.get("id"))
        where = (each.get("parentId"), "s:p#hero", 0, str(each.get("createdAt")))
        rows[id_] = Base(id_, "element", *where, sent, sent)
    before = repr(rows)

    found = outcome(in_order(lambda *given: decoded_page(*given, rows)), response)

    assert found == outcome(in_order(page_of), response)
    assert repr(rows) == before


def test_what_is_as_it_was_settled_is_the_same_object(only_typed, monkeypatch):
    sent = {"name": "hero", "type": "section", "props": {"level": 1}}
    row = Base("elem_1", "element", "page_1", "s:p#hero", 0, RIGHT["createdAt"], sent, sent)
    same, other = ({**RIGHT, "props": {"level": level}} for level in (1, True))
    response = answered(_listed([same, {**other, "id": "elem_2"}]))
    rows = {"elem_1": row, "elem_2": row}

    first, second = decoded_page(CONTRACT, "element", "page_1", response, rows).items

    assert first.fields is sent
    assert first.created_at is row.created_at
    assert second.fields["props"] == {"level": True}
    assert second.fields["type"] is sent["type"]


def test_an_empty_page_is_one(only_typed):
    assert only_typed().items == ()


def test_depth_is_limited_alike():
    for depth in range(limits.MAX_JSON_DEPTH - 6, limits.MAX_JSON_DEPTH + 3):
        value = b'{"a":' * depth + b"1" + b"}" * depth
        body = json.encode(_listed([{**RIGHT, "props": "HERE"}])).replace(b'"HERE"', value)
        response = Response(200, {}, body)
        found = outcome(decoded_page, response)
        assert found == outcome(page_of, response), depth


def test_kinds_with_more_to_check_are_looked_at_the_general_way(answer, a_project):
    page = decoded_page(CONTRACT, "project", None, answered(_listed([a_project()])))
    assert [item.id for item in page.items] == ["proj_1"]


def _listed(data):
    return {"data": data, "pagination": {"hasMore": False}}
