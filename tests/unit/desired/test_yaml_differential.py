"""Our builder against PyYAML's own composer with the rules of YAML 1.2, values and places."""

import json

import yaml
import yamlcore
from hypothesis import given, settings
from hypothesis import strategies as st

from cfsync.desired.marked import MarkedList, MarkedMap
from cfsync.desired.yaml_tree import parse
from cfsync.errors import ConfigError, Problem

CORPUS = [
    "a: 1\nb: [x, 'y', \"z\"]\n",
    "- - 1\n  - 2\n-\n  - 3\n",
    "k: |\n  keep\n   this\n\nl: >\n  fold\n  this\n\n  para\nm: |+\n  x\n\n",
    "'quoted key': {flow: [1, {nested: ~}], empty: , e2: ''}\n",
    "? complex\n: value\n",
    "multi: plain\n  scalar over\n  lines\n",
    "a: &x {b: 1}\nc: *x\nd: [*x, &y 5, *y]\n",
    "numbers: [0, -1, +2, 010, 0o17, 0xFF, 1.5, .5, 1e3, -1E-2, 1_0, 1:30, 0x, 0o9, '1', -]\n",
    "words: [no, on, Yes, TRUE, true, tRUE, null, Null, ~, nUll, '']\n",
    'unicode: "\\u00e9\\U0001F600 é 😀"\n"key é": ü\n',
    "a: 'it''s'\nb: \"tab\\tnew\\nline\"\nc: 'two\n\n  lines'\n",
    "# comment\na: 1 # another\n# last\n",
    "a: \"x\u2028  y\"\nb: 'n\x85  l'\n",
    "empty map: {}\nempty list: []\n",
    "%YAML 1.2\n---\na: b\n...\n",
    "a:\r\n  b: 1\r\n  c: |\r\n    text\r\n",
]


def placed(node: yaml.Node, text: str, ours: object) -> None:
    """Every container and every value stands where PyYAML says."""
    if isinstance(node, yaml.MappingNode) and isinstance(ours, MarkedMap):
        for key, value in node.value:
            assert ours.key_place(key.value) == key.start_mark.index
            assert ours.place_of(key.value) in (
                value.start_mark.index,
                alias_place(text, ours, key.value),
            )
            placed(value, text, ours[key.value])
    elif isinstance(node, yaml.SequenceNode) and isinstance(ours, MarkedList):
        for index, value in enumerate(node.value):
            assert ours.place_of(index) in (value.start_mark.index, alias_place(text, ours, index))
            placed(value, text, ours[index])


def alias_place(text: str, ours, key) -> int | None:
    """Composing loses where an alias stood; ours is right if there is a star."""
    place = ours.place_of(key)
    return place if text[place : place + 1] == "*" else None


def agree(text: str) -> None:
    document = parse("a.yaml", text.encode())
    expected = yaml.load(text, Loader=yamlcore.CCoreLoader)
    assert document.problems == ()
    assert json.dumps(document.root) == json.dumps(expected)
    placed(yaml.compose(text, Loader=yaml.CSafeLoader), text, document.root)


def test_the_corpus_is_read_like_pyyaml_reads_it():
    for text in CORPUS:
        agree(text)


def test_merge_keys_are_read_like_pyyaml_reads_them():
    text = "x: &x {k: 1, j: 2}\ny: &y {<<: *x, k: 3}\nz: {<<: [*x, *y], l: 4}\n"
    assert parse("a.yaml", text.encode()).root == yaml.load(text, Loader=yaml.CSafeLoader)


def test_a_merge_of_a_merged_map_takes_that_map_as_it_is():
    """PyYAML 6.0.4 takes `k` from the map below, which `y` had overridden; 6.0.3 did not."""
    text = "x: &x {k: 1, j: 2}\ny: &y {<<: *x, k: 3}\nw: {m: 1, <<: *y}\n"
    assert parse("a.yaml", text.encode()).root["w"] == {"k": 3, "j": 2, "m": 1}


SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cf"]), max_size=12),
    st.sampled_from(["no", "on", "1:30", "010", "~", "- x", "a: b", "#", "'", '"', "<<", "${x}"]),
)
KEYS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cf"]), max_size=8
).filter("<<".__ne__)
TREES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4)
)


@settings(derandomize=True, database=None, deadline=None, max_examples=150)
@given(
    st.dictionaries(KEYS, TREES, max_size=4),
    st.sampled_from([None, True, False]),
    st.integers(2, 5),
)
def test_what_pyyaml_writes_is_read_back_with_every_value_in_its_place(tree, flow, indent):
    text = yaml.dump(
        tree,
        Dumper=yamlcore.CCoreDumper,
        default_flow_style=flow,
        indent=indent,
        allow_unicode=True,
    )
    document = parse("a.yaml", text.encode())
    assert document.problems == ()
    agree(text)


FRAGMENTS = st.lists(
    st.sampled_from(
        [
            "a: ",
            "b: ",
            "- ",
            "[",
            "]",
            "{",
            "}",
            ", ",
            "\n",
            "  ",
            "1",
            "x",
            "'q'",
            '"d"',
            "&a ",
            "*a",
            "<<: ",
            "~",
            "|\n",
            "#c",
            "? ",
            ": ",
            "é",
            "\r\n",
            "!t ",
        ]
    ),
    max_size=25,
).map("".join)


@settings(derandomize=True, database=None, deadline=None, max_examples=400)
@given(FRAGMENTS)
def test_whatever_is_written_is_read_like_pyyaml_or_refused_with_a_place(text):
    root, problems = outcome(text)
    assert all(each.line >= 1 and each.column >= 1 for each in problems)
    if problems:
        return
    if "<<" in text:
        assert root == yaml.load(text, Loader=yaml.CSafeLoader)
    else:
        agree(text)


def outcome(text: str) -> tuple[object, tuple[Problem, ...]]:
    try:
        document = parse("a.yaml", text.encode())
    except ConfigError as error:
        return None, error.problems
    return document.root, document.problems
