import pytest

from cfsync.model.slug import slug_of


@pytest.mark.parametrize(
    ("text", "slug"),
    [("Acme Corp", "acme-corp"), ("Café No. 1", "cafe-no-1"), ("-a_b-", "a-b"), ("…", "")],
)
def test_a_slug_is_what_is_left_of_a_text_in_plain_letters(text, slug):
    assert slug_of(text) == slug
