from textwrap import dedent

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from support.pages import literal

from cfsync.authoring.dump import dump
from cfsync.contract import load as contract
from cfsync.desired.decode import UNFIT
from cfsync.desired.loader import load
from cfsync.model.values import Json

QUIET = settings(
    max_examples=150, derandomize=True, database=None, deadline=None, report_multiple_bugs=False
)

SIGNS = " \t\n\r:#-?,[]{}&*!|>%@`\"'\\~=<.+0159eExno_$\x85\xa0\u2028é"
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
TRICKY = st.text(alphabet=SIGNS, max_size=12)
WORDS = st.text(alphabet="abc:#-", min_size=1, max_size=9)
LONG = st.lists(TRICKY | WORDS, max_size=60).map(" ".join)
NUMBERS = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
)
SCALARS = NUMBERS | TEXT | TRICKY | LONG
KEYS = TEXT | TRICKY | st.sampled_from(["name", "children", "props", "pages", "k" * 2000])
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4)
)
TREES = st.dictionaries(KEYS, VALUES, max_size=5)


@given(TREES)
@QUIET
@pytest.mark.parametrize("loader", [yaml.CSafeLoader, yaml.SafeLoader])
def test_what_is_dumped_loads_back_equal_with_a_reader_of_yaml_1_1(
    loader: type, tree: Json
) -> None:
    loaded = yaml.load(dump(tree), Loader=loader)

    assert literal(loaded) == tree


@given(TREES)
@QUIET
def test_the_types_come_back_too(tree: Json) -> None:
    loaded = yaml.load(dump(tree), Loader=yaml.CSafeLoader)

    assert repr(literal(loaded)) == repr(_sorted_as(tree, literal(loaded)))


HOLDABLE = TEXT.filter(lambda text: not UNFIT.search(text))
"""cfsync's own reader takes no control characters, not even written as escapes."""

ELEMENTS = st.fixed_dictionaries(
    {"name": HOLDABLE.filter(bool), "type": st.just("text")},
    optional={
        "content": HOLDABLE | TRICKY | LONG,
        "props": st.dictionaries(WORDS, HOLDABLE | st.lists(NUMBERS, max_size=3), max_size=3),
    },
)


@given(st.lists(ELEMENTS, max_size=4))
@QUIET
def test_cfsync_itself_reads_back_what_it_wrote(tmp_path_factory, elements) -> None:
    folder = tmp_path_factory.mktemp("site")
    page = {"slug": "index", "name": "Home", "elements": elements}
    tree = {
        "version": 1,
        "name": "site",
        "environments": {"local": {"url": "local:x.db"}},
        "default_environment": "local",
        "projects": [{"slug": "site", "name": "Site", "pages": [page]}],
    }
    (folder / "cfsync.yaml").write_text(dump(tree), encoding="utf-8", newline="\n")

    loaded = load(folder, environment=None, environ={}, contract=contract())

    (project,) = loaded.state.projects
    assert [dict(each.fields) for each in project.children[0].children] == elements


def _sorted_as(tree: Json, other: Json) -> Json:
    """The same tree with its keys in the order of `other`, so that texts can be compared."""
    match tree:
        case dict():
            return {key: _sorted_as(tree[key], other[key]) for key in other}
        case list():
            return [_sorted_as(a, b) for a, b in zip(tree, other, strict=True)]
    return tree


@pytest.mark.parametrize(
    "text",
    [
        *("no", "On", "yes", "y", "~", "null", "True", "", " a", "a ", "a: b", "a #b", "a:", "- a"),
        *("1:30", "010", "1e3", "0x1f", "1_000", "+1", "-1", ".5", ".inf", "2026-01-01", "1,5"),
        *("#fff", "@team", "*a", "&a", "!a", "%a", "|", ">", "[a", "{a", "=", "<<", "12:00:00 Z"),
    ],
)
def test_a_text_that_a_reader_might_take_for_something_else_is_quoted(text: str) -> None:
    assert dump({"a": text}) == f'a: "{text}"\n'


@pytest.mark.parametrize(
    "text", ["96px 0", "1fr", "100%", "https://a.example/b#c", "a-b", "Grüße", "it's"]
)
def test_a_text_that_nobody_can_misread_stays_plain(text: str) -> None:
    assert dump({"a": text}) == f"a: {text}\n"


def test_a_text_with_double_quotes_or_backslashes_is_put_into_single_ones() -> None:
    assert dump({"a": '"so it\'s" \\'}) == "a: '\"so it''s\" \\'\n"


def test_characters_that_cannot_be_seen_are_written_as_escapes() -> None:
    assert dump({"a": "x\xa0y\u200bz\U000e0001"}) == 'a: "x\\xa0y\\u200bz\\U000e0001"\n'


def test_a_reference_that_is_meant_literally_is_escaped() -> None:
    assert dump({"a": "costs ${price}"}) == "a: costs $${price}\n"


def test_elements_read_as_a_person_would_write_them() -> None:
    hero = {
        "children": [{"type": "heading", "name": "title", "props": {"level": 1}, "content": "Hi"}],
        "styles": {"desktop": {"padding": "96px 0", "font": "Georgia, serif"}},
        "type": "section",
        "name": "hero",
    }

    assert dump({"elements": [hero]}, header="The home page.") == dedent("""\
        # The home page.
        elements:
          - name: hero
            type: section
            styles: {desktop: {padding: 96px 0, font: "Georgia, serif"}}
            children:
              - {name: title, type: heading, content: Hi, props: {level: 1}}
        """)


def test_several_lines_are_a_block_and_a_long_line_is_folded() -> None:
    words = " ".join(["word"] * 40)

    written = dump({"content": "one\n  two\n", "props": {"alt": words}})

    assert written.startswith("content: |\n  one\n    two\nprops:\n  alt: >-\n    word word")
    assert max(map(len, written.splitlines())) <= 100


@pytest.mark.parametrize("value", [float("nan"), float("inf"), object(), b"bytes"])
def test_what_json_does_not_know_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="not a JSON value"):
        dump({"a": value})


def test_a_lone_surrogate_is_refused() -> None:
    with pytest.raises(ValueError, match="lone surrogate, U\\+D800"):
        dump({"a": "\ud800"})


def test_an_empty_tree_is_an_empty_mapping() -> None:
    assert dump({}) == "{}\n"
    assert dump({"a": {}, "pages": []}) == "a: {}\npages: []\n"
