"""A deletion that a person gave to the site is not asked about again while it is asked for."""

import pytest
from support.model_site import Site, element, ignore, page, project, state

from cfsync.model.base import DropBase

GONE = state(project("p", page("index"), page("old", delete=True)))
MIRROR = state(project("p", page("index"), manage="mirror"))


@pytest.fixture
def site():
    """A page `old` that the designer edited since, and an element in it."""
    site = Site()
    site.settle(state(project("p", page("index"), page("old", element("a")))))
    site.update(site.find("p:old").id, name="Theirs")
    return site


def give_to_the_site(site, wish):
    assert [one.what for one in site.plan(wish).conflicts] == ["delete"]
    plan = site.plan(wish, on_conflict="keep-live")
    assert [(one.what, one.decided) for one in plan.kept] == [("delete", True)]
    assert not plan.writes
    site.apply(plan)


@pytest.mark.parametrize("wish", [GONE, MIRROR], ids=["delete: true", "manage: mirror"])
@pytest.mark.parametrize("side", ["fail", "keep-live", "take-config"])
def test_the_answer_stands_whatever_is_said_of_other_conflicts(site, wish, side):
    give_to_the_site(site, wish)
    plan = site.plan(wish, on_conflict=side)
    assert (plan.conflicts, plan.kept, plan.refusals) == ((), (), ())
    assert (plan.writes, plan.settlements) == ((), ())
    assert plan.summary.unmanaged == 2


def test_an_answer_about_what_nobody_owned_stands_as_well(site):
    site.create("page", {"slug": "theirs", "name": "Theirs"}, scope=site.find("p").id)
    wish = state(project("p", page("index"), page("theirs", delete=True), manage="add"))
    give_to_the_site(site, wish)
    assert not site.plan(wish).conflicts


def test_what_is_no_longer_asked_is_asked_anew_later(site):
    give_to_the_site(site, GONE)
    silent = site.plan(state(project("p", page("index"))))
    assert silent.settlements == (DropBase(site.find("p:old").id),)
    site.apply(silent)
    assert [one.reason for one in site.plan(GONE).conflicts] == ["no-base"]


def test_what_is_declared_again_is_owned_again(site):
    give_to_the_site(site, GONE)
    plan = site.plan(state(project("p", page("index"), page("old", name="Theirs"))))
    assert [(one.action, one.address) for one in plan.changes] == [("adopt", "p:old")]
    site.apply(plan)
    assert not site.base.rows[site.find("p:old").id].let_go


def test_what_stands_below_is_not_mirrored_away_either_unless_it_is_owned(site):
    give_to_the_site(site, MIRROR)
    site.update(site.find("p:old#a").id, name="theirs")
    assert not site.plan(MIRROR).writes


def test_an_answer_is_forgotten_with_what_it_was_about(site):
    give_to_the_site(site, GONE)
    id_ = site.find("p:old").id
    site.delete(id_)
    assert site.plan(GONE).settlements == (DropBase(id_),)


def test_what_is_ignored_altogether_is_owned_all_the_same(site):
    rules = (ignore("old"),)
    wish = state(project("p", page("index"), page("old", element("a")), ignore=rules))
    fresh = Site(site.items, clock=site.clock)
    fresh.settle(wish)
    row = fresh.base.rows[site.find("p:old").id]
    assert row.sent == {}
    assert not row.let_go
    assert not fresh.plan(wish).changes
