"""Going on with a run that a crash cut off, or that was stopped on purpose."""

import asyncio

import pytest

from cfsync.applier.apply import recover
from cfsync.model.values import Made


def crashed(world, crash, at=(4, "after")):
    with pytest.raises(crash):
        world.apply(crash=at)


def pages(world, small, count=3):
    for n in range(count):
        world.plan_writes.create("page", small.project, f"p{n}", name="P", slug=f"p{n}")


def test_without_a_word_a_crashed_run_is_undone(world, small, crash):
    pages(world, small)
    before = world.site.shape()
    crashed(world, crash)

    assert (world.recover().status, world.site.shape()) == ("undone", before)


def test_a_crash_before_the_first_intent_is_undone_without_a_request(world, small, crash):
    pages(world, small)
    crashed(world, crash, (1, "after"))

    result = world.recover()

    assert (result.status, result.intents, world.site.sent) == ("undone", 0, 0)


def test_a_plan_that_was_not_written_down_whole_cannot_go_forward(world, small, crash):
    pages(world, small)
    crashed(world, crash, (1, "before"))

    assert world.recover(direction="forward").status == "undone"


def test_once_deletes_have_started_recover_goes_forward(world, small, crash):
    pages(world, small)
    world.plan_writes.delete(small.old, "o")
    world.site.faults = {3: "crash-after"}
    crashed(world, crash, (None, ""))

    assert world.recover().status == "applied"
    assert small.old not in world.site.items


def test_a_person_may_ask_for_an_undo_even_then(world, small, crash):
    pages(world, small)
    world.plan_writes.delete(small.old, "o")
    before = world.site.shape()
    world.site.faults = {3: "crash-after"}
    crashed(world, crash, (None, ""))

    assert (world.recover(direction="undo").status, world.site.shape()) == ("undone", before)


def test_an_undo_that_began_goes_on_whatever_is_asked(world, small, crash):
    pages(world, small)
    before = world.site.shape()
    world.site.faults = {2: "400", 3: "crash-after"}
    crashed(world, crash, (None, ""))

    result = world.recover(direction="forward")

    assert (result.status, world.site.shape()) == ("undone", before)


def test_a_request_that_a_crash_left_under_way_is_waited_for_until_its_deadline(
    world, small, crash
):
    pages(world, small, 1)
    world.site.faults = {0: "crash-after"}
    crashed(world, crash, (None, ""))

    world.recover(direction="forward")

    settle, timeout = world.environment.settle, world.environment.timeout
    assert sum(world.clock.slept) == pytest.approx(settle + timeout)
    assert len([i for i in world.site.items.values() if i.kind == "page"]) == 2


def test_on_loopback_only_settle_is_waited_for(new_world, crash):
    world = new_world(settle=1.0)
    project = world.site.add("project", name="Site", slug="site")
    world.plan_writes.create("page", project, "p", name="P", slug="p")
    world.site.faults = {0: "crash-after"}
    crashed(world, crash, (None, ""))

    world.recover(direction="forward")

    assert sum(world.clock.slept) == 1.0


def test_twins_that_a_crash_left_open_are_told_apart(world, small, crash):
    for n in range(3):
        world.plan_writes.create(
            "element", small.page, f"t{n}", name="twin", type="text", parentId=None, position=n
        )
    world.site.faults = {2: "crash-after"}
    crashed(world, crash, (None, ""))

    assert world.recover(direction="forward").status == "applied"
    twins = [i.position for i in world.site.items.values() if i.fields.get("name") == "twin"]
    assert sorted(twins) == [0, 1, 2]


def test_an_error_while_going_forward_turns_the_run_round(world, small, crash):
    pages(world, small, 12)
    before = world.site.shape()
    world.site.faults = {1: "crash-after", 11: "400"}
    crashed(world, crash, (None, ""))

    result = world.recover(direction="forward")

    assert (result.status, result.failure.status) == ("undone", 400)
    assert world.site.shape() == before


def test_on_error_stop_holds_for_recover_too(world, small):
    pages(world, small, 2)
    world.site.faults = {1: "400", 2: "400"}
    world.apply(on_error="stop")

    assert world.recover(direction="forward").status == "waiting"
    assert world.recover(direction="forward").status == "applied"


def test_a_write_that_is_skipped_is_left_out_with_all_that_waits_for_it(world, small):
    page = world.plan_writes.create("page", small.project, "bad", name="Bad", slug="bad")
    world.plan_writes.create(
        "element", Made(page), "bad#x", name="x", type="text", parentId=None, position=1
    )
    world.plan_writes.create("page", small.project, "good", name="Good", slug="good")
    world.site.always = lambda what: "400" if what[3:] and what[3].get("slug") == "bad" else None
    world.apply(on_error="stop")

    result = world.recover(direction="forward", skip=("bad",))

    assert result.status == "stopped"
    assert [left.address for left in result.left] == ["bad", "bad#x"]
    assert [i.fields["slug"] for i in world.site.items.values() if i.kind == "page"] == [
        "index", "good",
    ]  # fmt: skip


def test_an_ambiguous_create_may_be_left_and_the_rest_undone(world, small):
    world.plan_writes.create("page", small.project, "p", name="P", slug="p")
    world.plan_writes.create(
        "element", small.page, "x", name="x", type="text", parentId=None, position=1
    )
    world.site.faults = {1: "lost-after"}
    world.site.on_write[1] = lambda: world.site.add(
        "element", small.page, None, 1, name="x", type="text"
    )
    assert world.apply().status == "waiting"
    assert world.recover().status == "waiting"

    result = world.recover(skip=("x",))

    assert (result.status, [left.address for left in result.left]) == ("stopped", ["x"])
    assert not [i for i in world.site.items.values() if i.fields.get("slug") == "p"]
    assert len([i for i in world.site.items.values() if i.fields["name"] == "x"]) == 2


def test_a_doubled_element_may_be_accepted_with_skip(world, small):
    world.plan_writes.create(
        "element", small.page, "x", name="x", type="text", parentId=None, position=1
    )
    world.site.faults = {0: "twice"}
    assert world.apply().status == "waiting"

    assert world.recover(direction="forward", skip=("x",)).status == "applied"


def test_a_run_that_has_ended_is_only_told(world, small):
    pages(world, small, 1)
    world.apply()
    sent = world.site.sent

    async def again():
        events = world.store.events(world.store.keys()[0], world.run)
        return await recover(events, **world.means(world.journal))

    result = asyncio.run(again())

    assert (result.status, result.done, world.site.sent) == ("applied", 1, sent)


def test_a_look_up_that_fails_leaves_the_run_waiting(world, small, crash, errors):
    pages(world, small, 1)
    world.site.faults = {0: "crash-after"}
    crashed(world, crash, (None, ""))
    world.site.read_faults[len(world.site.reads)] = errors["server"]("busy", status=503)

    result = world.recover()

    assert (result.status, result.failure.message) == ("waiting", "busy")
    assert world.recover().status == "undone"
