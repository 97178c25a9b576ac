"""Names that change places: whoever was there goes on under the other name, once."""

import pytest
from support.model_site import MARK, Site, element, page, project, state

from cfsync.errors import ConfigError

SETTLED = (element("a", content="A"), element("b", content="B"))


def elements(*declared):
    return state(project("p", page("index", *declared)))


def ids(site, *names):
    return [site.find(f"p:index#{name}").id for name in names]


def swapped(site, wish):
    before = ids(site, "a", "b")
    plan = site.plan(wish)
    assert {change.action for change in plan.changes} == {"update"}
    site.apply(plan)
    assert ids(site, "b", "a") == before
    assert not site.plan(wish).changes


@pytest.fixture
def site():
    site = Site()
    site.settle(elements(*SETTLED))
    return site


@pytest.mark.parametrize("former", ["{}", "p:index#{}"], ids=["names", "addresses"])
def test_two_elements_swap_their_names_once_and_nothing_else(site, former):
    wish = elements(
        element("b", content="A", renamed_from=former.format("a")),
        element("a", content="B", renamed_from=former.format("b")),
    )
    plan = site.plan(wish)
    assert [[edit.path for edit in write.edits] for write in plan.writes] == [[("name",)]] * 2
    swapped(site, wish)


def test_two_pages_swap_their_slugs_over_a_temporary_one():
    site = Site()
    site.settle(state(project("p", page("a", name="Alpha"), page("b", name="Beta"))))
    before = [site.find("p:a").id, site.find("p:b").id]
    wish = state(
        project(
            "p",
            page("b", name="Alpha", renamed_from="a"),
            page("a", name="Beta", renamed_from="b"),
        )
    )
    site.settle(wish)
    assert [site.find("p:b").id, site.find("p:a").id] == before
    assert not site.plan(wish).changes


def test_three_swap_in_a_circle_with_somebody_named_after_one_of_them():
    site = Site()
    site.settle(elements(*SETTLED, element("c", content="C"), element("d", content="D")))
    before = ids(site, "a", "b", "c", "d")
    wish = elements(
        element("d", content="D", renamed_from="a"),
        element("b", content="A", renamed_from="a"),
        element("c", content="B", renamed_from="b"),
        element("a", content="C", renamed_from="c"),
    )
    site.settle(wish)
    assert ids(site, "b", "c", "a", "d") == before
    assert not site.plan(wish).changes


def test_containers_are_told_apart_by_what_stands_below_them():
    site = Site()
    site.settle(elements(element("a", element("x")), element("b", element("y"))))
    swapped(
        site,
        elements(
            element("b", element("x"), renamed_from="a"),
            element("a", element("y"), renamed_from="b"),
        ),
    )


def test_a_swap_that_was_made_is_not_made_again_when_one_of_them_is_edited(site):
    renamed = {"b": "a", "a": "b"}
    site.settle(
        elements(*(element(n, content=o.upper(), renamed_from=o) for n, o in renamed.items()))
    )
    before = ids(site, "a", "b")
    edited = elements(
        element("b", content="A", renamed_from="a"), element("a", content="new", renamed_from="b")
    )
    site.settle(edited)
    assert ids(site, "a", "b") == before
    assert site.find("p:index#a").fields["content"] == "new"


@pytest.mark.parametrize(
    "contents", [("new", "newer"), ("A", "A")], ids=["both edited", "votes against each other"]
)
def test_where_it_cannot_be_told_nobody_guesses(site, contents):
    wish = elements(
        element("b", content=contents[0], renamed_from="a"),
        element("a", content=contents[1], renamed_from="b"),
    )
    with pytest.raises(ConfigError) as caught:
        site.plan(wish)
    (problem,) = caught.value.problems
    assert (problem.file, problem.line) == (MARK.file, MARK.line)
    assert problem.message == (
        "'p:index#b' was 'a', and 'p:index#a' was 'b': "
        "whether they have been swapped already cannot be told"
    )
    assert "a third name in between: call this one 'b-2'" in problem.expected


def boxes(*, left, right):
    return elements(element("l", left), element("r", right))


def test_a_swap_between_two_parents_is_refused_until_it_was_made():
    site = Site()
    site.settle(boxes(left=element("x", content="1"), right=element("x", content="2")))
    former = {"left": "p:index#r/x", "right": "p:index#l/x"}
    with pytest.raises(ConfigError, match="1 problem"):
        site.plan(
            boxes(
                left=element("x", content="2", renamed_from=former["left"]),
                right=element("x", content="1", renamed_from=former["right"]),
            )
        )
    stale = boxes(
        left=element("x", content="1", renamed_from=former["left"]),
        right=element("x", content="new", renamed_from=former["right"]),
    )
    assert [change.address for change in site.plan(stale).changes] == ["p:index#r/x"]


@pytest.mark.parametrize("former", ["p:index#", "p:other#a", "nobody"])
def test_who_was_somebody_else_than_a_sibling_closes_no_circle(site, former):
    wish = elements(
        element("a", content="A", renamed_from="b"), element("b", content="B", renamed_from=former)
    )
    assert not site.plan(wish).changes
