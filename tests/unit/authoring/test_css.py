import pytest

from cfsync.authoring.css import declarations


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        ("color: red", {"color": "red"}),
        ("COLOR:red;;margin : 0  auto;", {"color": "red", "margin": "0 auto"}),
        ("--Brand: #fff", {"--Brand": "#fff"}),
        (
            "background: url(data:image/png;base64,AA==) no-repeat; top: 0",
            {"background": "url(data:image/png;base64,AA==) no-repeat", "top": "0"},
        ),
        ("content: 'a;b:c'; font-family: \"A;B\"", {"content": "'a;b:c'", "font-family": '"A;B"'}),
        ("/* a: b; */ color: red /* open", {"color": "red"}),
        ("color: red; top: 0; color: blue", {"top": "0", "color": "blue"}),
        ("color: red !important", {"color": "red !important"}),
        ("", {}),
    ],
)
def test_declarations_become_a_mapping(style, expected) -> None:
    assert declarations(style) == (expected, 0)
    assert list(declarations(style)[0]) == list(expected)


@pytest.mark.parametrize("style", ["color", "color:", ": red", "1x: red", "a b: red", "* {}"])
def test_what_is_no_declaration_is_counted(style) -> None:
    assert declarations(f"{style}; top: 0") == ({"top": "0"}, 1)


@pytest.mark.parametrize("style", ["top: 0; background: url(open", "top: 0; content: 'open"])
def test_what_is_left_open_does_not_lose_what_stands_before(style) -> None:
    assert declarations(style)[0]["top"] == "0"
