"""Every request and every line of the journal is made to fail, or to be the process's last."""

from functools import cache

import pytest

from cfsync.model.base import Settle
from cfsync.model.values import ABSENT, Made

FAILURES = ("400", "500-before", "500-after", "lost-before", "lost-after", "raise-before")


def big(world):
    """About thirty writes with every action on pages old and new; what was there before."""
    site, plan = world.site, world.plan_writes
    project = site.add("project", name="Site", slug="site", status="draft")
    home = site.add("page", project, name="Home", slug="index", seo={"title": "old"})
    gone = site.add("page", project, name="Gone", slug="gone")
    site.add("element", gone, None, 1024, name="inner", type="section")
    hero = site.add("element", home, None, 1024, name="hero", type="section", props={"a": 1})
    card = site.add("element", home, hero, 1, name="card", type="container", props={"to": gone})
    old = site.add("element", home, None, 2048, name="old", type="section")
    kid = site.add("element", home, old, 1, name="kid", type="text", content="kid")
    deep = site.add("element", home, kid, 1, name="deep", type="text", content="deep")
    site.edit(kid, props={"see": deep})
    swap = site.add("element", home, None, 4096, name="swap", type="text", content="keep me")
    child = site.add("element", home, swap, 1, name="child", type="text", content="c")
    site.add("element", home, None, 9000, name="foreign", type="text", content="not ours")
    world.settle_base(
        world.row(hero, "site:index#hero"),
        world.row(card, "site:index#hero/card"),
        world.row(old, "site:index#old"),
        world.row(kid, "site:index#old/kid"),
        world.row(gone, "site:gone"),
    )

    page = plan.create("page", project, "site:new", name="New", slug="new", status="draft")
    tops = [
        plan.create("element", Made(page), f"site:new#s{n}", name=f"s{n}", type="section",
                    parentId=None, position=1024 * n)
        for n in range(4)
    ]  # fmt: skip
    for n, top in enumerate(tops):
        plan.create("element", Made(page), f"site:new#s{n}/t", name="t", type="text",
                    parentId=Made(top), position=1, content=f"text {n}",
                    props={"page": Made(page)}, waits=(page,))  # fmt: skip
    for n in range(4):
        plan.create("element", home, f"site:index#twin[{n + 1}]", name="twin", type="text",
                    parentId=None, position=5000 + n)  # fmt: skip
    settle = Settle("site:index#hero", {"name": "hero", "props": {"a": 2, "b": 3}})
    plan.update(
        hero,
        "site:index#hero",
        [(("props", "a"), 1, 2), (("props", "b"), ABSENT, 3), (("content",), None, "hi")],
        settle=settle,
    )
    plan.update(card, "site:index#hero/card", [(("position",), 1, 7)])
    plan.update(home, "site:index", [(("seo", "title"), "old", "new")])
    temporary = plan.update(gone, "site:gone", [(("slug",), "gone", "cfsync-tmp")])
    plan.create("page", project, "site:gone", waits=(temporary,), name="Again", slug="gone")
    replaced = plan.create("element", home, "site:index#swap", name="swap", type="button",
                           parentId=None, position=4096)  # fmt: skip
    moved = plan.update(child, "site:index#swap/child", [(("parentId",), swap, Made(replaced))],
                        waits=(replaced,))  # fmt: skip
    plan.update(Made(page), "site:new", [(("status",), "draft", "published")], kind="page",
                scope=project, waits=tuple(tops))  # fmt: skip
    plan.delete(old, "site:index#old")
    plan.delete(swap, "site:index#swap", waits=(moved,))
    plan.delete(gone, "site:gone", waits=(temporary,))
    return site.shape()


def settled(world):
    """The base without ids and times, which a recreated resource cannot keep."""
    site = world.site
    rows = world.base().values()
    known = [row for row in rows if row.id in site.items]
    assert len(known) == len(list(rows)), "the base knows resources that are not there"
    return sorted((row.kind, row.address, row.position, row.sent["name"]) for row in rows)


@cache
def after(new_world):
    world = new_world()
    big(world)
    assert world.apply().status == "applied"
    return world.site.shape(), settled(world), world.site.sent, world.journal.appends


def test_the_big_plan_is_applied(new_world):
    _, rows, sent, appends = after(new_world)

    assert sent > 20
    assert appends > 40
    assert ("element", "site:index#hero", 1024, "hero") in rows


@pytest.mark.parametrize("fault", FAILURES)
def test_one_failing_request_ends_with_the_site_as_before_or_as_wanted(fault, new_world):
    done, done_rows, sent, _ = after(new_world)
    for number in range(sent):
        world = new_world()
        before = big(world)
        before_rows = settled(world)
        world.site.faults = {number: fault}

        result = world.apply()

        if result.status == "applied":
            assert (world.site.shape(), settled(world)) == (done, done_rows), number
            assert fault not in ("400", "raise-before")
        else:
            assert (number, result.status, result.left) == (number, "undone", ())
            assert result.failed_address
            assert result.failure is not None
            assert (world.site.shape(), settled(world)) == (before, before_rows), number
            assert fault in ("400", "raise-before")


@pytest.mark.parametrize(
    ("when", "direction"), [("before", "undo"), ("before", "forward"), ("after", None)]
)
def test_a_crash_at_any_line_is_recovered(when, direction, new_world, crash):
    done, done_rows, _, appends = after(new_world)
    for number in range(1, appends):
        world = new_world()
        before = big(world)
        before_rows = settled(world)
        with pytest.raises(crash):
            world.apply(crash=(number, when))
        if world.store.tail(world.store.keys()[0]).record.kind == "RUN_END":
            continue

        result = world.recover(direction=direction)

        expected = {"applied": (done, done_rows), "undone": (before, before_rows)}
        assert result.status in expected, (number, result)
        assert (world.site.shape(), settled(world)) == expected[result.status], number


@pytest.mark.parametrize("fault", ["crash-before", "crash-after"])
@pytest.mark.parametrize("direction", ["undo", "forward"])
def test_a_crash_at_any_request_is_recovered(fault, direction, new_world, crash):
    done, done_rows, sent, _ = after(new_world)
    for number in range(sent):
        world = new_world()
        before = big(world)
        before_rows = settled(world)
        world.site.faults = {number: fault}
        with pytest.raises(crash):
            world.apply()

        result = world.recover(direction=direction)

        wanted = (done, done_rows) if direction == "forward" else (before, before_rows)
        assert result.status == ("applied" if direction == "forward" else "undone"), number
        assert (world.site.shape(), settled(world)) == wanted, number


@pytest.mark.parametrize("fault", ["crash-before", "crash-after", "lost-after", "500-before"])
def test_a_crash_or_failure_at_any_request_of_an_undo_is_recovered(fault, new_world, crash):
    _, _, sent, _ = after(new_world)
    for number in range(sent, sent + 45):
        world = new_world()
        before = big(world)
        before_rows = settled(world)
        world.site.faults = {sent - 1: "400", number: fault}
        try:
            result = world.apply()
        except crash:
            result = world.recover()

        assert (number, result.status, result.left) == (number, "undone", ())
        assert (world.site.shape(), settled(world)) == (before, before_rows), number


def test_a_crash_at_any_line_of_a_recovery_is_recovered(new_world, crash):
    _, _, sent, _ = after(new_world)
    number = 0
    while True:
        world = new_world()
        before = big(world)
        before_rows = settled(world)
        world.site.faults = {sent - 1: "crash-after"}
        with pytest.raises(crash):
            world.apply()
        try:
            result = world.recover(direction="undo", crash=(number, "before"))
        except crash:
            recorded = "UNDO_BEGIN" in world.kinds()
            if world.kinds()[-1] != "RUN_END":  # a direction, once recorded, is kept
                result = world.recover(direction="forward" if recorded else "undo")
        else:
            break

        assert (number, result.status) == (number, "undone")
        assert (world.site.shape(), settled(world)) == (before, before_rows), number
        number += 1
    assert number > 40
