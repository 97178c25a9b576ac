"""Order and twins among siblings."""

import pytest
from support.model_site import Site, element, options, page, project, state


def config(*names, live_edits="keep"):
    """Elements of a page; a name may be `name=content`."""
    declared = [one.partition("=") for one in names]
    elements = [element(n, **({"content": c} if eq else {})) for n, eq, c in declared]
    return state(project("p", page("index", *elements), live_edits=live_edits))


def settled(*names):
    site = Site()
    site.settle(config(*names))
    return site


def place(site, name, position):
    site.update(site.find(f"p:index#{name}").id, position=position)


def contents(site):
    page_id = site.find("p:index").id
    items = sorted((i for i in site.items.values() if i.scope == page_id), key=lambda i: i.order)
    return [item.fields["content"] for item in items if item.kind == "element"]


def test_a_reordering_by_git_is_one_move():
    site = settled("a", "b", "c")
    plan = site.plan(config("c", "a", "b"))
    (change,) = plan.changes
    assert (change.action, change.address, change.reordered) == ("move", "p:index#c", True)
    assert change.renumbered == 0
    site.apply(plan)
    assert site.names("p:index") == ["c", "a", "b"]
    assert not site.plan(config("c", "a", "b")).settlements


def test_without_gaps_the_others_are_renumbered_and_counted():
    site = settled("a", "b", "c", "d")
    for position, name in enumerate("abcd"):
        place(site, name, position)
    site.settle(config("a", "b", "c", "d"))
    plan = site.plan(config("a", "d", "b", "c"))
    (change,) = plan.changes
    assert (change.address, change.renumbered) == ("p:index#d", 2)
    assert change.edits == ()  # its own number can stay
    assert [write.purpose for write in plan.writes] == ["renumber", "renumber"]
    assert {write.change for write in plan.writes} == {0}
    site.apply(plan)
    assert site.names("p:index") == ["a", "d", "b", "c"]
    assert not site.plan(config("a", "d", "b", "c")).settlements


def test_a_reordering_by_the_site_is_kept():
    site = settled("a", "b", "c")
    place(site, "a", 9000)
    plan = site.plan(config("a", "b", "c"))
    (kept,) = plan.kept
    assert (kept.what, kept.address) == ("order", "p:index")
    assert kept.edits[0].before == ["b", "c", "a"]
    assert kept.edits[0].after == ["a", "b", "c"]
    assert not plan.writes


def test_a_reordering_by_the_site_is_put_back_under_overwrite():
    site = settled("a", "b", "c")
    place(site, "a", 9000)
    site.settle(config("a", "b", "c", live_edits="overwrite"))
    assert site.names("p:index") == ["a", "b", "c"]


def test_new_siblings_go_beside_their_neighbours_where_the_order_is_kept():
    site = settled("a", "b", "c")
    place(site, "a", 9000)
    wish = config("new", "a", "behind-a", "b", "c", "end")
    plan = site.plan(wish)
    site.apply(plan)
    assert site.names("p:index") == ["b", "c", "end", "new", "a", "behind-a"]
    again = site.plan(wish)
    assert not (again.writes)
    assert not (again.conflicts)
    assert not (again.settlements)
    assert again.kept[0].what == "order"


@pytest.mark.parametrize(
    ("decision", "shown"), [("keep-live", ["b", "c", "a"]), ("take-config", ["c", "b", "a"])]
)
def test_two_different_reorderings_are_a_conflict(decision, shown):
    site = settled("a", "b", "c")
    place(site, "a", 9000)
    wish = config("c", "b", "a")
    (conflict,) = site.plan(wish).conflicts
    assert (conflict.reason, conflict.what) == ("both-changed", "order")
    site.settle(wish, on_conflict=decision)
    assert site.names("p:index") == shown
    again = site.plan(wish)
    assert not (again.conflicts)
    assert not (again.writes)
    assert not (again.settlements)


def test_the_same_reordering_on_both_sides_is_in_sync():
    site = settled("a", "b", "c")
    place(site, "a", 9000)
    plan = site.plan(config("b", "c", "a"))
    assert not (plan.writes)
    assert not (plan.kept)
    assert not (plan.conflicts)
    site.apply(plan)
    assert not site.plan(config("b", "c", "a")).settlements


def test_another_order_without_a_base_is_asked():
    site = settled("a", "b")
    fresh = Site(site.items, clock=site.clock)
    (conflict,) = fresh.plan(config("b", "a")).conflicts
    assert (conflict.reason, conflict.what) == ("no-base", "order")
    fresh.settle(config("b", "a"), on_conflict="keep-live")
    assert fresh.names("p:index") == ["a", "b"]
    assert not fresh.plan(config("b", "a")).conflicts


def test_undeclared_siblings_keep_their_places():
    site = settled("a", "b")
    theirs = site.create(
        "element", {"name": "t", "type": "text"}, scope=site.find("p:index").id, position=1500
    )
    site.settle(config("b", "a"))
    assert site.items[theirs.id] == theirs


TWINS = [f"card={n}" for n in range(10)]


@pytest.mark.parametrize("at", [0, 4, 10])
def test_a_twin_inserted_anywhere_is_one_create(at):
    site = settled(*TWINS)
    wish = config(*TWINS[:at], "card=new", *TWINS[at:])
    plan = site.plan(wish)
    assert [change.action for change in plan.changes] == ["create"]
    assert len(plan.writes) <= 2
    site.apply(plan)
    assert contents(site) == [*map(str, range(at)), "new", *map(str, range(at, 10))]


@pytest.mark.parametrize("at", [0, 4, 9])
def test_a_twin_deleted_anywhere_is_one_delete(at):
    site = settled(*TWINS)
    plan = site.plan(config(*TWINS[:at], *TWINS[at + 1 :]))
    assert [change.action for change in plan.changes] == ["delete"]
    assert len(plan.writes) == 1


@pytest.mark.parametrize(("at", "to"), [(0, 9), (9, 0), (2, 6)])
def test_a_twin_moved_anywhere_is_one_move(at, to):
    site = settled(*TWINS)
    order = [*TWINS[:at], *TWINS[at + 1 :]]
    order.insert(to, TWINS[at])
    plan = site.plan(config(*order))
    assert [change.action for change in plan.changes] == ["move"]
    assert len(plan.writes) == 1
    site.apply(plan)
    assert contents(site) == [one.partition("=")[2] for one in order]


def test_a_twin_changed_in_the_middle_is_one_update():
    site = settled(*TWINS)
    wish = config(*TWINS[:4], "card=else", *TWINS[5:])
    assert [(c.action, c.address) for c in site.plan(wish).changes] == [
        ("update", "p:index#card[5]")
    ]


def test_twins_are_told_apart_by_what_stands_below_them():
    def cards(*inner):
        return state(project("p", page("index", *(element("card", element(i)) for i in inner))))

    site = Site()
    site.settle(cards("a", "b", "c"))
    plan = site.plan(cards("new", "b", "c", "a"))
    assert sorted(change.action for change in plan.changes) == ["create", "create", "move"]


def test_twins_of_equal_fields_pair_before_those_that_differ():
    def cards(*pairs):
        cards_ = (element("card", element(inner), content=c) for c, inner in pairs)
        return state(project("p", page("index", *cards_)))

    site = Site()
    site.settle(cards(("1", "a"), ("2", "b"), ("3", "c")))
    plan = site.plan(cards(("2", "x"), ("1", "y"), ("3", "c")))
    assert {change.action for change in plan.changes} == {"move", "create", "delete"}


def test_twins_of_another_type_are_replaced_last():
    site = Site()
    site.settle(state(project("p", page("i", element("x", type="text"), element("x", type="box")))))
    wish = state(project("p", page("i", element("x", type="box"), element("x", type="new"))))
    plan = site.plan(wish)
    assert sorted(c.action for c in plan.changes) == ["replace"]
    site.apply(plan)
    assert not site.plan(wish).changes


def test_twins_without_a_base_are_adopted_by_content():
    site = settled("card=a", "card=b", "card=c")
    site.create(
        "element",
        {"name": "card", "type": "container", "content": "front"},
        scope=site.find("p:index").id,
        position=3,
    )
    fresh = Site(site.items, clock=site.clock)
    plan = fresh.plan(config("card=a", "card=c", "card=b"), on_conflict="take-config")
    elements = [change.action for change in plan.changes if change.kind == "element"]
    assert sorted(elements) == ["adopt", "adopt", "move"]
    assert plan.summary.unmanaged == 1


def test_twins_without_a_base_are_adopted_by_what_stands_below_them():
    def cards(*inner):
        return state(project("p", page("index", *(element("card", element(i)) for i in inner))))

    site = Site()
    site.settle(cards("a", "b", "c"))
    fresh = Site(site.items, clock=site.clock)
    plan = fresh.plan(cards("c", "a", "b"), on_conflict="take-config")
    assert len(plan.writes) == 1


def test_renumbering_one_that_is_changed_anyway_is_one_request():
    site = settled("a", "b", "c")
    for position, name in enumerate("abc"):
        place(site, name, position)
    site.settle(config("a", "b", "c"))
    plan = site.plan(config("a", "new", "b=x", "c"))
    by = {write.address: write for write in plan.writes}
    assert [e.path for e in by["p:index#b"].edits] == [("content",), ("position",)]
    assert by["p:index#b"].purpose == ""
    assert by["p:index#c"].purpose == "renumber"
    assert plan.summary.create == 1
    assert plan.summary.update == 1
    assert next(c for c in plan.changes if c.action == "create").renumbered == 2


def test_a_target_among_reordered_siblings_moves_only_itself_in():
    from cfsync.model.address import Pattern

    site = settled("a", "b", "c")
    wish = config("c", "new", "a", "b")
    plan = site.plan(wish, targets=(Pattern("p:index#new"),))
    assert [(c.action, c.address) for c in plan.changes] == [("create", "p:index#new")]
    site.apply(plan)
    assert site.names("p:index") == ["a", "b", "c", "new"]
    rest = site.plan(wish)
    assert not rest.conflicts
    site.apply(rest)
    assert site.names("p:index") == ["c", "new", "a", "b"]
    assert options().selects("anything")


def test_a_replacement_leaves_the_sites_order_alone():
    site = Site()
    site.settle(state(project("p", page("index", element("a", type="old"), element("b")))))
    place(site, "a", 9999)
    wish = state(project("p", page("index", element("a", type="new"), element("b"))))
    site.settle(wish)
    assert site.names("p:index") == ["b", "a"]
    again = site.plan(wish)
    assert [one.what for one in again.kept] == ["order"]
    assert not again.writes
    assert not again.settlements
