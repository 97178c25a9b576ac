"""In which order requests are sent, and what waits for what."""

from support.model_site import Site, element, page, project, state

from cfsync.model.values import Made


def settled(config):
    site = Site()
    site.settle(config)
    return site


def pages(*entries):
    """`slug` or `slug<former`."""
    split = [entry.partition("<") for entry in entries]
    declared = [page(s, **({"renamed_from": f} if sign else {})) for s, sign, f in split]
    return state(project("p", *declared))


def sent(plan):
    return [(write.verb, slug_of(write), write.purpose) for write in plan.writes]


def slug_of(write):
    return next((e.after for e in write.edits if e.path == ("slug",)), write.address)


def test_a_chain_of_renames_begins_at_its_free_end():
    site = settled(pages("a", "b", "c"))
    plan = site.plan(pages("b<a", "c<b", "d<c"))
    assert sent(plan) == [("update", "d", ""), ("update", "c", ""), ("update", "b", "")]
    assert [w.waits for w in plan.writes] == [(), (0,), (1,)]
    site.apply(plan)


def test_a_chain_of_renames_is_not_gone_along_twice():
    site = settled(pages("a", "b", "c"))
    wish = pages("b<a", "c<b", "d<c")
    ids = [site.find(f"p:{slug}").id for slug in "abc"]
    site.settle(wish)
    assert [site.find(f"p:{slug}").id for slug in "bcd"] == ids
    again = site.plan(wish)
    assert not (again.changes)
    assert not (again.settlements)


def test_a_former_name_that_another_still_has_is_no_chain():
    site = settled(pages("a", "b"))
    assert [(c.action, c.address) for c in site.plan(pages("a", "b", "c<b")).changes] == [
        ("create", "p:c")
    ]
    assert not site.plan(pages("b<a", "a<b")).changes


def swapped(*slugs):
    """A site where designers gave each page the slug of the next one, and Git wins."""
    site = settled(pages(*slugs))
    ids = [site.find(f"p:{slug}").id for slug in slugs]
    for id_ in ids:
        site.update(id_, slug=f"{id_.replace('_', '-')}")
    for id_, slug in zip(ids, [*slugs[1:], slugs[0]], strict=True):
        site.update(id_, slug=slug)
    return site


def overwriting(*slugs):
    return state(project("p", *map(page, slugs), live_edits="overwrite"))


def test_a_circle_of_renames_goes_over_one_temporary_slug():
    site = swapped("a", "b", "c")
    plan = site.plan(overwriting("a", "b", "c"))
    assert sent(plan)[0] == ("update", "b-moving", "temporary-slug")
    assert len(plan.writes) == 4
    assert plan.writes[0].settle is None
    assert plan.writes[-1].edits[0].before == "b-moving"
    assert {change.edits[0].before for change in plan.changes} == {"a", "b", "c"}
    site.apply(plan)
    assert not site.plan(overwriting("a", "b", "c")).settlements


def test_a_temporary_slug_is_one_that_nobody_has():
    site = swapped("a", "b")
    site.create("page", {"slug": "b-moving", "name": "Theirs"}, scope=site.find("p").id)
    plan = site.plan(overwriting("a", "b"))
    assert sent(plan)[0][1] == "b-moving-2"
    site.apply(plan)


def test_a_slug_of_a_page_that_goes_is_freed_first():
    site = settled(state(project("p", page("old", element("x")), page("b"))))
    site.update(site.find("p:old").id, slug="taken")
    wish = state(project("p", page("taken", renamed_from="b")))
    plan = site.plan(wish, on_conflict="take-config")
    assert sent(plan)[0] == ("update", "taken-moving", "temporary-slug")
    assert [w.verb for w in plan.writes] == ["update", "update", "delete"]
    assert plan.writes[-1].subtree.item.fields["slug"] == "taken-moving"
    site.apply(plan)
    assert site.names("p") == ["taken"]
    assert not site.plan(wish).changes


def test_a_slug_that_the_site_keeps_is_a_conflict():
    site = settled(pages("a"))
    site.update(site.find("p:a").id, slug="b")
    plan = site.plan(pages("a", "b"))
    assert [(c.reason, c.address, c.others) for c in plan.conflicts] == [("taken", "p:b", ("p:b",))]
    assert not plan.writes


def test_a_rename_to_a_slug_that_others_have_is_a_conflict():
    site = settled(pages("a", "c"))
    site.create("page", {"slug": "b", "name": "Theirs"}, scope=site.find("p").id)
    wish = state(project("p", page("x", renamed_from="a"), page("c")))
    site.settle(wish)
    site.update(site.find("p:x").id, slug="y")
    site.update(site.find("p:c").id, slug="x")
    site.update(site.find("p:b").id, slug="c")
    plan = site.plan(state(project("p", page("x"), page("c"), live_edits="overwrite")))
    assert [(c.address, c.others) for c in plan.conflicts] == [("p:c", ("p:c",)), ("p:x", ("p:x",))]
    assert not plan.writes


def test_something_new_is_published_by_the_last_request_of_its_subtree():
    inner = page("a", element("x", element("y")), element("z"), status="published")
    plan = Site().plan(state(project("p", inner, page("b", element("w")), status="published")))
    by = {(w.address, w.purpose): w for w in plan.writes}
    publish_page, publish = by["p:a", "publish"], by["p", "publish"]
    assert publish_page.edits[0].before == "draft"
    assert publish_page.edits[0].after == "published"
    assert publish_page.target == Made(by["p:a", ""].number)
    assert set(publish_page.waits) == {
        by["p:a", ""].number,
        by["p:a#x/y", ""].number,
        by["p:a#z", ""].number,
    }
    assert set(publish.waits) == {0, publish_page.number, by["p:b#w", ""].number}
    assert plan.writes[-1] is publish
    assert by["p:a", ""].body["status"] == "draft"
    assert by["p:a", ""].settle.sent["status"] == "draft"


def test_a_page_below_a_project_that_is_there_is_published_alone():
    site = settled(state(project("p", status="published")))
    plan = site.plan(state(project("p", page("a", status="published"), status="published")))
    assert [(w.verb, w.purpose) for w in plan.writes] == [("create", ""), ("update", "publish")]


def test_deletes_come_last_and_wait_for_everything_once():
    site = settled(state(project("p", page("i", element("a"), element("b"), element("c")))))
    plan = site.plan(state(project("p", page("i", element("a", content="x"), element("d")))))
    assert [w.verb for w in plan.writes] == ["update", "create", "delete", "delete"]
    assert plan.writes[2].waits == (0, 1)
    assert plan.writes[3].waits == (2,)


def test_waits_stay_proportional_to_the_plan():
    site = settled(state(project("p", page("i", *(element(f"old{n}") for n in range(200))))))
    plan = site.plan(
        state(project("p", page("i", *(element(f"new{n}") for n in range(200))), page("j")))
    )
    assert sum(len(write.waits) for write in plan.writes) < 2 * len(plan.writes)
    assert all(wait < write.number for write in plan.writes for wait in write.waits)
