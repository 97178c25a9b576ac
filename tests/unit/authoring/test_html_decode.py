import codecs

import pytest

from cfsync.authoring.html_decode import decoded

TEXT = "<p>Größe – 5 €</p>"


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(),
        codecs.BOM_UTF8 + TEXT.encode(),
        codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        TEXT.encode("cp1252"),
    ],
)
def test_the_encoding_is_found_without_a_declaration(content) -> None:
    assert decoded(content) == (TEXT, True)


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        ('<meta charset="iso-8859-1">', "cp1252"),
        ("<META http-equiv=Content-Type content='text/html; charset=koi8-r'>", "koi8-r"),
        ('<?xml version="1.0" encoding="ISO-8859-15"?>', "iso-8859-15"),
        ('<meta charset="utf-16">', "utf-8"),
        ('<meta charset="klingon">', "utf-8"),
        ('<meta charset="us-ascii">', "cp1252"),
    ],
)
def test_a_declaration_is_believed_as_browsers_do(head, encoding) -> None:
    text = head + "<p>ж" if encoding == "koi8-r" else head + "<p>ü"

    assert decoded(text.encode(encoding)) == (text, True)


def test_a_byte_order_mark_wins_over_a_declaration() -> None:
    text = '<meta charset="koi8-r">ü'

    assert decoded(codecs.BOM_UTF8 + text.encode()) == (text, True)


def test_a_broken_promise_is_told_and_no_text_is_lost() -> None:
    assert decoded('<meta charset="utf-8">Größe'.encode("cp1252")) == (
        '<meta charset="utf-8">Größe',
        False,
    )
    assert decoded(b"caf\x81") == ("caf\ufffd", False)


def test_nul_is_replaced() -> None:
    assert decoded(b"a\0b") == ("a\ufffdb", True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\x01b\x7fc\x96d\ufeffe", "abcde"),
        ("a&#1;b&#x7f;c&#xFEFF;d", "abcd"),
        ("1&#150;2 &#x80; &#129;", "1–2 € "),
        (
            "&#9;&#10;&#228;&#x1F600;&#9999999;&amp;#1;",
            "&#9;&#10;&#228;&#x1F600;&#9999999;&amp;#1;",
        ),
    ],
)
def test_control_characters_are_left_out_however_they_are_written(text, expected) -> None:
    assert decoded(text.encode()) == (expected, True)
