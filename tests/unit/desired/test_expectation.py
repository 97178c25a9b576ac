import pytest

from cfsync.desired.expectation import expectation, shown, type_of


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"enum": ["draft", "published"]}, "one of: draft, published"),
        ({"const": 1}, "1"),
        ({"type": "integer", "minimum": 0, "maximum": 2147483647}, "a whole number 0–2147483647"),
        ({"type": "integer", "minimum": 1}, "a whole number at least 1"),
        ({"type": "number", "maximum": 1}, "a number at most 1"),
        ({"type": "boolean"}, "true or false"),
        ({"type": "string", "minLength": 3, "maxLength": 200}, "a text of 3–200 characters"),
        ({"type": "string", "examples": ["my-website"]}, "a text, like my-website"),
        ({"type": ["null", "string"]}, "a text or null"),
        ({"type": "object", "properties": {"a": {}, "b": {"not": {}}}}, "a mapping with a"),
        ({"type": "array", "default": []}, "a list"),
        ({}, ""),
    ],
)
def test_an_expectation_is_said_in_words(schema, words):
    assert expectation(schema) == words


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("x" * 50, "'" + "x" * 39 + "…'"),
        ("short", "'short'"),
        (None, "null"),
        (True, "true"),
        (3, "3"),
        (10**60, "1" + "0" * 39),
        ([1], "a list"),
        ({}, "an empty mapping"),
    ],
)
def test_a_value_in_a_message_is_short(value, text):
    assert shown(value) == text


def test_what_stands_there_is_said_in_words():
    values = (None, False, "x", 1, 1.5, [], [1], {}, {"a": 1})
    assert [type_of(each) for each in values] == [
        "nothing (null)",
        "true or false",
        "a text",
        "a number",
        "a number",
        "an empty list",
        "a list",
        "an empty mapping",
        "a mapping",
    ]
