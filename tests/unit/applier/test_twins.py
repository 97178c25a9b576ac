"""Somebody of the same name stands there: known to the plan, or a surprise."""

from dataclasses import replace


def planned_beside_a_twin(world, small, *, known):
    twin = world.site.add("element", small.page, None, 7, name="x", type="text", content="theirs")
    world.plan_writes.create(
        "element", small.page, "site:index#x", name="x", type="text", parentId=None, position=1
    )
    if known:
        world.plan_writes.writes[0] = replace(world.plan_writes.writes[0], twins=(twin,))


def test_one_that_appeared_since_the_plan_is_a_conflict(world, small):
    planned_beside_a_twin(world, small, known=False)

    result = world.apply()

    assert (result.status, result.failure.code) == ("undone", "conflict")
    assert world.site.sent == 0


def test_one_that_the_plan_knew_of_is_not_also_after_a_crash(world, small, crash):
    planned_beside_a_twin(world, small, known=True)
    world.site.faults = {0: "crash-before"}
    try:
        result = world.apply()
    except crash:
        result = world.recover(direction="forward")

    assert result.status == "applied"
    assert sum(item.fields["name"] == "x" for item in world.site.items.values()) == 2
