import resource
import sys
import time
from itertools import pairwise

import pytest

from cfsync import limits
from cfsync.desired.marked import MarkedMap
from cfsync.desired.memo import Memo
from cfsync.desired.yaml_tree import parse
from cfsync.errors import ConfigError, Problem


def read(text: str | bytes):
    document = parse("a.yaml", text.encode() if isinstance(text, str) else text)
    assert document.problems == ()
    return document.root


def problems(text: str | bytes) -> tuple[Problem, ...]:
    try:
        return parse("a.yaml", text.encode() if isinstance(text, str) else text).problems
    except ConfigError as error:
        return error.problems


def problem(text: str | bytes) -> Problem:
    (only,) = problems(text)
    return only


def place(text: str | bytes) -> tuple[int, int, str]:
    only = problem(text)
    return only.line, only.column, only.message


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("no", "no"),
        ("on", "on"),
        ("y", "y"),
        ("1:30", "1:30"),
        ("2026-01-02", "2026-01-02"),
        ("1_000", "1_000"),
        ("010", 10),
        ("0o10", 8),
        ("0x1F", 31),
        ("-0", 0),
        ("+12", 12),
        ("0b1", "0b1"),
        (".5", 0.5),
        ("1.", 1.0),
        ("1e3", 1000.0),
        ("-1.5E-2", -0.015),
        (".", "."),
        ("true", True),
        ("FALSE", False),
        ("tRue", "tRue"),
        ("~", None),
        ("", None),
        ("Null", None),
        ("'true'", "true"),
        ('"010"', "010"),
        ("''", ""),
        ("<<", "<<"),
        ("|\n  a\n  b\n", "a\nb\n"),
        (">-\n  a\n  b\n", "a b"),
    ],
)
def test_scalars_mean_what_the_core_schema_of_yaml_1_2_says(written, value):
    got = read(f"k: {written}\n")["k"]
    assert got == value
    assert type(got) is type(value)


@pytest.mark.parametrize("number", [".inf", "-.Inf", "+.INF", ".nan", ".NaN", "1e999"])
def test_a_number_that_json_cannot_hold_is_refused(number):
    line, column, message = place(f"a:\n  b: {number}\n")
    assert (line, column) == (2, 6)
    assert number in message


def test_a_number_with_too_many_digits_is_refused():
    for text in ("9" * 5000, "0x" + "f" * 5000, "1." + "0" * 5000):
        line, column, message = place(f"a: {text}")
        assert (line, column) == (1, 4)
        assert str(limits.MAX_DIGITS) in message
    assert read("a: " + "9" * limits.MAX_DIGITS)["a"] == 10**limits.MAX_DIGITS - 1


def test_a_repeated_key_is_refused_with_both_places_and_the_rest_is_read_on():
    document = parse("a.yaml", b"a: 1\nb: {x: 1, y: 2}\na: {deep: [1, 2]}\nc: 3\n")
    (only,) = document.problems
    assert (only.line, only.column) == (3, 1)
    assert only.message == "the key 'a' stands here twice; first at 1:1"
    assert document.root == {"a": 1, "b": {"x": 1, "y": 2}, "c": 3}
    assert document.root.mark_of("c").line == 4


def test_every_repeated_key_is_reported():
    messages = [each.message for each in problems("a: 1\na: 2\nb: {c: 1, c: 2, c: 3}\n")]
    assert len(messages) == 3
    assert all("first at" in message for message in messages)


def test_where_a_key_first_stood_is_not_looked_for_in_a_huge_mapping():
    text = "".join(f"k{i}: 1\n" for i in range(5001)) + "k0: 2\n"
    assert problem(text).message == "the key 'k0' stands here twice"


@pytest.mark.parametrize("key", ["1", "~", "true", "1.5", "*a "])
def test_a_key_that_is_no_text_is_refused(key):
    only = problem(f"x: &a 1\nm:\n  {key}: 2\n  z: 3\n")
    assert (only.line, only.column) == (3, 3)
    assert only.message.endswith("is not a text")
    assert only.expected == "the key in quotes"


def test_a_quoted_key_is_a_text_also_where_a_plain_one_is_not():
    assert read("'1': a\n\"true\": b\n") == {"1": "a", "true": "b"}
    assert place("'true': a\ntrue: b\n")[:2] == (2, 1)


@pytest.mark.parametrize("key", ["[a]", "{a: b}", "*x"])
def test_a_mapping_or_a_list_cannot_be_a_key(key):
    only = problem(f"x: &x [1]\n? {key}\n: 1\n")
    assert (only.line, only.column) == (2, 3)
    assert only.message == "a key cannot be a mapping or a list"


@pytest.mark.parametrize("tag", ["!!str", "!!python/object/apply:os.system", "!foo", "!"])
@pytest.mark.parametrize("value", ["x", "[x]", "{x: 1}"])
def test_tags_are_refused(tag, value):
    line, column, message = place(f"a: 1\nb: {tag} {value}\n")
    assert (line, column) == (2, 4)
    assert message == f"tags are not supported: {tag}"


def test_a_tag_on_a_key_is_refused():
    assert place("!!str a: 1")[2] == "tags are not supported: !!str"


def test_a_second_document_is_refused():
    assert place("a: 1\n---\nb: 2\n") == (2, 1, "a second document")


@pytest.mark.parametrize("directive", ["%YAML 1.1", "%TAG ! tag:x,2000:"])
def test_directives_are_refused(directive):
    only = problem(f"{directive}\n---\na: 1\n")
    assert "directives are not supported" in only.message


def test_the_version_that_is_read_may_be_named():
    assert read("%YAML 1.2\n---\na: 1\n") == {"a": 1}


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n", "---\n...\n", "\ufeff"])
def test_an_empty_file_is_null(text):
    assert read(text) is None


def test_aliases_stand_for_what_is_anchored():
    root = read("a: &x {k: [1, 2]}\nb: *x\nc: [*x, &y two, *y]\nd: &x again\ne: *x\n&k key: *k\n")
    assert root["b"] == {"k": [1, 2]} == root["c"][0]
    assert root["c"][1:] == ["two", "two"]
    assert (root["e"], root["key"]) == ("again", "key")


def test_an_alias_can_be_a_key():
    assert read("a: &k name\n*k : 1\n") == {"a": "name", "name": 1}
    assert "stands here twice" in problem("&k a: 1\n*k : 2\n").message


def test_an_alias_without_an_anchor_is_refused_and_the_nearest_is_suggested():
    only = problem("a: &cards 1\nb: *card\n")
    assert (only.line, only.column) == (2, 4)
    assert only.suggestion == "*cards"
    assert problem("b: *card\n").suggestion == ""


@pytest.mark.parametrize("text", ["a: &x [*x]", "a: &x {b: {c: *x}}", "&x a: &x {<<: *x}"])
def test_an_alias_inside_of_what_it_names_is_refused(text):
    assert problem(text).message == "*x stands inside of what it names"


def test_merge_keys_add_what_the_mapping_does_not_have():
    root = read(
        "x: &x {k: 1, j: 2}\ny: &y {k: 9, l: 3}\na: {<<: *x, j: 7}\nb: {<<: [*y, *x], m: 4}\n"
    )
    assert root["a"] == {"k": 1, "j": 7}
    assert root["b"] == {"k": 9, "j": 2, "l": 3, "m": 4}


def test_a_merge_key_after_the_own_keys_changes_nothing_of_them():
    assert read("x: &x {k: 1}\na:\n  k: 2\n  <<: *x\n") == {"x": {"k": 1}, "a": {"k": 2}}


def test_merges_of_merges_and_aliases_of_merged_mappings_work():
    root = read("x: &x {k: 1}\ny: &y {<<: *x, l: 2}\nz: {<<: *y, m: 3}\nw: *y\n")
    assert root["z"] == {"k": 1, "l": 2, "m": 3}
    assert root["w"] == {"k": 1, "l": 2}


def test_merged_values_keep_the_place_where_they_were_written():
    root = read("x: &x\n  k: 1\n  j: [2]\na:\n  <<: *x\n  m: 3\n")
    assert (root["a"].mark_of("k").line, root["a"].mark_of("j").line) == (2, 3)
    assert root["a"].mark_of("m").line == 6


def test_a_quoted_merge_key_is_a_key_like_any_other():
    assert read("x: {'<<': 1}") == {"x": {"<<": 1}}


@pytest.mark.parametrize("value", ["1", "[1]", "text", "[{a: 1}, 2]"])
def test_a_merge_key_takes_only_mappings(value):
    only = problem(f"a:\n  b: 1\n  <<: {value}\n")
    assert only.message == "'<<' takes a mapping, or a list of mappings"


def test_a_repeated_merge_key_is_refused():
    document = parse("a.yaml", b"<<: {a: 1}\n<<: {b: 2}\nc: 3\n")
    assert [each.message for each in document.problems] == [
        "the key '<<' stands here twice; first at 1:1"
    ]
    assert document.root == {"a": 1, "c": 3}


def test_an_anchor_and_a_repeated_key_in_one_mapping_are_both_seen_to():
    document = parse("a.yaml", b"m: &m {a: 1, a: 2, b: &b [1]}\nn: *m\no: *b\n")
    assert len(document.problems) == 1
    assert document.root == {"m": {"a": 1, "b": [1]}, "n": {"a": 1, "b": [1]}, "o": [1]}


@pytest.mark.parametrize(
    ("text", "where", "message", "expected"),
    [
        ("a:\n\t- b", (2, 1), "a tab cannot indent", "spaces"),
        ("a: @x", (1, 4), "cannot begin with '@'", "quotes"),
        ("a: b: c", (1, 5), "mapping values are not allowed", "quotes"),
        ("a: [1\nb: 2", (2, 2), "a flow sequence that began at 1:4", "']'"),
        ("a: 'x", (1, 6), "a quoted scalar that began at 1:4", "quote"),
        ('a: "\\q"', (1, 5), "unknown escape", "single quotes"),
        ('a: "\\ud800"', (1, 7), "invalid Unicode", ""),
        ("- a\nb: c", (2, 1), "'-'", "indentation"),
    ],
)
def test_broken_syntax_is_told_with_its_place_and_what_helps(text, where, message, expected):
    only = problem(text)
    assert (only.line, only.column) == where
    assert message in only.message
    assert expected in only.expected


def test_what_was_wrong_before_the_syntax_broke_is_told_too():
    assert len(problems("a: 1\na: 2\nb: [")) == 2


@pytest.mark.parametrize(
    ("raw", "where", "message"),
    [
        (b"a: b\nc: \xff", (2, 4), "byte 0xFF is not UTF-8"),
        ("ä: ".encode() + b"\xed\xa0\x80", (1, 4), "byte 0xED is not UTF-8"),
        ("a: b".encode("utf-16"), (1, 1), "UTF-16"),
        ("a: b".encode("utf-16-le"), (1, 1), "UTF-16"),
        (b"abcdefg: \x00", (1, 10), "U+0000"),
        (b"a: b\r\nc: \x1b[31m", (2, 4), "U+001B"),
        (b"a: \x7f", (1, 4), "U+007F"),
        ("ä: \x9b".encode(), (1, 4), "U+009B"),
        ("a: 'x\ufeff'".encode(), (1, 6), "U+FEFF"),
        ("a: \uffff".encode(), (1, 4), "U+FFFF"),
    ],
)
def test_what_is_no_clean_utf_8_is_refused_and_not_shown(raw, where, message):
    only = problem(raw)
    assert (only.line, only.column) == where
    assert message in only.message
    assert only.source == ""


@pytest.mark.parametrize("escape", ["\\0", "\\e[31m", "\\x9b", "\\a"])
def test_a_control_character_is_refused_also_as_an_escape(escape):
    line, column, message = place(f'a: "x{escape}"\n')
    assert (line, column) == (1, 4)
    assert "is not allowed in a value" in message


def test_lines_are_counted_as_editors_count_them():
    only = problem("a: 'x\u2028y\x85z'\r\nb: !t 1\r\n")
    assert (only.line, only.column) == (2, 4)
    assert problem("a: 1\rb: !t 1\r").line == 2


def bomb() -> str:
    first = "a: &a [x,x,x,x,x,x,x,x,x]\n"
    names = "abcdefghij"
    return first + "".join(f"{b}: &{b} [{','.join(['*' + a] * 9)}]\n" for a, b in pairwise(names))


HOSTILE = {
    "alias bomb": (bomb(), "values, aliases written out"),
    "long text, often": (
        "s: &s " + "x" * 10**6 + "\nl: [" + "*s, " * 99 + "]",
        "characters, aliases",
    ),
    "deep": ("[" * 3000, "nested deeper"),
    "deep in blocks": ("- " * 3000, "nested deeper"),
    "deep through aliases": (
        "a0: &a0 [x]\n" + "".join(f"a{i}: &a{i} [*a{i - 1}]\n" for i in range(1, 5000)),
        "nested deeper",
    ),
    "digits": ("a: " + "1" * 5000, "5000 characters"),
    "self": ("a: &a [*a]", "inside of what it names"),
    "repeated keys": ("{" + "a: 1, " * 100_000 + "}", "too many problems in this file"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_input_is_refused_within_a_second_and_little_memory_with_its_place(name):
    text, message = HOSTILE[name]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.process_time()
    found = problems(text)
    assert time.process_time() - began < (1 if sys.gettrace() is None else 10)  # coverage is slow
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200 * 1024
    assert any(message in each.message and each.line > 0 and each.column > 0 for each in found)


@pytest.mark.parametrize(
    "text", ["[" + "1, " * 60_000 + "]", "".join(f"k{i}: 1\n" for i in range(60_000))]
)
def test_too_many_values_are_refused_however_they_are_arranged(text, monkeypatch):
    monkeypatch.setattr(limits, "MAX_YAML_NODES", 50_000)
    assert problem(text).message == "more than 50000 values, aliases written out"
    nested = "- [1, 1, 1]\n" * 13_000
    assert problem(nested).message == "more than 50000 values, aliases written out"
    assert problem("- {a: 1}\n" * 20_000).line > 1


def test_aliases_are_counted_as_written_out(monkeypatch):
    monkeypatch.setattr(limits, "MAX_YAML_NODES", 30)
    assert read("a: &a [1, 2, 3, 4, 5, 6, 7]\nb: [*a, *a]\n")["b"][1][6] == 7
    assert problem("a: &a [1, 2, 3, 4, 5, 6, 7]\nb: [*a, *a, *a]\n").line == 2


def test_every_value_knows_where_it_was_written():
    root = read("a: 1\nlist:\n  - x\n  - {k: 'v', l: [1, 2]}\nlast: true\n")
    assert str(root.mark_of("a")) == "a.yaml:1:4"
    assert str(root["list"].mark_of(0)) == "a.yaml:3:5"
    assert str(root["list"][1].mark()) == "a.yaml:4:5"
    assert str(root["list"][1]["l"].mark_of(1)) == "a.yaml:4:21"
    assert str(root["list"].mark()) == "a.yaml:3:3"
    assert str(root.mark_of("last")) == "a.yaml:5:7"
    with pytest.raises(KeyError):
        root.mark_of("missing")


def test_a_copy_for_changing_has_no_places():
    import copy

    root = read("a: {b: [1]}")
    deep = copy.deepcopy(root)
    assert deep == root
    assert type(deep) is dict
    assert type(deep["a"]["b"]) is list


def test_equal_texts_are_one_object_across_files():
    memo = Memo()
    one = parse("a.yaml", b"k: some words", memo).root
    two = parse("b.yaml", b"k: some words\nl: 'q q'\nm: 'q q'", memo).root
    assert one["k"] is two["k"]
    assert two["l"] is two["m"]


def test_a_full_memo_only_remembers_no_more(monkeypatch):
    monkeypatch.setattr("cfsync.desired.memo._MOST", 6)
    assert read("".join(f"k{i}: v{i}\n" for i in range(20)))["k19"] == "v19"


def test_places_can_be_told_after_the_text_is_gone():
    document = parse("a.yaml", b"a: 1\nb:\n  c: 2\n")
    document.source.forget_text()
    assert isinstance(document.root, MarkedMap)
    assert str(document.root["b"].mark_of("c")) == "a.yaml:3:6"
    assert document.source.line(3) == ""


def test_a_long_line_is_cut_and_shows_no_line_where_the_place_was_cut_away():
    source = parse("a.yaml", b"a: " + b"x" * 500 + b"\n").source
    assert len(source.line(1)) == 160
    assert problem("a: [" + "x, " * 100 + "!t y]").source == ""


def test_what_looks_like_a_secret_is_never_shown_with_a_problem():
    for line in (
        "token: sk_live_1",
        "api-key = sk_live_1",
        'password: "sk_live_1',
        "token: {env: sk_live_1}",
    ):
        assert "sk_live" not in problem(f"{line}: x: [\n").source
    assert "pa55" not in problem("url: https://u:pa55@host: [").source
    assert "CODEFLUSS_X" in problem("token: {env: CODEFLUSS_X}: [").source
