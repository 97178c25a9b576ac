"""Renames, moves across parents, replacements, references."""

import pytest
from support.model_site import Site, element, page, project, state

from cfsync.errors import CfsyncError
from cfsync.model.values import IdOf, Made


def index(*elements, **more):
    return state(project("p", page("index", *elements), **more))


def settled(config):
    site = Site()
    site.settle(config)
    return site


def shown(site, *paths):
    return [site.names(f"p:index#{path}" if path else "p:index") for path in paths]


def test_a_former_name_is_a_rename():
    site = settled(index(element("old", element("in"))))
    plan = site.plan(index(element("new", element("in"), renamed_from="old")))
    (change,) = plan.changes
    assert (change.action, change.moved_from) == ("update", "p:index#old")
    site.apply(plan)
    assert not site.plan(index(element("new", element("in"), renamed_from="old"))).settlements
    assert {row.address for row in site.base.rows.values()} >= {"p:index#new", "p:index#new/in"}


def test_a_former_name_is_found_without_a_base():
    site = settled(index(element("old")))
    fresh = Site(site.items, clock=site.clock)
    plan = fresh.plan(index(element("new", renamed_from="old")), on_conflict="take-config")
    assert [c.action for c in plan.changes] == ["adopt", "adopt", "update"]
    assert plan.changes[-1].moved_from == "p:index#old"


def test_a_former_slug_renames_a_page_and_a_project():
    site = settled(state(project("p", page("home", element("a")))))
    wish = state(project("q", page("index", element("a"), renamed_from="home"), renamed_from="p"))
    plan = site.plan(wish)
    assert [(c.action, c.address) for c in plan.changes] == [("update", "q"), ("update", "q:index")]
    site.apply(plan)
    assert not site.plan(wish).settlements


def test_a_rename_by_the_site_is_kept():
    site = settled(index(element("a")))
    site.update(site.find("p:index#a").id, name="theirs")
    plan = site.plan(index(element("a")))
    assert plan.kept[0].edits[0].before == "theirs"
    assert not plan.writes


def test_a_rename_that_git_followed_is_in_sync():
    site = settled(index(element("a")))
    site.update(site.find("p:index#a").id, name="b")
    plan = site.plan(index(element("b")))
    assert not (plan.writes)
    assert not (plan.conflicts)
    assert not (plan.changes)
    site.apply(plan)
    assert not site.plan(index(element("b"))).settlements


def test_a_move_that_git_followed_is_in_sync():
    site = settled(index(element("a"), element("b")))
    site.update(site.find("p:index#b").id, parent=site.find("p:index#a").id)
    wish = index(element("a", element("b")))
    plan = site.plan(wish)
    assert not (plan.writes)
    assert not (plan.conflicts)
    assert not (plan.changes)
    site.apply(plan)
    assert not site.plan(wish).settlements


def test_a_former_address_is_a_move():
    site = settled(index(element("a", element("x", element("in"))), element("b")))
    wish = index(
        element("a"), element("b", element("x", element("in"), renamed_from="p:index#a/x"))
    )
    plan = site.plan(wish)
    (change,) = plan.changes
    assert (change.action, change.address) == ("move", "p:index#b/x")
    assert change.moved_from == "p:index#a/x"
    assert [e.path for e in change.edits] == [("parentId",), ("position",)]
    site.apply(plan)
    assert shown(site, "a", "b", "b/x") == [[], ["x"], ["in"]]
    assert not site.plan(wish).settlements


def test_a_move_below_something_new_waits_for_it():
    site = settled(index(element("x")))
    wish = index(element("new", element("x", renamed_from="p:index#x")))
    plan = site.plan(wish)
    assert [(w.verb, w.waits) for w in plan.writes] == [("create", ()), ("update", (0,))]
    assert plan.writes[1].edits[0].after == Made(0)
    site.apply(plan)
    assert shown(site, "new") == [["x"]]
    assert not site.plan(wish).settlements


def test_a_move_to_the_top_and_without_a_base():
    site = settled(index(element("a", element("x"))))
    fresh = Site(site.items, clock=site.clock)
    wish = index(element("a"), element("x", renamed_from="p:index#a/x"))
    fresh.settle(wish)
    assert shown(fresh, "", "a") == [["a", "x"], []]


def test_two_that_change_places_as_parent_and_child_make_no_circle():
    site = settled(index(element("a", element("b", element("c")))))
    wish = index(
        element(
            "c",
            element("b", element("a", renamed_from="p:index#a"), renamed_from="p:index#a/b"),
            renamed_from="p:index#a/b/c",
        )
    )
    plan = site.plan(wish)
    site.apply(plan)
    assert shown(site, "", "c", "c/b") == [["c"], ["b"], ["a"]]
    assert not site.plan(wish).settlements


def test_a_former_address_of_another_page_is_made_anew():
    site = settled(state(project("p", page("one", element("x")), page("two"))))
    wish = state(project("p", page("one"), page("two", element("x", renamed_from="p:one#x"))))
    plan = site.plan(wish)
    assert [c.action for c in plan.changes] == ["delete", "create"]
    fresh = Site(site.items, clock=site.clock)
    assert [w.verb for w in fresh.plan(wish).writes] == ["create"]


@pytest.mark.parametrize(
    "former", ["nowhere", "p:index#nowhere", "p:none#x", "q:index#x", "p:index"]
)
def test_a_former_place_that_never_was_is_a_create(former):
    site = settled(index(element("a")))
    plan = site.plan(index(element("a"), element("b", renamed_from=former)))
    assert [c.action for c in plan.changes] == ["create"]
    assert not plan.suggestions


def test_a_former_address_may_name_the_page_as_it_is_called_now():
    site = settled(state(project("p", page("old", element("a", element("x"))))))
    x = element("x", renamed_from="p:new#a/x")
    wish = state(project("p", page("new", element("a"), x, renamed_from="old")))
    plan = site.plan(wish)
    assert [c.action for c in plan.changes] == ["update", "move"]


def test_a_move_by_the_site_is_kept_and_put_back_under_overwrite():
    site = settled(index(element("a"), element("b")))
    site.update(site.find("p:index#b").id, parent=site.find("p:index#a").id)
    plan = site.plan(index(element("a"), element("b")))
    assert [(k.what, k.address) for k in plan.kept] == [("parent", "p:index#b")]
    assert not plan.writes
    wish = index(element("a"), element("b"), live_edits="overwrite")
    site.settle(wish)
    assert shown(site, "", "a") == [["a", "b"], []]
    assert not site.plan(wish).settlements


@pytest.mark.parametrize("decision", ["keep-live", "take-config"])
def test_two_different_moves_are_a_conflict(decision):
    site = settled(index(element("a"), element("b"), element("x")))
    site.update(site.find("p:index#x").id, parent=site.find("p:index#a").id)
    wish = index(element("a"), element("b", element("x", renamed_from="p:index#x")))
    (conflict,) = site.plan(wish).conflicts
    assert (conflict.reason, conflict.what) == ("both-changed", "parent")
    site.settle(wish, on_conflict=decision)
    assert shown(site, "a", "b") == ([["x"], []] if decision == "keep-live" else [[], ["x"]])
    again = site.plan(wish)
    assert not (again.conflicts)
    assert not (again.writes)
    assert not (again.settlements)


def test_a_move_by_git_and_one_by_the_site_that_would_make_a_circle_are_a_conflict():
    site = settled(index(element("a"), element("b")))
    site.update(site.find("p:index#b").id, parent=site.find("p:index#a").id)
    plan = site.plan(index(element("b", element("a", renamed_from="p:index#a"))))
    assert [(c.reason, c.what) for c in plan.conflicts] == [("both-changed", "parent")]
    assert not [w for w in plan.writes if w.edits and w.edits[0].path == ("parentId",)]


def test_another_type_is_a_replacement_and_all_children_follow():
    site = settled(index(element("a", element("one"), element("two"), content="x", type="old")))
    a = site.find("p:index#a")
    site.update(a.id, styles={"theirs": {"color": "red"}})
    site.create(
        "element", {"name": "theirs", "type": "t"}, scope=a.scope, parent=a.id, position=1500
    )
    wish = index(element("a", element("one"), element("two", content="y"), content="x", type="new"))
    plan = site.plan(wish)
    assert [(c.action, c.address) for c in plan.changes] == [
        ("replace", "p:index#a"),
        ("update", "p:index#a/two"),
    ]
    assert plan.summary.delete == 0
    assert [(w.verb, w.purpose) for w in plan.writes] == [
        ("create", ""),
        ("update", ""),
        ("update", "reparent"),
        ("update", "reparent"),
        ("delete", ""),
    ]
    site.apply(plan)
    assert shown(site, "", "a") == [["a"], ["one", "theirs", "two"]]
    made = site.find("p:index#a")
    assert made.fields["type"] == "new"
    assert made.fields["styles"] == {"theirs": {"color": "red"}}
    again = site.plan(wish)
    assert not (again.changes)
    assert not (again.settlements)


def test_what_goes_from_inside_a_replacement_goes_first():
    site = settled(index(element("a", element("b", element("c")), element("d"), type="old")))
    wish = index(element("a", element("b", element("c"), type="else"), type="new"))
    plan = site.plan(wish)
    assert sorted(c.action for c in plan.changes) == ["delete", "replace", "replace"]
    site.apply(plan)
    assert shown(site, "", "a", "a/b") == [["a"], ["b"], ["c"]]
    assert not site.plan(wish).settlements


def test_a_row_whose_parent_was_replaced_while_it_stood_elsewhere_is_found_again():
    site = settled(index(element("a", element("x"), type="old"), element("b")))
    site.update(site.find("p:index#a/x").id, parent=site.find("p:index#b").id)
    wish = index(element("a", element("x"), type="new"), element("b"))
    site.settle(wish)
    plan = site.plan(wish)
    assert [k.what for k in plan.kept] == ["parent"]
    assert not (plan.changes)
    assert not (plan.conflicts)


def test_a_protected_resource_is_not_replaced():
    site = settled(index(element("a", type="old", protect=True)))
    plan = site.plan(index(element("a", type="new")))
    assert [r.reason for r in plan.refusals] == ["protected"]
    assert not plan.writes


def test_a_reference_becomes_the_id_on_the_site():
    link = element("a", props={"pageId": IdOf("p:about"), "list": [IdOf("p:about")]})
    config = state(project("p", page("about"), page("index", link)))
    site = Site()
    plan = site.plan(config)
    by = {w.address: w for w in plan.writes}
    about = Made(by["p:about"].number)
    assert by["p:index#a"].body["props"] == {"pageId": about, "list": [about]}
    assert by["p:about"].number in by["p:index#a"].waits
    site.apply(plan)
    about_id = site.find("p:about").id
    assert site.find("p:index#a").fields["props"] == {"pageId": about_id, "list": [about_id]}
    assert not (site.plan(config).writes)
    assert not (site.plan(config).settlements)


def test_two_that_name_each_other_are_created_and_then_patched():
    config = index(
        element("a", props={"to": IdOf("p:index#b")}), element("b", props={"to": IdOf("p:index#a")})
    )
    site = Site()
    plan = site.plan(config)
    assert [(w.verb, w.address) for w in plan.writes if w.kind == "element"] == [
        ("create", "p:index#b"),
        ("create", "p:index#a"),
        ("update", "p:index#b"),
    ]
    site.apply(plan)
    assert site.find("p:index#b").fields["props"] == {"to": site.find("p:index#a").id}
    assert site.find("p:index#a").fields["props"] == {"to": site.find("p:index#b").id}
    again = site.plan(config)
    assert not (again.writes)
    assert not (again.settlements)


def test_one_that_names_its_own_child_and_itself():
    config = index(
        element("a", element("in"), props={"to": [IdOf("p:index#a/in"), IdOf("p:index#a")]})
    )
    site = Site()
    site.settle(config)
    inner, outer = site.find("p:index#a/in").id, site.find("p:index#a").id
    assert site.find("p:index#a").fields["props"] == {"to": [inner, outer]}
    assert not site.plan(config).settlements


def test_references_to_something_replaced_follow_it():
    def config(kind):
        return index(element("a", type=kind), element("b", props={"to": IdOf("p:index#a")}))

    site = settled(config("old"))
    plan = site.plan(config("new"))
    assert [c.action for c in plan.changes] == ["replace", "update"]
    site.apply(plan)
    assert site.find("p:index#b").fields["props"] == {"to": site.find("p:index#a").id}
    assert not site.plan(config("new")).settlements


def test_twins_with_references_are_told_apart_by_the_page_they_name():
    def cards(*slugs):
        cards_ = (element("card", props={"to": IdOf(f"p:{s}")}) for s in slugs)
        return state(project("p", page("a"), page("b"), page("index", *cards_)))

    site = settled(cards("a", "b"))
    plan = site.plan(cards("b", "a", "b"))
    assert [c.action for c in plan.changes] == ["create"]


def test_a_reference_to_what_the_site_deleted_stays_as_it_was():
    config = index(element("a"), element("b", props={"to": IdOf("p:index#a")}))
    site = settled(config)
    site.delete(site.find("p:index#a").id)
    plan = site.plan(config)
    assert not (plan.writes)
    assert not (plan.conflicts)


def test_a_reference_to_what_is_not_made_is_left_out():
    from cfsync.model.address import Pattern

    config = index(element("a"), element("b", content="x", props={"to": IdOf("p:index#a")}))
    site = settled(index())
    plan = site.plan(config, targets=(Pattern("p:index#b"),))
    assert plan.writes[0].body["content"] == "x"
    assert plan.writes[0].body["props"] == {}


def test_a_reference_to_nothing_is_an_error():
    with pytest.raises(CfsyncError, match="p:none, which the configuration does not declare"):
        Site().plan(index(element("a", props={"to": IdOf("p:none")})))


@pytest.mark.parametrize("decision", ["keep-live", "take-config"])
def test_what_the_site_moved_is_not_made_anew_without_asking(decision):
    site = settled(index(element("a", element("x", type="old"))))
    site.update(site.find("p:index#a/x").id, parent=None)
    wish = index(element("a", element("x", type="new")))
    plan = site.plan(wish)
    assert [(c.reason, c.what) for c in plan.conflicts] == [("both-changed", "parent")]
    assert not plan.writes
    site.settle(wish, on_conflict=decision)
    kept = decision == "keep-live"
    assert shown(site, "", "a") == ([["a", "x"], []] if kept else [["a"], ["x"]])
    again = site.plan(wish)
    assert not (again.conflicts)
    assert not (again.writes)
    assert not (again.settlements)


def test_what_the_site_moved_out_of_something_that_is_gone_is_not_made_anew():
    site = settled(index(element("a", element("x", type="old")), element("b")))
    site.update(site.find("p:index#a/x").id, parent=site.find("p:index#b").id)
    site.delete(site.find("p:index#a").id)
    wish = index(element("a", element("x", type="new")), element("b"))
    assert not site.plan(wish).writes
    site.settle(wish, on_conflict="keep-live")
    assert shown(site, "b") == [["x"]]
