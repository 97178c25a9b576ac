import pytest

from cfsync.current.tree import forest


def drawn(trees):
    return [
        (node.item.id, drawn(node.children)) if node.children else node.item.id for node in trees
    ]


def test_children_stand_below_their_parents(elements):
    assert drawn(forest(elements("c<b", "a", "b<a", "d"))) == [("a", [("b", ["c"])]), "d"]


def test_nothing_is_an_empty_forest():
    assert forest(()) == ()


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"position": 1}, {"position": 2}),
        ({"position": 5, "created_at": "2026-01-01"}, {"position": 5, "created_at": "2026-01-02"}),
    ],
)
def test_siblings_stand_in_the_order_in_which_they_are_shown(made, first, second):
    late = made("element", "a", **second)
    early = made("element", "b", **first)
    parent = made("element", "p")
    assert drawn(forest([late, early])) == ["b", "a"]
    children = [
        made("element", "x", parent="p", **second),
        made("element", "y", parent="p", **first),
    ]
    assert drawn(forest([*children, parent])) == [("p", ["y", "x"])]


def test_equal_places_are_ordered_by_id(elements):
    assert drawn(forest(elements("b", "a", "c"))) == ["a", "b", "c"]


def test_children_of_another_kind_come_from_their_own_listing(made, elements):
    inner = forest(elements("a"))
    read, unread = forest([made("page", "p1"), made("page", "p2")], {"p1": inner})
    assert read.children == inner
    assert unread.children is None


def test_depth_is_unlimited(made):
    chain = [made("element", f"e{n}", parent=f"e{n - 1}" if n else None) for n in range(20_000)]
    [root] = forest(chain)
    assert sum(1 for _ in root.walk()) == 20_000
