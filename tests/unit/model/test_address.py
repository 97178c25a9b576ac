import pytest

from cfsync.model.address import Address, Pattern, Step


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("my-website", "project"),
        ("my-website:about/team", "page"),
        ("my-website:about/team#hero/cta", "element"),
        ("my-website:about/team#hero/card[2]", "element"),
    ],
)
def test_an_address_reads_back_as_it_is_printed(text: str, kind: str) -> None:
    address = Address.parse(text)

    assert str(address) == text
    assert address.kind == kind


def test_special_characters_of_a_name_are_percent_encoded() -> None:
    address = Address("site", "index", (Step("50% off: a/b #1 [new]"),))

    assert str(address) == "site:index#50%25 off%3A a%2Fb %231 %5Bnew%5D"
    assert Address.parse(str(address)) == address


def test_the_first_of_equal_names_needs_no_number() -> None:
    page = Address("site", "index")

    assert str(page.child("card")) == "site:index#card"
    assert str(page.child("card", 2)) == "site:index#card[2]"


def test_a_parent_is_one_step_up() -> None:
    address = Address.parse("site:index#hero/cta")

    assert str(address.parent) == "site:index#hero"
    assert str(Address.parse("site:index").parent) == "site"
    assert Address.parse("site").parent is None


@pytest.mark.parametrize("text", ["", ":index", "site:", "site#a", "site:index#", "site:i#a//b"])
def test_what_is_no_address_is_refused_with_a_reason(text: str) -> None:
    with pytest.raises(ValueError, match="is not a"):
        Address.parse(text)


@pytest.mark.parametrize("text", ["site:index#card[0]", "site:index#card[x]", "site:index#[2]"])
def test_a_number_of_a_sibling_counts_from_one(text: str) -> None:
    with pytest.raises(ValueError, match="card"):
        Address.parse(text)


@pytest.mark.parametrize(
    ("pattern", "address", "matches"),
    [
        ("site", "site", True),
        ("site", "site:index", False),
        ("site:index#hero/*", "site:index#hero/cta", True),
        ("site:index#hero/*", "site:index#hero/cta/icon", False),
        ("site:index#hero/**", "site:index#hero", True),
        ("site:index#hero/**", "site:index#hero/cta/icon", True),
        ("site:index#hero/**", "site:index#heroine", False),
        ("**", "site:index#hero", True),
        ("*:index", "site:index", True),
        ("site:about/**", "site:about/team", True),
        ("site:index#card[2]", "site:index#card[2]", True),
        ("site:index#card[2]", "site:index#card", False),
    ],
)
def test_a_star_is_one_name_and_two_are_any_depth(
    pattern: str, address: str, matches: bool
) -> None:
    assert Pattern(pattern).matches(address) is matches


def test_a_target_takes_what_stands_below_it() -> None:
    assert Pattern("site:index").matches_below("site:index#hero/cta")
    assert Pattern("site").matches_below("site:index")
    assert not Pattern("site:index").matches_below("site:index-old")


@pytest.mark.parametrize(
    "text", ["index#[", "index#card[0]", "index#card[x]/**", "index#[2]", "a]b"]
)
def test_a_stray_bracket_in_a_pattern_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="%5B"):
        Pattern(text)


def test_a_number_of_a_sibling_may_stand_in_a_pattern() -> None:
    assert Pattern("index#card[2]/**").matches("index#card[2]/title")
