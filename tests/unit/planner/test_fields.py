"""Three-way verdicts on fields."""

import pytest
from support.model_site import Site, element, ignore, page, project, state

from cfsync.model.values import ABSENT


def config(*, live_edits="keep", ignored=(), **fields):
    top = page("index", element("a", **fields))
    return state(project("p", top, live_edits=live_edits, ignore=ignored))


def site_of(**fields):
    site = Site()
    site.settle(config(**fields))
    return site


def edit(site, **fields):
    site.update(site.find("p:index#a").id, **fields)
    return site


def live(site, name="content"):
    return site.find("p:index#a").fields[name]


SENT, MINE, THEIRS = "sent", "mine", "theirs"


@pytest.mark.parametrize(
    ("desired", "now", "live_edits", "verdict"),
    [
        (SENT, SENT, "keep", "same"),
        (MINE, SENT, "keep", "update"),
        (SENT, THEIRS, "keep", "kept"),
        (SENT, THEIRS, "overwrite", "update"),
        (MINE, MINE, "keep", "settle"),
        (MINE, THEIRS, "keep", "both-changed"),
        (MINE, THEIRS, "overwrite", "update"),
    ],
)
def test_who_changed_decides(desired, now, live_edits, verdict):
    site = edit(site_of(content=SENT), content=now)
    plan = site.plan(config(content=desired, live_edits=live_edits))
    found = {
        "update": bool(plan.writes),
        "kept": bool(plan.kept),
        "settle": bool(plan.settlements),
        "both-changed": any(one.reason == "both-changed" for one in plan.conflicts),
    }
    assert [name for name, is_so in found.items() if is_so] == (
        [] if verdict == "same" else [verdict]
    )


def test_an_update_tells_before_after_and_settled():
    plan = site_of(content=SENT).plan(config(content=MINE))
    (change,) = plan.changes
    assert change.action == "update"
    (edit_,) = change.edits
    assert (edit_.path, edit_.before, edit_.after, edit_.settled) == (
        ("content",),
        SENT,
        MINE,
        SENT,
    )
    assert plan.writes[0].edits == change.edits


def test_a_kept_edit_stays_reported_and_can_be_given_up():
    site = edit(site_of(content=SENT), content=THEIRS)
    site.settle(config(content=SENT))
    plan = site.plan(config(content=SENT))
    assert plan.kept[0].edits[0].before == THEIRS
    assert plan.kept[0].edits[0].after == SENT
    assert plan.summary.keep_live == 1


def test_a_conflict_given_to_the_site_is_not_asked_twice():
    site = edit(site_of(content=SENT), content=THEIRS)
    site.settle(config(content=MINE), on_conflict="keep-live")
    plan = site.plan(config(content=MINE))
    assert live(site) == THEIRS
    assert not (plan.conflicts)
    assert not (plan.kept)
    assert not (plan.writes)


def test_a_conflict_given_to_the_configuration_is_written():
    site = edit(site_of(content=SENT), content=THEIRS)
    site.settle(config(content=MINE), on_conflict="take-config")
    assert live(site) == MINE


def test_the_conflicts_refusal_names_the_ways_out():
    site = edit(site_of(content=SENT), content=THEIRS)
    (refusal,) = site.plan(config(content=MINE)).refusals
    assert refusal.reason == "conflict"
    assert refusal.message == (
        "1 conflict has to be decided: the site and the configuration disagree about p:index#a"
    )
    assert "--on-conflict keep-live" in refusal.next_step
    assert refusal.addresses == ("p:index#a",)


def test_objects_merge_by_key_and_only_the_declared_keys_are_ours():
    site = edit(site_of(props={"mine": 1}), props={"mine": 1, "theirs": 2})
    plan = site.plan(config(props={"mine": 3}))
    assert [e.path for e in plan.writes[0].edits] == [("props", "mine")]
    site.apply(plan)
    assert live(site, "props") == {"mine": 3, "theirs": 2}


def test_a_key_that_is_no_longer_declared_is_removed():
    site = site_of(props={"a": 1, "b": 2})
    plan = site.plan(config(props={"a": 1}))
    assert plan.writes[0].edits[0].after is ABSENT
    site.apply(plan)
    assert live(site, "props") == {"a": 1}
    assert not site.plan(config(props={"a": 1})).settlements


def test_an_empty_object_gives_up_the_keys_and_asks_for_an_object():
    site = site_of(props={"a": 1})
    site.settle(config(props={}))
    assert live(site, "props") == {}
    edit(site, props={"theirs": 1})
    plan = site.plan(config(props={}))
    assert not (plan.writes)
    assert not (plan.kept)
    assert not site.plan(config()).writes


def test_an_empty_object_where_there_is_none_is_written():
    site = site_of(props={"a": None})
    edit(site, props=None)
    site.settle(config(props={}), on_conflict="take-config")
    assert live(site, "props") == {}


def test_a_field_that_is_no_longer_declared_goes_back_to_its_default():
    site = site_of(content="x")
    plan = site.plan(config())
    assert plan.writes[0].edits[0].after is None
    site.apply(plan)
    assert live(site) is None
    assert not site.plan(config()).settlements


@pytest.mark.parametrize(("decision", "expected"), [("keep-live", "theirs"), ("take-config", None)])
def test_a_dropped_field_that_the_site_changed_is_a_conflict(decision, expected):
    site = edit(site_of(content=SENT), content=THEIRS)
    assert site.plan(config()).conflicts[0].edits[0].after is None
    site.settle(config(), on_conflict=decision)
    assert live(site) == expected
    again = site.plan(config())
    assert not (again.conflicts)
    assert not (again.writes)
    assert not (again.kept)


def test_a_dropped_field_that_the_site_dropped_too_is_settled():
    site = edit(site_of(content=SENT), content=None)
    plan = site.plan(config())
    assert not (plan.writes)
    assert not (plan.conflicts)
    assert plan.settlements


def test_a_scalar_becomes_an_object_and_back():
    site = site_of(props={"a": 1})
    site.settle(config(props={"a": {"b": 2, "c": 3}}))
    assert live(site, "props") == {"a": {"b": 2, "c": 3}}
    site.settle(config(props={"a": [1]}))
    assert live(site, "props") == {"a": [1]}
    assert not site.plan(config(props={"a": [1]})).settlements


def test_a_field_newly_declared_on_something_owned_is_written_where_nobody_set_it():
    site = site_of()
    site.settle(config(content="x", visible=False, props={"a": 1}))
    assert live(site) == "x"
    assert live(site, "visible") is False


def test_a_field_newly_declared_that_the_site_has_set_is_a_conflict():
    site = edit(site_of(), content=THEIRS)
    (conflict,) = site.plan(config(content=MINE)).conflicts
    assert conflict.reason == "no-base"


def test_booleans_are_no_numbers_and_one_is_one_point_nought():
    site = site_of(props={"a": 1, "b": [1, {"c": True}]})
    assert not site.plan(config(props={"a": 1.0, "b": [1, {"c": True}]})).writes
    plan = site.plan(config(props={"a": True, "b": [True, {"c": 1}]}))
    assert [e.path for e in plan.writes[0].edits] == [("props", "a"), ("props", "b")]
    edit(site, props={"a": True, "b": [1, {"c": True}]})
    assert site.plan(config(props={"a": 1, "b": [1, {"c": True}]})).kept


def test_null_is_not_absent():
    site = site_of(props={"a": None})
    plan = site.plan(config(props={}))
    assert plan.writes[0].edits[0].after is ABSENT


def test_a_value_that_the_server_trimmed_does_not_come_back():
    site = site_of(content="  x ")
    row = site.base.rows[site.find("p:index#a").id]
    row.stored["content"] = "x"
    edit(site, content="x")
    assert not site.plan(config(content="  x ")).writes
    edit(site, content="y")
    assert site.plan(config(content="  x ")).kept


def test_a_key_that_the_server_dropped_does_not_come_back():
    site = site_of(props={"a": 1})
    del site.base.rows[site.find("p:index#a").id].stored["props"]
    edit(site, props={})
    plan = site.plan(config(props={"a": 1}))
    assert not (plan.writes)
    assert not (plan.kept)
    assert not (plan.settlements)


@pytest.mark.parametrize("live_edits", ["keep", "overwrite"])
def test_no_base_and_different_is_asked_unless_git_wins(live_edits):
    site = edit(site_of(content=SENT), content=THEIRS)
    fresh = Site(site.items, clock=site.clock)
    plan = fresh.plan(config(content=SENT, live_edits=live_edits))
    assert plan.has_base is False
    if live_edits == "overwrite":
        assert [w.edits[0].path for w in plan.writes] == [("content",)]
    else:
        assert [c.reason for c in plan.conflicts] == ["no-base"]
        fresh.settle(config(content=SENT), on_conflict="keep-live")
        assert live(fresh) == THEIRS
        assert not fresh.plan(config(content=SENT)).conflicts


def test_an_ignored_field_is_sent_once_and_never_again():
    rules = (ignore("index#a", "content", "props.color"),)
    first = config(content="x", props={"color": "red", "size": 1}, ignored=rules)
    site = Site()
    site.settle(first)
    assert live(site) == "x"
    edit(site, content="theirs", props={"color": "blue", "size": 1})
    plan = site.plan(config(content="y", props={"color": "green", "size": 2}, ignored=rules))
    assert [e.path for e in plan.writes[0].edits] == [("props", "size")]
    assert plan.summary.ignored == 2
    site.apply(plan)
    assert not site.plan(config(props={"size": 2}, ignored=rules)).writes


def test_a_rule_without_fields_ignores_them_all():
    rules = (ignore("index#**"),)
    site = edit(site_of(content="x"), content="theirs")
    plan = site.plan(config(content="y", ignored=rules))
    assert not (plan.writes)
    assert not (plan.kept)
    assert not (plan.conflicts)
    fresh = Site(site.items, clock=site.clock)
    fresh.settle(config(content="y", ignored=rules))
    assert fresh.base.rows[fresh.find("p:index#a").id].sent == {}


def test_protection_stays_in_the_journal_when_the_block_is_removed():
    site = Site()
    site.settle(state(project("p", page("index", protect=True))))
    site.settle(state(project("p", page("index", seo={"title": "x"}))))
    assert site.base.rows[site.find("p:index").id].protect


def test_protection_that_is_new_is_settled_without_a_request():
    site = Site()
    site.settle(state(project("p", page("index"))))
    plan = site.plan(state(project("p", page("index", protect=True))))
    assert not plan.writes
    site.apply(plan)
    assert site.base.rows[site.find("p:index").id].protect
