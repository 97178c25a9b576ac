import pytest

from cfsync.model.values import ABSENT, at, equal, put


@pytest.mark.parametrize(
    ("left", "right"),
    [(1, 1.0), ({"a": 1}, {"a": 1.0}), ([], []), (None, None), ("a", "a"), (True, True)],
)
def test_equality_is_that_of_json(left: object, right: object) -> None:
    assert equal(left, right)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (True, 1),
        (0, False),
        (None, ABSENT),
        ({"a": None}, {}),
        ({"a": True}, {"a": 1}),
        ([1, 2], [2, 1]),
        ([True], [1]),
        ("1", 1),
        ({}, []),
        ([1], [1, 2]),
        ({"a": 1}, {"b": 1}),
    ],
)
def test_booleans_are_no_numbers_and_null_is_not_absent(left: object, right: object) -> None:
    assert not equal(left, right)
    assert not equal(right, left)


def test_a_missing_step_is_absent_and_a_null_is_not() -> None:
    assert at({"a": {"b": None}}, ("a", "b")) is None
    assert at({"a": {"b": None}}, ("a", "c")) is ABSENT
    assert at({"a": "text"}, ("a", "b")) is ABSENT


def test_putting_makes_objects_on_the_way_and_absent_removes() -> None:
    fields: dict[str, object] = {}

    put(fields, ("props", "color"), "red")
    assert fields == {"props": {"color": "red"}}

    put(fields, ("props", "color"), ABSENT)
    put(fields, ("styles", "desktop", "margin"), ABSENT)
    assert fields == {"props": {}}
