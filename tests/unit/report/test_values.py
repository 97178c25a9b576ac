import pytest

from cfsync.model.values import ABSENT, IdOf, Made
from cfsync.report.difference import deserves_lines, difference
from cfsync.report.values import long, shown, shown_pair


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a", '"a"'),
        ('say "hi"', '"say \\"hi\\""'),
        (None, "null"),
        (True, "true"),
        (1.5, "1.5"),
        ({"b": 1, "a": [Made(1)]}, '{"a": ["(known after apply)"], "b": 1}'),
        (ABSENT, "(not set)"),
        (Made(3), "(known after apply)"),
        (IdOf("a:b"), "(id of a:b)"),
    ],
)
def test_a_value_is_shown_as_json_or_in_words(value, text):
    assert shown(value) == text


def test_a_long_text_is_cut():
    assert shown("x" * 100, width=10) == '"xxxxxxxxx…'


def test_two_long_texts_are_cut_around_their_difference():
    left, right = shown_pair("a" * 200 + "LEFT" + "b" * 200, "a" * 200 + "RIGHT" + "b" * 200)
    assert "LEFT" in left
    assert "RIGHT" in right
    assert left.startswith("…aaa")
    assert left.endswith("b…")


def test_texts_that_differ_early_are_shown_from_their_start():
    left, _ = shown_pair("ab" + "x" * 100, "ac" + "x" * 100)
    assert left.startswith('"ab')


def test_where_one_text_goes_on_the_other_shows_its_end():
    left, right = shown_pair("x" * 100, "x" * 100 + "more")
    assert left.endswith('x"')
    assert "more" in right


def test_short_values_need_no_lines_of_their_own():
    assert not deserves_lines("a", "b")
    assert not deserves_lines([1], [2])
    assert not deserves_lines([1, 2], "text")
    assert not deserves_lines({"a": 1}, {"a": 2})
    assert deserves_lines([1, 2], [1])
    assert not long(5)


def test_a_list_is_shown_entry_by_entry():
    before = [{"title": "A"}, {"title": "B"}, 1]
    after = [{"title": "A"}, {"title": "C", "icon": "star"}, 1.0, "new"]
    assert list(difference(before, after).lines()) == [
        '+ [1].icon  "star"',
        '~ [1].title  "B" → "C"',
        '+ [3]  "new"',
    ]


def test_what_left_a_list_is_shown():
    assert list(difference([1, 2, 3], [1, 2]).lines()) == ["- [2]  3"]


def test_a_long_object_is_shown_key_by_key():
    before = {"a": "x" * 80, "b": {"c": 1}}
    assert list(difference(before, before | {"b": {"c": 2}}).lines()) == ["~ b.c  1 → 2"]


def test_a_text_of_many_lines_is_shown_by_its_changed_lines():
    before = "one\ntwo\nthree\nfour\nfive"
    assert deserves_lines(before, before + "\nsix")
    assert list(difference(before, before.replace("three", "3")).lines()) == [
        "  two",
        "- three",
        "+ 3",
        "  four",
    ]


def test_very_many_differences_are_counted():
    shown = list(difference(list(range(40)), [n * 3 + 100 for n in range(40)]).lines())
    assert len(shown) == 13
    assert shown[-1].startswith("… and ")


def test_values_that_know_their_place_are_compared_as_values():
    class Marked(list):
        pass

    assert list(difference([1, 2, [3]], Marked([1, 5, Marked([3])])).lines()) == ["~ [1]  2 → 5"]


def test_an_entry_put_between_others_is_shown_as_that():
    before = [{"t": "A", "n": 1}, {"t": "B", "n": 2}, {"t": "C", "n": 3}]
    after = [{"t": "A", "n": 1}, {"t": "B", "n": 5}, {"t": "X"}, {"t": "C", "n": 3}]
    lines = list(difference(before, after).lines())
    assert "~ [1].n  2 → 5" in lines
    assert any(line.startswith("+ [") for line in lines)
