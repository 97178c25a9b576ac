from cfsync.model.base import Base, Settle, leaves, settled
from cfsync.model.live import Item, Live

ROW = Base(
    id="elem_1",
    kind="element",
    parent="page_1",
    address="site:index#hero",
    position=1024,
    created_at="2026-01-01T00:00:00Z",
    sent={"name": "hero", "props": {"a": 1}},
    stored={"name": "hero", "props": {"a": 1}},
)


def answer(**fields: object) -> Item:
    return Item(
        kind="element",
        id="elem_1",
        scope="page_1",
        parent="elem_0",
        position=2048,
        fields=dict(fields),
        created_at="2026-01-01T00:00:00Z",
        updated_at="2026-01-02T00:00:00Z",
    )


def test_leaves_are_everything_that_is_not_a_filled_object() -> None:
    fields = {"a": 1, "b": {"c": [1, 2], "d": {}}, "e": None}

    assert list(leaves(fields)) == [("a",), ("b", "c"), ("b", "d"), ("e",)]


def test_stored_is_what_the_answer_holds_for_the_leaves_that_were_sent() -> None:
    settle = Settle(address="site:index#hero", sent={"name": " hero ", "props": {"a": 2}})

    row = settled(ROW, answer(name="hero", props={"a": 2, "other": 3}, content="x"), settle)

    assert row.sent == {"name": " hero ", "props": {"a": 2}}
    assert row.stored == {"name": "hero", "props": {"a": 2}}
    assert (row.parent, row.position) == ("elem_0", 2048)


def test_a_leaf_that_the_server_dropped_is_missing_from_stored() -> None:
    settle = Settle(address="site:index#hero", sent={"name": "hero", "props": {"gone": 1}})

    assert settled(None, answer(name="hero", props={}), settle).stored == {"name": "hero"}


def test_a_held_leaf_keeps_the_pair_that_it_had() -> None:
    settle = Settle(
        address="site:index#hero",
        sent={"name": "hero", "props": {"a": 1, "b": 2}},
        held=(("props", "a"),),
    )

    row = settled(ROW, answer(name="hero", props={"a": "designer's", "b": 2}), settle)

    assert row.stored == {"name": "hero", "props": {"a": 1, "b": 2}}


def test_a_place_that_was_not_settled_stays_as_it_was() -> None:
    settle = Settle(address="site:index#hero", sent={"name": "hero"}, place=False)

    row = settled(ROW, answer(name="hero"), settle)

    assert (row.parent, row.position) == ("page_1", 1024)


def test_a_top_element_stands_under_its_page() -> None:
    top = Item("element", "elem_2", "page_1", None, 0, {}, "", "")

    assert settled(None, top, Settle(address="site:index#top", sent={})).parent == "page_1"


def test_walking_gives_parents_before_children_in_order() -> None:
    def node(id_: str, *children: Live) -> Live:
        return Live(Item("element", id_, "page_1", None, 0, {}, "", ""), children)

    tree = node("a", node("b", node("c")), node("d"))

    assert [live.item.id for live in tree.walk()] == ["a", "b", "c", "d"]
