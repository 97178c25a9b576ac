"""What is refused, and what it says."""

import pytest
from support.model_site import Site, element, options, page, project, state

from cfsync.model.address import Pattern
from cfsync.planner import destroy_plan


def many(*names, **more):
    return state(project("p", page("i", *map(element, names)), **more))


NAMES = [f"e{number:02}" for number in range(20)]


@pytest.fixture
def site():
    site = Site()
    site.settle(many(*NAMES))
    return site


def reasons(plan):
    return [refusal.reason for refusal in plan.refusals]


def test_more_than_the_percentage_is_refused_with_the_way_out(site):
    (refusal,) = site.plan(many(*NAMES[7:])).refusals
    assert refusal.reason == "threshold"
    assert refusal.message == (
        "this plan deletes 7 of the 22 resources that cfsync owns in p; "
        "the limit is 30 % (safety: max_delete_percent)"
    )
    assert refusal.next_step.endswith("--allow-deletes 7")
    assert len(refusal.addresses) == 7


def test_the_exact_number_lifts_the_thresholds(site):
    assert not site.plan(many(*NAMES[7:]), allow_deletes=7).refusals
    assert reasons(site.plan(many(*NAMES[7:]), allow_deletes=8)) == ["deletions", "threshold"]
    assert not site.plan(many(*NAMES), allow_deletes=0).refusals


def test_the_percentage_does_not_count_for_few(site):
    few = Site()
    few.settle(many("a", "b", "c"))
    assert not few.plan(many()).refusals


def test_the_number_is_refused_however_large_the_site(site):
    (refusal,) = site.plan(many(*NAMES[3:]), max_deletes=2).refusals
    assert refusal.message == (
        "this plan deletes 3 resources; the limit is 2 (safety: max_deletes)"
    )


def test_descendants_count(site):
    plan = site.plan(state(project("p")))
    assert plan.summary.delete == 21
    assert reasons(plan) == ["threshold"]


def test_a_protected_resource_is_not_deleted_even_within_another():
    site = Site()
    config = state(project("p", page("i", element("a", element("in", protect=True)))))
    site.settle(config)
    plan = site.plan(state(project("p", page("i"))))
    (refusal,) = plan.refusals
    assert refusal.reason == "protected"
    assert refusal.message == "p:i#a/in is protected, and this would delete it"
    assert refusal.next_step.endswith("cfsync unprotect p:i#a/in")
    assert not plan.writes


def test_what_is_declared_protected_and_deleted_at_once_is_refused():
    site = Site()
    site.settle(state(project("p", page("i"))))
    plan = site.plan(state(project("p", page("i", protect=True, delete=True))))
    assert reasons(plan) == ["protected"]


def test_an_empty_configuration_is_refused(site):
    (refusal,) = site.plan(state()).refusals
    assert refusal.reason == "empty"
    assert "owns 22 resources here" in refusal.message
    assert not Site().plan(state()).refusals


def test_creating_on_the_word_of_a_list_that_lost_most_is_refused(site):
    for item in list(site.items.values()):
        if item.kind == "element" and item.fields["name"] != "e00":
            site.delete(item.id)
    wish = many(*NAMES, "new")
    assert "shrunken" in reasons(site.plan(wish))
    assert "shrunken" in reasons(site.plan(many("e00")))
    assert "shrunken" not in reasons(site.plan(wish, on_conflict="keep-live"))
    assert "shrunken" not in reasons(site.plan(many(*NAMES)))


def test_a_target_takes_only_what_stands_there_and_below(site):
    wish = many(*NAMES[1:], "new")
    plan = site.plan(wish, targets=(Pattern("p:i#new"),))
    assert [(c.action, c.address) for c in plan.changes] == [("create", "p:i#new")]
    plan = site.plan(wish, targets=(Pattern("p:i#e00"),))
    assert [(c.action, c.address) for c in plan.changes] == [("delete", "p:i#e00")]
    plan = site.plan(wish, excludes=(Pattern("p:i#e*"),))
    assert [(c.action, c.address) for c in plan.changes] == [("create", "p:i#new")]


def test_a_target_brings_along_the_ancestors_that_must_be_created():
    wish = state(project("p", page("i", element("a", element("b")), element("c"))))
    plan = Site().plan(wish, targets=(Pattern("p:i#a/b"),))
    assert [c.address for c in plan.changes] == ["p", "p:i", "p:i#a", "p:i#a/b"]
    plan = Site().plan(wish, targets=(Pattern("p:i#a/b"),), excludes=(Pattern("p:i"),))
    assert not plan.changes


def test_a_sibling_outside_the_target_makes_room_and_nothing_else():
    site = Site()
    site.settle(many("a", "b"))
    for position, name in enumerate("ab"):
        site.update(site.find(f"p:i#{name}").id, position=position)
    wish = state(project("p", page("i", element("a"), element("new"), element("b", content="x"))))
    plan = site.plan(wish, targets=(Pattern("p:i#new"),))
    assert [(w.address, w.purpose) for w in plan.writes] == [("p:i#new", ""), ("p:i#b", "renumber")]
    site.apply(plan)
    assert site.names("p:i") == ["a", "new", "b"]
    assert [c.action for c in site.plan(wish).changes] == ["update"]


def test_what_is_gone_outside_the_target_is_not_forgotten(site):
    site.delete(site.find("p:i#e00").id)
    plan = site.plan(many(*NAMES[1:]), targets=(Pattern("p:i#e05"),))
    assert not plan.settlements


def destroy(site, **more):
    return destroy_plan(site.base, site.live(), site.contract, options(**more), name="acme")


def test_destroy_takes_everything_owned_with_one_request(site):
    plan = destroy(site)
    assert plan.name == "acme"
    assert [(c.action, c.address, c.descendants) for c in plan.changes] == [("delete", "p", 21)]
    assert not plan.refusals
    site.apply(plan)
    assert not site.items
    assert not site.base.rows


def test_destroy_asks_about_what_holds_something_of_others(site):
    i = site.find("p:i")
    e = site.find("p:i#e00")
    theirs = site.create("element", {"name": "t", "type": "t"}, scope=i.id, parent=e.id)
    plan = destroy(site)
    (conflict,) = plan.conflicts
    assert (conflict.reason, conflict.address) == ("holds-foreign", "p")
    assert conflict.others == ("p:i#e00/t",)
    assert plan.summary.unmanaged == 1
    plan = destroy(site, on_conflict="take-config")
    assert [k.what for k in plan.kept] == ["delete"]
    assert plan.summary.delete == 19
    site.apply(plan)
    assert theirs.id in site.items
    assert sorted(i.kind for i in site.items.values()) == ["element", "element", "page", "project"]
    assert not site.base.rows


def test_destroy_asks_about_what_was_edited_since(site):
    site.update(site.find("p:i#e00").id, name="edited")
    plan = destroy(site)
    assert [c.others for c in plan.conflicts] == [("p:i#edited",)]
    assert destroy(site, on_conflict="take-config").summary.delete == 22
    site.apply(destroy(site, on_conflict="keep-live"))
    assert [i.fields["name"] for i in site.items.values() if i.kind == "element"] == ["edited"]


def test_destroy_says_which_project_itself_was_edited(site):
    site.update(site.find("p").id, name="edited")
    assert [c.reason for c in destroy(site).conflicts] == ["changed-since"]


def test_destroy_refuses_what_is_protected():
    site = Site()
    site.settle(state(project("p", page("i", protect=True), page("j"))))
    plan = destroy(site)
    assert not plan.conflicts
    assert reasons(plan) == ["protected"]
    assert plan.refusals[0].addresses == ("p:i",)


def test_destroy_tells_what_is_protected_apart_from_what_is_in_the_way():
    site = Site()
    site.settle(state(project("p", page("i", protect=True), page("j"))))
    site.update(site.find("p:j").id, name="edited")
    plan = destroy(site)
    assert [conflict.others for conflict in plan.conflicts] == [("p:j",)]
    assert reasons(plan) == ["conflict", "protected"]
    assert plan.refusals[0].message == ("what somebody else added or edited is in the way at p")
    assert "destroy again with" in plan.refusals[0].next_step
    assert "unprotect p:i" in plan.refusals[1].next_step


@pytest.mark.parametrize("side", ["fail", "keep-live", "take-config"])
def test_destroy_leaves_what_holds_something_excluded_owned(site, side):
    plan = destroy(site, excludes=(Pattern("p:i#e00"),), on_conflict=side)
    assert not plan.conflicts
    assert not plan.kept
    assert not plan.settlements
    assert plan.suggestions == ("p stays this time: it holds p:i#e00, which is excluded",)
    assert plan.summary.delete == 19


def test_destroy_forgets_what_is_gone_and_keeps_to_its_target(site):
    site.delete(site.find("p:i#e00").id)
    plan = destroy(site, targets=(Pattern("p:i#e01"),))
    assert [(c.action, c.address) for c in plan.changes] == [("delete", "p:i#e01")]
    assert [c.action for c in destroy(site).changes] == ["delete", "forget"]


def test_destroy_with_another_number_than_the_plans_is_refused(site):
    assert reasons(destroy(site, allow_deletes=3)) == ["deletions"]
    assert not reasons(destroy(site, allow_deletes=22))


def test_destroy_leaves_a_project_that_nobody_looked_into(site):
    live = site.live(site.find("p").id)
    plan = destroy_plan(site.base, live, site.contract, options())
    assert not plan.writes
    assert plan.conflicts


def digest(site, wish, **more):
    return site.plan(wish, **more).live_digest


def test_the_digest_follows_what_the_plan_rests_on_and_nothing_else(site):
    site.settle(state(project("p", page("i", *map(element, NAMES)), page("j", element("x")))))
    wish = state(project("p", page("i", *map(element, [*NAMES, "new"])), page("j", element("x"))))
    before = digest(site, wish)
    other = site.copy()
    other.update(other.find("p:j#x").id, content="elsewhere")
    other.update(other.find("p:j#x").id, content=None)
    assert digest(other, wish) == before
    other.create("element", {"name": "t", "type": "t"}, scope=other.find("p:j").id)
    assert digest(other, wish) == before
    other.create("element", {"name": "t", "type": "t"}, scope=other.find("p:i").id)
    assert digest(other, wish) != before


def test_the_digest_holds_the_whole_subtree_of_what_goes():
    site = Site()
    site.settle(state(project("p", page("i", element("a", element("in"))))))
    wish = state(project("p", page("i")))
    before = digest(site, wish)
    site.update(site.find("p:i#a/in").id, visible=False)
    assert digest(site, wish) != before


def test_the_digest_holds_what_was_decided_and_the_list_of_projects(site):
    assert digest(Site(), many("a")) == digest(Site(), many("b"))
    other = Site()
    other.create("project", {"slug": "q", "name": "Other"})
    assert digest(other, many("a")) != digest(Site(), many("a"))
    before = digest(site, many(*NAMES))
    site.update(site.find("p:i#e00").id, content="theirs")
    assert digest(site, many(*NAMES)) == before  # kept, and not touched
    wish = state(project("p", page("i", element("e00", content="ours"))))
    decided = site.plan(wish, on_conflict="keep-live").live_digest
    site.update(site.find("p:i#e00").id, content="theirs anew")
    assert site.plan(wish, on_conflict="keep-live").live_digest != decided
