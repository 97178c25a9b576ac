from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.visible import of_elements, of_html

from cfsync.authoring.html_elements import MAX_DEPTH
from cfsync.authoring.html_page import NotReadable, page


def elements(html: str, dropped: Counter[str] | None = None) -> list[dict]:
    return page(html.encode(), "index", Counter() if dropped is None else dropped)["elements"]


def only(html: str) -> dict:
    (element,) = elements(html)
    return element


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>Hello</p>", {"name": "p", "type": "text", "content": "Hello"}),
        ("<p>a &amp; b\n  c</p>", {"name": "p", "type": "text", "content": "a & b c"}),
        (
            "<h2 id=top>Hi</h2>",
            {"name": "top", "type": "heading", "content": "Hi", "props": {"level": 2, "id": "top"}},
        ),
        (
            '<img src="a.png" alt="A" class="big round">',
            {
                "name": "big",
                "type": "image",
                "props": {"src": "a.png", "alt": "A", "class": "big round"},
            },
        ),
        (
            '<a href="/x">X</a>',
            {"name": "a", "type": "link", "content": "X", "props": {"href": "/x"}},
        ),
        (
            "<button disabled>Buy</button>",
            {"name": "button", "type": "button", "content": "Buy", "props": {"disabled": True}},
        ),
        (
            "<blockquote>Q</blockquote>",
            {"name": "blockquote", "type": "text", "content": "Q", "props": {"tag": "blockquote"}},
        ),
        ("<hr>", {"name": "hr", "type": "container", "props": {"tag": "hr"}}),
        (
            "<iframe src=v></iframe>",
            {"name": "iframe", "type": "embed", "props": {"src": "v"}},
        ),
        (
            "<section>text</section>",
            {
                "name": "section",
                "type": "section",
                "children": [{"name": "text", "type": "text", "content": "text"}],
            },
        ),
        (
            "<footer><p>x</footer>",
            {
                "name": "footer",
                "type": "section",
                "props": {"tag": "footer"},
                "children": [{"name": "p", "type": "text", "content": "x"}],
            },
        ),
        (
            '<div style="Color: red; top: 0">x</div>',
            {
                "name": "div",
                "type": "text",
                "content": "x",
                "props": {"tag": "div"},
                "styles": {"desktop": {"color": "red", "top": "0"}},
            },
        ),
        (
            "<p hidden>x</p>",
            {"name": "p", "type": "text", "content": "x", "visible": False},
        ),
        (
            "<textarea name=t>  a\n b</textarea>",
            {
                "name": "textarea",
                "type": "input",
                "content": "a\n b",
                "props": {"tag": "textarea", "name": "t"},
            },
        ),
    ],
)
def test_a_tag_becomes_an_element_of_its_type(html, expected) -> None:
    assert only(html) == expected


def test_a_block_with_inline_markup_keeps_it_as_html() -> None:
    element = only("<p>See <b>this</b>&nbsp;&lt;x&gt;<br>and\n  <a href='/y'>that</a>!</p>")

    assert element["content"] == ('See <b>this</b>&nbsp;&lt;x&gt;<br>and <a href="/y">that</a>!')
    assert element["props"] == {"format": "html"}


def test_text_between_blocks_becomes_elements_of_its_own_in_order() -> None:
    element = only("<div>before <i>x</i><p>one</p>between<p>two</p> after</div>")

    assert [(child["name"], child.get("content")) for child in element["children"]] == [
        ("text", "before <i>x</i>"),
        ("p", "one"),
        ("text-2", "between"),
        ("p-2", "two"),
        ("text-3", "after"),
    ]


def test_links_and_pictures_without_text_between_them_stand_for_themselves() -> None:
    nav = only("<nav><a href=/a>A</a> <a href=/b><img src=b></a> <span id=mark></span></nav>")

    assert [(child["name"], child["type"]) for child in nav["children"]] == [
        ("a", "link"),
        ("a-2", "link"),
        ("mark", "container"),
    ]
    assert nav["children"][1]["children"] == [
        {"name": "img", "type": "image", "props": {"src": "b"}}
    ]


def test_a_list_item_with_a_link_alone_holds_a_link() -> None:
    items = only("<ol><li><a href=/a>A</a></li><li>B</li></ol>")

    assert items["type"] == "list"
    assert items["props"] == {"tag": "ol"}
    assert [child["type"] for child in items["children"]] == ["container", "text"]


def test_preformatted_text_keeps_its_lines_and_loses_its_colours() -> None:
    dropped: Counter[str] = Counter()
    element = only_counted(
        '<pre>\n<span class="k">if</span> x:\n    <span class="n">y</span>\n</pre>', dropped
    )

    assert element["content"] == "if x:\n    y"
    assert element["props"] == {"tag": "pre"}
    assert dropped["spans without meaning (source highlighting)"] == 2


def only_counted(html: str, dropped: Counter[str]) -> dict:
    (element,) = elements(html, dropped)
    return element


def test_what_no_element_can_hold_is_dropped_and_counted() -> None:
    dropped: Counter[str] = Counter()

    element = only_counted(
        "<script>a()</script><style>b{}</style><!-- c --><noscript>d</noscript>"
        "<p onclick='e()' style='f; color: red'>x<!-- g --><a href='javascript:h()'>y</a></p>"
        "<template><p>i</p></template>",
        dropped,
    )

    assert element["content"] == "x<a>y</a>"
    assert element["styles"] == {"desktop": {"color": "red"}}
    assert {name: number for name, number in dropped.items() if number} == {
        "scripts": 1,
        "style sheets": 1,
        "comments": 2,
        "parts for browsers without scripts": 1,
        "templates": 1,
        "event handlers": 1,
        "javascript: addresses": 1,
        "style declarations that cannot be read": 1,
    }


def test_attributes_that_no_configuration_can_hold_are_dropped_and_counted() -> None:
    dropped: Counter[str] = Counter()

    element = only_counted(
        '<p xmlns="http://www.w3.org/1999/xhtml" ${attrs} lang=de>x</p>', dropped
    )

    assert element["props"] == {"lang": "de"}
    assert dropped["attributes with ${ in their names"] == 1


def test_a_drawing_keeps_what_it_is_made_of() -> None:
    element = only('<div><svg width="9"><path d="M0 0"/></svg></div>')["children"][0]

    assert element["type"] == "embed"
    assert element["content"] == '<path d="M0 0"></path>'
    assert element["props"] == {"tag": "svg", "format": "html", "width": "9"}


def test_wrappers_that_say_nothing_are_left_out() -> None:
    assert only("<div><div><div class=box><p>x</p></div></div></div>")["name"] == "box"


def test_below_the_deepest_level_everything_becomes_one_content() -> None:
    html = "".join(f"<div class=d{n}>t{n}" for n in range(200)) + "deep<p>deeper</p>"

    found = elements(html)

    assert of_elements(found) == of_html(html)
    assert depth(found) == MAX_DEPTH


def depth(found: list[dict]) -> int:
    return max((1 + depth(element.get("children", [])) for element in found), default=0)


def test_a_page_too_deep_for_the_parser_is_refused_rather_than_cut() -> None:
    with pytest.raises(NotReadable, match=r"Excessive depth in document.*line 1"):
        elements("<div>" * 3000 + "lost")


def test_the_head_gives_the_name_and_seo() -> None:
    found = page(
        b"<title>  Acme\n Ltd </title><meta name=Description content='We  make'>"
        b"<meta property=og:image content=/a.png><meta name=robots content='NOINDEX, follow'>"
        b"<meta name=description><h1>Hi</h1>",
        "index",
        Counter(),
    )

    assert found["name"] == "Acme Ltd"
    assert found["seo"] == {
        "title": "Acme Ltd",
        "description": "We make",
        "image": "/a.png",
        "noindex": True,
    }


@pytest.mark.parametrize(
    ("html", "name"),
    [("<h1>First <i>one</i></h1><h1>b</h1>", "First one"), ("<p>x", "slug"), ("", "slug")],
)
def test_without_a_title_the_first_heading_or_the_slug_is_the_name(html, name) -> None:
    assert page(html.encode(), "slug", Counter())["name"] == name


@pytest.mark.parametrize("html", ["", "  \n", "<!-- nothing -->", "<html><head></head></html>"])
def test_an_empty_file_is_a_page_without_elements(html) -> None:
    assert elements(html) == []


def test_a_frameset_keeps_its_frames() -> None:
    found = elements("<frameset><frame src=a.html><frame src=b.html></frameset>")

    assert [element["props"]["src"] for element in found] == ["a.html", "b.html"]


def test_a_name_is_never_longer_than_the_api_takes() -> None:
    first, second = elements(f"<p id={'x' * 300}>a</p><p id={'x' * 300}>b</p>")

    assert first["name"] == "x" * 200
    assert second["name"] == "x" * 198 + "-2"


WORDS = st.text("abc &<>\xa0\u200b\n", max_size=6).map(
    lambda text: text.replace("&", "&amp;").replace("<", "&lt;")
)
NAMES = (
    "div p b i a span section ul li table tr td h1 pre button form label select option svg "
    "script style nav footer blockquote video textarea font center dl dt dd noscript"
)
TAGS = st.sampled_from(NAMES.split())
ATTRIBUTES = st.sampled_from(["", " id=x", ' class="a b"', " style='top: 0'", " hidden", " href=#"])


@st.composite
def nodes(draw, inner):
    tag = draw(TAGS)
    if tag in {"script", "style", "textarea"}:  # raw text, in which tags are no tags
        return f"<{tag}>{draw(st.text('abc ', max_size=5))}</{tag}>"
    return f"<{tag}{draw(ATTRIBUTES)}>{''.join(draw(st.lists(inner, max_size=4)))}</{tag}>"


HTML = st.lists(st.recursive(WORDS, nodes, max_leaves=20), max_size=6).map("".join)


def test_a_row_that_the_parser_left_in_the_head_is_part_of_the_page() -> None:
    assert of_elements(elements("<script></script><tr>one</tr>two<p>three</p>")) == "onetwothree"


@given(HTML)
@settings(max_examples=300, derandomize=True, database=None, deadline=None)
def test_no_visible_text_is_lost_or_reordered(html) -> None:
    assert of_elements(elements(html)) == of_html(html)
