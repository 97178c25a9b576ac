"""What a run made without knowing it is named, and what it cannot take back yet is tried again."""

import pytest

from cfsync.model.values import Made


def refused_last(world, small):
    last = len(world.plan_writes.writes)
    waits = tuple(range(last))
    world.plan_writes.update(small.kid, "last", [(("content",), "kid", "x")], waits=waits)
    world.site.faults[last] = "400"
    return last


def test_a_create_carried_out_twice_names_its_address_and_undo_names_the_one_that_is_left(
    world, small
):
    world.plan_writes.create(
        "element", small.page, "site:index#x", name="x", type="text", parentId=None, position=1
    )
    world.site.faults = {0: "twice"}

    result = world.apply()
    assert (result.status, result.failed_address) == ("waiting", "site:index#x")

    result = world.recover()

    assert result.status == "stopped"
    [left] = result.left
    assert (left.address, "more than once" in left.why) == ("site:index#x", True)
    assert left.id in world.site.items
    assert sum(item.fields["name"] == "x" for item in world.site.items.values()) == 1


def test_what_undo_made_again_twice_is_named(world, small):
    world.plan_writes.delete(small.old, "site:index#old")
    world.plan_writes.delete(small.card, "site:index#hero/card", waits=(0,))
    world.site.faults = {1: "400", 2: "twice"}

    result = world.apply()

    assert result.status == "stopped"
    [left] = result.left
    assert "made again more than once" in left.why
    assert world.site.items[left.id].fields["name"] == "old"


def test_a_parent_waits_for_a_child_whose_undo_was_refused(world, small):
    before = world.site.shape()
    parent = world.plan_writes.create(
        "element", small.page, "site:index#x", name="x", type="section", parentId=None, position=1
    )
    world.plan_writes.create(
        "element", small.page, "site:index#x/y", name="y", type="text", parentId=Made(parent),
        position=1,
    )  # fmt: skip
    last = refused_last(world, small)
    world.site.faults[last + 1] = "403"

    result = world.apply()

    assert result.status == "waiting"
    assert {left.address for left in result.left} == {"site:index#x", "site:index#x/y"}
    assert world.recover().status == "undone"
    assert world.site.shape() == before


def test_recover_waits_before_it_looks_for_what_an_undo_had_under_way(world, small, crash):
    world.plan_writes.delete(small.old, "site:index#old")
    world.plan_writes.delete(small.card, "site:index#hero/card", waits=(0,))
    world.site.faults = {1: "400", 2: "crash-before"}
    with pytest.raises(crash):
        world.apply()
    slept = sum(world.clock.slept)

    assert world.recover().status == "undone"
    assert sum(world.clock.slept) - slept >= world.environment.timeout


def test_a_run_that_fails_before_its_last_look_names_what_was_made_twice(world, small):
    world.plan_writes.create(
        "element", small.page, "site:index#x", name="x", type="text", parentId=None, position=1
    )
    last = refused_last(world, small)
    world.site.faults |= {0: "twice", last: "400"}

    result = world.apply()

    assert result.status == "stopped"
    [left] = result.left
    assert (left.address, world.site.items[left.id].fields["name"]) == ("site:index#x", "x")
