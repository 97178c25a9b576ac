"""A write whose turn comes late rests on nothing: it is looked at again before it is sent."""

from cfsync.model.run import TOO_OLD
from cfsync.model.values import Made


def test_what_had_to_wait_is_read_again_and_sent(world, small):
    world.plan_writes.update(small.hero, "site:index#hero", [(("props", "a"), 1, 2)])
    world.site.faults = {0: TOO_OLD}

    result = world.apply()

    assert (result.status, world.site.sent) == ("applied", 2)
    assert [record.body["result"] for record in world.events() if record.kind == "OUTCOME"] == [
        "not_done", "done",
    ]  # fmt: skip


def test_what_a_designer_changed_while_it_waited_is_a_conflict(world, small):
    world.plan_writes.update(small.hero, "site:index#hero", [(("props", "a"), 1, 2)])
    world.site.faults = {0: TOO_OLD}

    def meanwhile():
        world.clock.time += 2 * world.environment.guard_age
        world.site.edit(small.hero, props={"a": 7})

    world.site.on_write[0] = meanwhile

    result = world.apply()

    assert (result.status, result.failure.code) == ("undone", "conflict")
    assert world.site.items[small.hero].fields["props"] == {"a": 7}


def test_it_may_wait_for_as_long_as_a_reading_holds_and_each_time_for_twice_as_long(world, small):
    world.plan_writes.update(small.hero, "site:index#hero", [(("props", "a"), 1, 2)])
    world.site.faults = {0: TOO_OLD, 1: TOO_OLD}
    begun = world.clock.monotonic()

    world.apply()

    age = world.environment.guard_age
    assert [by - begun for by in world.site.leave_by] == [age, 2 * age, 4 * age]


def test_what_stands_in_what_this_run_made_is_simply_sent_later(world, small):
    page = world.plan_writes.create("page", small.project, "site:a", name="A", slug="a")
    world.plan_writes.create(
        "element", Made(page), "site:a#x", name="x", type="text", parentId=None, position=1
    )
    world.site.faults = {1: TOO_OLD}

    assert world.apply().status == "applied"
    assert world.site.sent == 3


def test_undo_looks_again_too(world, small):
    world.plan_writes.update(small.hero, "site:index#hero", [(("props", "a"), 1, 2)])
    world.plan_writes.create(
        "element", small.page, "site:index#new", name="new", type="text", parentId=None,
        position=9000,
    )  # fmt: skip
    world.plan_writes.update(small.kid, "last", [(("content",), "kid", "x")], waits=(0, 1))
    world.site.faults = {2: "400", 3: TOO_OLD, 4: TOO_OLD}
    before = world.site.shape()

    result = world.apply()

    assert (result.status, world.site.sent) == ("undone", 7)
    assert world.site.shape() == before
