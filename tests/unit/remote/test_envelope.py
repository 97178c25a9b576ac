import json

import pytest

from cfsync import limits
from cfsync.remote.envelope import NotAnEnvelope, deleted, listed, refused, request_id, single

ITEM = {"id": "proj_1"}


def test_the_documented_list_needs_neither_success_nor_meta(answer):
    page = listed(answer({"data": [ITEM], "pagination": {"hasMore": False, "total": 1}}))
    assert page.resources == [ITEM]
    assert (page.has_more, page.next_cursor, page.total) == (False, None, 1)


def test_a_list_may_have_no_total_and_fields_that_nobody_knows(answer):
    body = {
        "success": True,
        "data": [],
        "pagination": {"hasMore": True, "nextCursor": "c", "pages": 3},
        "meta": 7,
        "links": {},
    }
    page = listed(answer(body))
    assert (page.has_more, page.next_cursor, page.total) == (True, "c", None)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>Bad gateway</html>",
        b'{"data": [',
        b'\xff{"data": []}',
        [],
        "text",
        {},
        {"data": []},
        {"data": {}, "pagination": {"hasMore": False}},
        {"data": [1], "pagination": {"hasMore": False}},
        {"data": None, "pagination": {"hasMore": False}},
        {"data": [], "pagination": {}},
        {"data": [], "pagination": {"hasMore": "no"}},
        {"data": [], "pagination": {"hasMore": True, "nextCursor": 5}},
        {"data": [], "pagination": {"hasMore": False, "total": "1"}},
        {"success": False, "data": [], "pagination": {"hasMore": False}},
        b"[" * 100_000,
        b'{"data": [{"a": NaN}], "pagination": {"hasMore": false}}',
        b'{"data": [{"a": ' + b"9" * 5000 + b'}], "pagination": {"hasMore": false}}',
        b'{"data": [{"a": "\\ud800"}], "pagination": {"hasMore": false}}',
    ],
)
def test_what_is_no_list_is_never_read_as_an_empty_one(answer, body):
    with pytest.raises(NotAnEnvelope):
        listed(answer(body))


@pytest.mark.parametrize("opener", ["list", "object"])
def test_depth_is_limited(answer, opener):
    def body(depth):
        begin, end = (b"[", b"]") if opener == "list" else (b'{"a":', b"}")
        value = begin * depth + b"1" + end * depth
        return b'{"data": [{"v": ' + value + b'}], "pagination": {"hasMore": false}}'

    assert listed(answer(body(limits.MAX_JSON_DEPTH - 2)))
    with pytest.raises(NotAnEnvelope, match="MAX_JSON_DEPTH"):
        listed(answer(body(limits.MAX_JSON_DEPTH)))


def test_depth_beyond_what_can_be_decoded_is_no_crash(answer):
    with pytest.raises(NotAnEnvelope, match="nested too deeply"):
        single(answer(b'{"data": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"))


def test_many_shallow_resources_are_not_deep(answer):
    body = {"data": [{"a": [{}, {}], "b": {}}] * 300, "pagination": {"hasMore": False}}
    assert len(listed(answer(body)).resources) == 300


def test_a_single_resource_is_the_data(answer):
    assert single(answer({"success": True, "data": ITEM})) == ITEM


@pytest.mark.parametrize("body", [b"", {}, {"data": None}, {"data": [ITEM]}, {"success": "yes"}])
def test_what_holds_no_resource_is_none(answer, body):
    with pytest.raises(NotAnEnvelope):
        single(answer(body))


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, {"success": True, "data": {"id": "x", "deleted": True}}),
        (200, {"data": {"id": "x"}}),
        (200, {"success": True}),
        (200, {"success": True, "data": None}),
        (202, b""),
        (204, b""),
    ],
)
def test_a_deletion_is_taken_in_all_its_forms(answer, status, body):
    deleted(answer(body, status), "x")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html></html>",
        {},
        {"data": True},
        {"success": False, "data": {"id": "x", "deleted": True}},
        {"data": {"id": "other", "deleted": True}},
        {"data": {"id": "x", "deleted": False}},
    ],
)
def test_a_success_that_does_not_say_so_is_no_deletion(answer, body):
    with pytest.raises(NotAnEnvelope):
        deleted(answer(body), "x")


def test_an_error_is_read_with_its_details(refusal):
    error = refused(refusal(400, "VALIDATION_ERROR", "No", field="name", reason="Too short"))
    assert error is not None
    assert (error.code, error.message) == ("VALIDATION_ERROR", "No")
    assert (error.field, error.reason) == ("name", "Too short")


@pytest.mark.parametrize("details", [None, [], "x", {"field": 5, "reason": ["x"]}])
def test_an_error_needs_no_details(answer, details):
    error = refused(answer({"error": {"code": "C", "message": "m", "details": details}}, 400))
    assert error is not None
    assert (error.field, error.reason) == ("", "")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>404</html>",
        b'{"success": false, "error": {"code": "NOT_FOUND", "mess',
        {},
        {"error": "not found"},
        {"error": {"code": "C"}},
        {"error": {"message": "m"}},
        {"error": {"code": 404, "message": "m"}},
        {"success": True, "error": {"code": "C", "message": "m"}},
        {"message": "no Route matched with those values"},
    ],
)
def test_a_gateway_speaks_no_error_of_the_api(answer, body):
    assert refused(answer(body, 404)) is None


def test_text_of_the_api_is_kept_as_it_is_but_not_endlessly(answer):
    hostile = "\x1b[31m<script>\u202e" + "x" * 10_000
    error = refused(answer({"error": {"code": hostile, "message": hostile}}, 400))
    assert error is not None
    assert error.message.startswith("\x1b[31m<script>\u202e")
    assert len(error.message) == len(error.code) == limits.MAX_REMOTE_TEXT


@pytest.mark.parametrize(
    ("body", "headers", "expected"),
    [
        ({"meta": {"requestId": "req_1"}}, {}, "req_1"),
        ({"meta": {"requestId": "req_1"}}, {"x_request_id": "req_2"}, "req_2"),
        ({"meta": {"requestId": 5}}, {}, ""),
        ({"meta": []}, {}, ""),
        ({}, {}, ""),
        (b"<html>", {}, ""),
        (b"<html>", {"x_request_id": "req_3"}, "req_3"),
    ],
)
def test_the_request_is_named_by_header_or_meta(answer, body, headers, expected):
    assert request_id(answer(body, **headers)) == expected


def test_the_answers_of_the_public_reference_are_read(answer):
    reference = """{ "success": true, "data": [ { "id": "proj_abc123", "name": "My Website",
      "slug": "my-website", "status": "published", "createdAt": "2026-01-15T10:30:00Z",
      "updatedAt": "2026-01-22T14:45:00Z" } ], "pagination": { "hasMore": false, "total": 1 } }"""
    page = listed(answer(json.loads(reference)))
    assert page.resources[0]["id"] == "proj_abc123"
