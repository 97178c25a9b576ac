"""A request whose answer never came is looked up, never guessed at, never blindly repeated."""

import pytest

from cfsync import limits
from cfsync.model.values import Made


def new(world, small, name="new", position=3072, **body):
    return world.plan_writes.create(
        "element", small.page, f"site:index#{name}", name=name, type="text", parentId=None,
        position=position, **body,
    )  # fmt: skip


def names(world, name):
    return [item.id for item in world.site.items.values() if item.fields.get("name") == name]


def test_a_create_whose_answer_was_lost_is_found_and_adopted(world, small):
    new(world, small, content="x")
    world.site.faults = {0: "lost-after"}

    result = world.apply()

    assert result.status == "applied"
    assert world.site.sent == 1
    assert list(world.base()) == names(world, "new")
    assert world.kinds()[2:5] == ["INTENT", "OUTCOME", "RESOLVED"]


def test_a_create_that_never_arrived_is_sent_again_once_a_whole_listing_twice_lacks_it(
    world, small
):
    new(world, small)
    world.site.faults = {0: "lost-before"}

    result = world.apply()

    assert (result.status, world.site.sent, len(names(world, "new"))) == ("applied", 2, 1)
    assert [record.attempt for record in world.events() if record.kind == "INTENT"] == [1, 2]
    assert len(world.site.reads) == 4  # guard, twice for the proof, the final look


def test_the_wait_before_a_look_up_is_counted_down_and_lasts_as_long_as_settle(world, small):
    new(world, small)
    world.site.faults = {0: "lost-after"}

    world.apply()

    assert sum(world.clock.slept) == world.environment.settle
    assert world.told[0] == (0, 1, "looking up what is unknown in 10 s")
    assert world.told[9] == (0, 1, "looking up what is unknown in 1 s")


def test_several_unknown_outcomes_share_one_wait(world, small):
    for n in range(4):
        new(world, small, name=f"n{n}")
    world.site.faults = dict.fromkeys(range(4), "lost-after")

    assert world.apply().status == "applied"

    assert len([told for told in world.told if "looking up" in told[2]]) <= 14


def test_a_server_that_has_answered_its_failure_is_looked_up_at_once(world, small):
    new(world, small)
    world.site.faults = {0: "500-after"}

    assert world.apply().status == "applied"

    assert world.clock.slept == []


def test_twins_of_unknown_outcome_are_told_apart_by_their_place(world, small):
    for n in range(3):
        new(world, small, name="twin", position=n)
    world.site.faults = {0: "lost-after", 1: "lost-after", 2: "lost-before"}

    result = world.apply()

    assert (result.status, len(names(world, "twin"))) == ("applied", 3)


def test_a_create_waits_with_its_look_up_for_those_in_flight_beside_it(world, small):
    new(world, small, name="twin", position=1)
    new(world, small, name="twin", position=2)
    world.environment = type(world.environment)(
        "test", "https://x", "site.example", "", settle=0.0, parallel=2
    )
    world.site.faults = {0: "lost-after"}

    assert world.apply().status == "applied"
    assert len(names(world, "twin")) == 2


def test_one_that_differs_from_what_was_sent_is_left_to_a_person(world, small):
    new(world, small, content="ours")
    world.site.faults = {0: "lost-before"}
    world.site.on_write[0] = lambda: world.site.add(
        "element", small.page, None, 3072, name="new", type="text", content="theirs"
    )

    result = world.apply()

    [theirs] = names(world, "new")
    assert result.status == "waiting"
    assert result.failure.code == "ambiguous"
    assert theirs in result.failure.message
    assert theirs in result.left[0].why
    assert world.site.sent == 1


def test_an_answer_lost_and_a_designers_copy_are_both_named_and_neither_touched(world, small):
    new(world, small)
    world.site.faults = {0: "lost-after"}
    number = 1

    def copy():
        world.site.add("element", small.page, None, 3072, name="new", type="text")

    world.site.on_read[number] = copy

    result = world.apply()

    assert result.status == "waiting"
    assert all(id_ in result.failure.message for id_ in names(world, "new"))
    assert len(names(world, "new")) == 2


def test_once_the_person_removed_the_copy_recover_goes_on(world, small):
    test_an_answer_lost_and_a_designers_copy_are_both_named_and_neither_touched(world, small)
    ours, theirs = names(world, "new")
    world.site.remove(theirs)

    result = world.recover(direction="forward")

    assert (result.status, list(world.base())) == ("applied", [ours])


def test_a_request_carried_out_twice_is_found_at_the_end_and_both_are_named(world, small):
    new(world, small)
    world.site.faults = {0: "twice"}

    result = world.apply()

    assert result.status == "waiting"
    assert "is there more than once" in result.failure.message
    assert all(id_ in result.failure.message for id_ in names(world, "new"))


def test_a_page_carried_out_twice_below_a_new_project_is_found_too(world, small):
    project = world.plan_writes.create("project", None, "other", name="Other", slug="other")
    page = world.plan_writes.create("page", Made(project), "other:a", name="A", slug="a")
    world.plan_writes.create(
        "element", Made(page), "other:a#x", name="x", type="text", parentId=None, position=1
    )
    world.site.faults = {2: "twice"}

    result = world.apply()

    assert (result.status, result.failure.code) == ("waiting", "ambiguous")


def test_a_commit_that_comes_after_we_had_given_it_up_is_found_at_the_end(world, small):
    new(world, small)
    world.site.faults = {0: "late"}
    world.site.on_write[1] = world.site.land

    result = world.apply()

    assert result.status == "waiting"
    assert len(names(world, "new")) == 2
    assert all(id_ in result.failure.message for id_ in names(world, "new"))


def test_a_commit_that_comes_while_deletes_are_sent_is_found_too(world, small):
    new(world, small)
    world.plan_writes.delete(small.old, "site:index#old")
    world.site.faults = {0: "late"}
    world.site.on_write[2] = world.site.land

    result = world.apply()

    assert (result.status, result.failure.code) == ("waiting", "ambiguous")


def test_what_never_arrives_is_given_up_after_a_few_attempts_and_undone(world, small):
    new(world, small)
    world.site.always = lambda what: "500-before" if what[0] == "create" else None

    result = world.apply()

    assert (result.status, world.site.sent) == ("undone", limits.RESEND_ATTEMPTS)
    assert result.failure.status == 500


@pytest.mark.parametrize("verb", ["create", "update"])
def test_an_answer_without_the_resource_is_completed_by_reading(verb, world, small):
    if verb == "create":
        new(world, small)
    else:
        world.plan_writes.update(small.hero, "h", [(("content",), None, "x")])
    world.site.faults = {0: "empty"}

    assert (world.apply().status, world.site.sent) == ("applied", 1)


@pytest.mark.parametrize("fault", ["lost-before", "lost-after"])
def test_an_update_of_unknown_outcome_is_done_once_as_a_reading_shows(fault, world, small):
    world.plan_writes.update(small.hero, "h", [(("content",), None, "x")])
    world.site.faults = {0: fault}

    assert world.apply().status == "applied"

    assert world.site.sent == (1 if fault == "lost-after" else 2)


@pytest.mark.parametrize("gone", [True, False])
def test_an_update_of_unknown_outcome_that_somebody_changed_is_left_and_named(gone, world, small):
    new(world, small)
    world.plan_writes.update(small.hero, "h", [(("content",), None, "x")], waits=(0,))
    world.site.faults = {1: "lost-before"}
    world.site.on_write[1] = (
        (lambda: world.site.remove(small.hero))
        if gone
        else lambda: world.site.edit(small.hero, content="theirs")
    )

    result = world.apply()

    assert result.status == "stopped"
    assert [left.address for left in result.left] == ["h"]
    assert names(world, "new") == []


@pytest.mark.parametrize("fault", ["lost-before", "lost-after"])
@pytest.mark.parametrize("kind", ["element", "page", "project"])
def test_a_delete_of_unknown_outcome_is_done_once(fault, kind, world, small):
    id_ = {"element": small.old, "page": small.page, "project": small.project}[kind]
    world.plan_writes.delete(id_, "x")
    world.site.faults = {0: fault}

    assert world.apply().status == "applied"

    assert world.site.sent == (1 if fault == "lost-after" else 2)
    assert id_ not in world.site.items


def test_a_delete_of_unknown_outcome_of_which_a_part_is_left_is_named(world, small):
    world.plan_writes.delete(small.old, "site:index#old")
    world.site.faults = {0: "lost-before"}
    world.site.on_write[0] = lambda: world.site.remove(small.kid)

    result = world.apply()

    assert (result.status, result.left[0].address) == ("stopped", "site:index#old")


def test_a_create_whose_page_went_meanwhile_was_not_done(world, small):
    new(world, small)
    world.site.faults = {0: "lost-before"}
    world.site.on_write[0] = lambda: world.site.remove(small.page)

    result = world.apply()

    assert result.status == "undone"


def test_a_server_that_trims_does_not_hide_our_own_element(world, small):
    world.site.normalise = lambda kind, fields: {
        name: value.strip() if isinstance(value, str) else value for name, value in fields.items()
    }
    new(world, small, name="new ", content=" text ")
    world.site.faults = {0: "lost-after"}

    result = world.apply()

    assert (result.status, world.site.sent) == ("applied", 1)


def test_what_a_designer_has_moved_before_the_look_up_is_named_and_not_made_again(world, small):
    new(world, small, content="x")
    world.site.faults = {0: "lost-after"}

    def move():
        [made] = names(world, "new")
        world.site.edit(made, parentId=small.hero, position=1)

    world.site.on_read[1] = move

    result = world.apply()

    [made] = names(world, "new")
    assert (result.status, world.site.sent) == ("waiting", 1)
    assert result.failure.code == "ambiguous"
    assert made in result.failure.message
    assert "moved" in result.failure.message


def test_an_equal_one_elsewhere_that_is_owned_is_not_taken_for_a_moved_one(world, small):
    other = world.site.add(
        "element", small.page, small.hero, 1, name="new", type="text", content="x"
    )
    world.settle_base(world.row(other, "site:index#hero/new"))
    new(world, small, content="x")
    world.site.faults = {0: "lost-before"}

    assert world.apply().status == "applied"
    assert len(names(world, "new")) == 2


def test_equal_ones_under_several_parents_are_not_taken_for_each_other(world, small):
    for parent in (small.hero, small.old):
        world.plan_writes.create(
            "element", small.page, "site:index#x", name="x", type="text", parentId=parent,
            position=1,
        )  # fmt: skip
    world.site.faults = {0: "lost-after", 1: "lost-before"}

    assert world.apply().status == "applied"
    assert len(names(world, "x")) == 2
