"""The existence table: base, configuration, site, and what follows."""

import pytest
from support.model_site import Site, element, ignore, page, project, state

BOTH = state(project("p", page("index", element("a"), element("b"))))
ONE = state(project("p", page("index", element("a"))))


@pytest.fixture
def site():
    site = Site()
    site.settle(BOTH)
    return site


def actions(plan):
    return [(change.action, change.address) for change in plan.changes]


def reasons(plan):
    return [(conflict.reason, conflict.address) for conflict in plan.conflicts]


def kept(plan):
    return [(one.what, one.address) for one in plan.kept]


def test_only_declared_is_created():
    plan = Site().plan(ONE)
    assert actions(plan) == [("create", "p"), ("create", "p:index"), ("create", "p:index#a")]
    assert [write.waits for write in plan.writes] == [(), (0,), (1,)]


def test_declared_and_there_without_a_base_is_adopted(site):
    fresh = Site(site.items, clock=site.clock)
    plan = fresh.plan(BOTH)
    assert [action for action, _ in actions(plan)] == ["adopt"] * 4
    assert not plan.writes
    fresh.apply(plan)
    assert len(fresh.base.rows) == 4


def test_only_on_the_site_is_counted_as_unmanaged(site):
    site.create("element", {"name": "theirs", "type": "text"}, scope=site.find("p:index").id)
    plan = site.plan(BOTH)
    assert plan.summary.unmanaged == 1
    assert not plan.changes


def test_only_on_the_site_is_deleted_under_mirror(site):
    top = site.create("element", {"name": "theirs", "type": "text"}, scope=site.find("p:index").id)
    site.create("element", {"name": "in", "type": "text"}, scope=top.scope, parent=top.id)
    mirror = state(project("p", page("index", element("a"), element("b")), manage="mirror"))
    plan = site.plan(mirror)
    assert actions(plan) == [("delete", "p:index#theirs")]
    assert plan.changes[0].descendants == 1
    assert plan.summary.delete == 2
    assert len(plan.writes) == 1
    site.apply(plan)
    assert site.names("p:index") == ["a", "b"]


def test_mirror_deletes_nothing_below_what_declares_no_children(site):
    site.create("page", {"slug": "theirs", "name": "T"}, scope=site.find("p").id)
    plan = site.plan(state(project("p", below=False, manage="mirror")))
    assert actions(plan) == [("delete", "p:index")]


def test_owned_and_no_longer_declared_is_deleted(site):
    plan = site.plan(ONE)
    assert actions(plan) == [("delete", "p:index#b")]
    site.apply(plan)
    assert site.names("p:index") == ["a"]
    assert len(site.base.rows) == 3


def test_add_never_deletes(site):
    plan = site.plan(state(project("p", page("index", element("a")), manage="add")))
    assert not plan.changes
    assert plan.summary.unmanaged == 1
    assert len(site.base.rows) == 4


def test_an_omitted_list_still_lets_go_of_what_is_owned_below(site):
    plan = site.plan(state(project("p", page("index", below=False))))
    assert actions(plan) == [("delete", "p:index#a"), ("delete", "p:index#b")]


def test_omission_never_deletes_a_project(site):
    plan = site.plan(state(project("q")))
    assert actions(plan) == [("create", "q")]
    assert not plan.settlements


def test_delete_true_deletes_a_project_whole(site):
    plan = site.plan(state(project("p", delete=True)))
    assert actions(plan) == [("delete", "p")]
    assert plan.summary.delete == 4
    assert [write.verb for write in plan.writes] == ["delete"]
    site.apply(plan)
    assert not site.items
    assert not site.base.rows


def test_delete_true_of_what_was_never_owned_is_asked_first(site):
    site.create("page", {"slug": "theirs", "name": "T"}, scope=site.find("p").id)
    wish = state(
        project("p", page("index", element("a"), element("b")), page("theirs", delete=True))
    )
    assert reasons(site.plan(wish)) == [("no-base", "p:theirs")]
    assert actions(site.plan(wish, on_conflict="take-config")) == [("delete", "p:theirs")]


def test_delete_true_of_what_is_gone_already_is_forgotten(site):
    site.delete(site.find("p:index#b").id)
    wish = state(project("p", page("index", element("a"), element("b", delete=True))))
    plan = site.plan(wish)
    assert actions(plan) == [("forget", "p:index#b")]
    site.apply(plan)
    assert not site.plan(wish).changes


def test_a_delete_of_something_edited_since_is_a_conflict(site):
    site.update(site.find("p:index#b").id, name="renamed")
    plan = site.plan(ONE)
    assert reasons(plan) == [("changed-since", "p:index#renamed")]
    assert plan.conflicts[0].what == "delete"
    assert plan.conflicts[0].others == ("p:index#renamed",)


def test_a_delete_of_something_moved_since_is_a_conflict(site):
    site.update(site.find("p:index#b").id, parent=site.find("p:index#a").id)
    assert reasons(site.plan(ONE)) == [("changed-since", "p:index#a/b")]


def test_a_delete_of_something_edited_since_goes_ahead_under_overwrite(site):
    site.update(site.find("p:index#b").id, name="renamed")
    plan = site.plan(state(project("p", page("index", element("a")), live_edits="overwrite")))
    assert actions(plan) == [("delete", "p:index#renamed")]


def test_a_delete_of_something_that_holds_what_others_made_is_a_conflict(site):
    b = site.find("p:index#b")
    site.create("element", {"name": "theirs", "type": "text"}, scope=b.scope, parent=b.id)
    plan = site.plan(ONE)
    assert reasons(plan) == [("holds-foreign", "p:index#b")]
    assert plan.conflicts[0].others == ("p:index#b/theirs",)
    assert actions(site.plan(ONE, on_conflict="take-config")) == [("delete", "p:index#b")]


def test_a_delete_given_to_the_site_lets_go_of_it(site):
    site.update(site.find("p:index#b").id, content="edited")
    site.update(site.find("p:index#b").id, name="renamed")
    plan = site.plan(ONE, on_conflict="keep-live")
    assert kept(plan) == [("delete", "p:index#renamed")]
    site.apply(plan)
    again = site.plan(ONE)
    assert not again.conflicts
    assert again.summary.unmanaged == 1


def test_a_delete_of_something_with_ignored_content_is_a_conflict(site):
    rules = (ignore("index#*", "styles"),)
    site.settle(state(project("p", page("index", element("a"), element("b")), ignore=rules)))
    site.update(site.find("p:index#b").id, styles={"desktop": {"color": "red"}})
    plan = site.plan(state(project("p", page("index", element("a")), ignore=rules)))
    assert reasons(plan) == [("changed-since", "p:index#b")]


def test_something_declared_that_the_site_moved_into_what_goes_stands_in_its_way(site):
    site.update(site.find("p:index#a").id, parent=site.find("p:index#b").id)
    plan = site.plan(ONE)
    assert kept(plan) == [("parent", "p:index#a")]
    assert reasons(plan) == [("holds-foreign", "p:index#b")]
    forced = state(project("p", page("index", element("a")), live_edits="overwrite"))
    plan = site.plan(forced)
    assert actions(plan) == [("move", "p:index#a"), ("delete", "p:index#b")]
    site.apply(plan)
    assert site.names("p:index") == ["a"]
    assert not site.plan(forced).writes


def test_an_element_that_the_site_deleted_is_not_made_again(site):
    site.delete(site.find("p:index#b").id)
    plan = site.plan(BOTH)
    assert kept(plan) == [("deleted", "p:index#b")]
    assert not plan.writes
    assert plan.summary.keep_live == 1


def test_an_element_that_the_site_deleted_and_git_changed_is_a_conflict(site):
    site.delete(site.find("p:index#b").id)
    wish = state(project("p", page("index", element("a"), element("b", content="new"))))
    assert reasons(site.plan(wish)) == [("deleted-live", "p:index#b")]
    made = site.copy()
    made.apply(made.plan(wish, on_conflict="take-config"))
    assert made.names("p:index") == ["a", "b"]
    assert not made.plan(wish).changes
    site.settle(wish, on_conflict="keep-live")
    again = site.plan(wish)
    assert not (again.conflicts)
    assert not (again.kept)
    assert not (again.changes)
    more = state(project("p", page("index", element("a"), element("b", content="newer"))))
    assert reasons(site.plan(more)) == [("deleted-live", "p:index#b")]


def test_something_new_below_an_element_that_the_site_deleted_is_a_conflict(site):
    site.delete(site.find("p:index#b").id)
    wish = state(project("p", page("index", element("a"), element("b", element("new")))))
    assert reasons(site.plan(wish)) == [("deleted-live", "p:index#b")]


def test_a_child_taken_out_of_an_element_that_the_site_deleted_is_a_conflict():
    site = Site()
    site.settle(state(project("p", page("index", element("a", element("in"))))))
    site.delete(site.find("p:index#a").id)
    plan = site.plan(state(project("p", page("index", element("a")))))
    assert reasons(plan) == [("deleted-live", "p:index#a")]


def test_a_page_that_the_site_deleted_is_a_conflict_once(site):
    site.delete(site.find("p:index").id)
    assert reasons(site.plan(BOTH)) == [("deleted-live", "p:index")]
    site.settle(BOTH, on_conflict="keep-live")
    again = site.plan(BOTH)
    assert not (again.conflicts)
    assert not (again.kept)
    assert not (again.changes)


def test_what_the_site_deleted_is_made_again_under_overwrite(site):
    site.delete(site.find("p:index").id)
    wish = state(project("p", page("index", element("a"), element("b")), live_edits="overwrite"))
    plan = site.plan(wish)
    assert [action for action, _ in actions(plan)] == ["create"] * 3
    site.apply(plan)
    assert len(site.base.rows) == 4
    assert not site.plan(wish).settlements


def test_gone_on_both_sides_is_forgotten(site):
    site.delete(site.find("p:index#b").id)
    plan = site.plan(ONE)
    assert actions(plan) == [("forget", "p:index#b")]
    site.apply(plan)
    assert len(site.base.rows) == 3


def test_what_stands_in_a_project_that_was_not_read_is_not_forgotten(site):
    from support.model_site import options

    from cfsync.planner import plan

    live = site.live(site.find("p").id)
    planned = plan(state(project("q")), site.base, live, site.contract, options())
    assert actions(planned) == [("create", "q")]
    assert not planned.settlements


def test_a_page_made_anew_under_the_same_slug_is_taken_for_what_it_is(site):
    site.delete(site.find("p:index").id)
    site.create("page", {"slug": "index", "name": "The index"}, scope=site.find("p").id)
    plan = site.plan(BOTH)
    assert ("adopt", "p:index") in actions(plan)
    assert ("create", "p:index#a") in actions(plan)
    site.apply(plan)
    assert not site.plan(BOTH).changes


def test_a_likely_rename_is_suggested_and_not_assumed():
    site = Site()
    site.settle(state(project("p", page("index", element("old", content="x")))))
    plan = site.plan(state(project("p", page("index", element("new", content="x")))))
    assert actions(plan) == [("create", "p:index#new"), ("delete", "p:index#old")]
    assert plan.suggestions == (
        (
            "p:index#new looks like p:index#old under a new name: with 'renamed_from: old' "
            "it is renamed, instead of deleted and made anew"
        ),
    )


def test_what_is_declared_elsewhere_stays_owned_where_a_delete_is_given_to_the_site(site):
    site.update(site.find("p:index#a").id, parent=site.find("p:index#b").id)
    site.settle(ONE, on_conflict="keep-live")
    again = site.plan(ONE)
    assert [k.what for k in again.kept] == ["parent"]
    assert not (again.changes)
    assert not (again.conflicts)


def test_two_that_go_are_one_delete_where_the_site_put_one_into_the_other():
    site = Site()
    site.settle(state(project("p", page("index", element("a"), element("b", element("c"))))))
    site.update(site.find("p:index#a").id, parent=site.find("p:index#b/c").id)
    wish = state(
        project("p", page("index", element("a", delete=True), element("b", live_edits="overwrite")))
    )
    plan = site.plan(wish)
    assert actions(plan) == [("delete", "p:index#b/c")]
    site.apply(plan)
    assert not site.plan(wish).writes
