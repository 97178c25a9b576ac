"""The site is compared just before each write; whatever a person did there stands."""

import pytest

from cfsync.errors import Forbidden, ServerFailed
from cfsync.model.values import Made


def undone(world, message):
    result = world.apply()
    assert result.status == "undone"
    assert result.failure.code == "conflict"
    assert message in result.failure.message
    return result


def test_a_field_that_was_edited_since_the_plan_is_a_conflict_and_stays(world, small):
    world.plan_writes.update(small.hero, "site:index#hero", [(("props", "a"), 1, 2)])
    world.site.edit(small.hero, props={"a": "designer"})

    result = undone(world, "props.a was changed")

    assert result.failed_address == "site:index#hero"
    assert result.intents == 0
    assert world.site.items[small.hero].fields["props"] == {"a": "designer"}


def test_an_edit_of_another_key_is_no_conflict_and_survives(world, small):
    world.plan_writes.update(small.hero, "site:index#hero", [(("props", "a"), 1, 2)])
    world.site.edit(small.hero, props={"a": 1, "b": "designer"})

    assert world.apply().status == "applied"

    assert world.site.items[small.hero].fields["props"] == {"a": 2, "b": "designer"}


def test_a_target_that_is_gone_is_a_conflict_and_what_was_done_is_undone(world, small):
    world.plan_writes.create("page", small.project, "site:new", name="New", slug="new")
    world.plan_writes.update(small.kid, "k", [(("content",), "kid", "x")], waits=(0,))
    world.site.remove(small.kid)
    before = world.site.shape()

    undone(world, "gone from the site")

    assert world.site.shape() == before


@pytest.mark.parametrize("kind", ["page", "project"])
def test_a_page_or_project_that_is_gone_is_a_conflict(kind, world, small):
    id_ = small.page if kind == "page" else small.project
    world.plan_writes.update(id_, "site", [(("name",), world.site.items[id_].fields["name"], "x")])
    world.site.remove(id_)

    undone(world, "gone from the site")


def test_a_target_that_answers_404_to_the_write_is_undone(world, small):
    world.plan_writes.update(small.hero, "site:index#hero", [(("content",), None, "x")])
    world.site.on_write[0] = lambda: world.site.remove(small.hero)

    result = world.apply()

    assert (result.status, result.failure.status) == ("undone", 404)


def test_a_parent_that_is_gone_is_a_conflict(world, small):
    world.plan_writes.create(
        "element", small.page, "site:index#hero/x", name="x", type="text",
        parentId=small.hero, position=1,
    )  # fmt: skip
    world.site.remove(small.hero)

    undone(world, "what it would stand in is gone")


def test_a_page_that_is_gone_takes_no_new_elements(world, small):
    world.plan_writes.create(
        "element", small.page, "site:index#x", name="x", type="text", parentId=None, position=1
    )
    world.site.remove(small.page)

    undone(world, f"{small.page} is gone")


def test_a_new_parent_that_is_gone_is_a_conflict(world, small):
    edits = [(("parentId",), small.hero, small.old)]
    world.plan_writes.update(small.card, "site:index#hero/card", edits)
    world.site.remove(small.old)

    undone(world, "what it would move into is gone")


def test_a_move_that_somebody_else_made_otherwise_is_a_conflict(world, small):
    edits = [(("parentId",), small.hero, None)]
    world.plan_writes.update(small.card, "site:index#hero/card", edits)
    world.site.edit(small.card, parentId=small.old)

    undone(world, "parentId was changed")


def test_an_element_of_the_same_name_that_appeared_since_is_not_duplicated(world, small):
    world.plan_writes.create(
        "element", small.page, "site:index#new", name="new", type="text", parentId=None, position=1
    )
    rival = world.site.add("element", small.page, None, 1, name="New ", type="text")

    result = undone(world, "another of this name has appeared")

    assert rival in result.failure.message
    assert world.site.sent == 0


def test_an_element_of_the_same_name_that_the_base_or_the_plan_knows_is_no_rival(world, small):
    known = world.site.add("element", small.page, None, 1, name="twin", type="text")
    planned = world.site.add("element", small.page, None, 2, name="twin", type="text")
    world.settle_base(world.row(known, "t"))
    world.plan_writes.update(planned, "t", [(("content",), None, "x")])
    world.plan_writes.create(
        "element", small.page, "t", name="twin", type="text", parentId=None, position=3
    )

    assert world.apply().status == "applied"


def test_a_page_whose_slug_was_taken_since_is_a_conflict(world, small):
    world.plan_writes.create("page", small.project, "site:new", name="New", slug="new")
    world.site.add("page", small.project, name="Theirs", slug="new")

    undone(world, "another of this name has appeared")


@pytest.mark.parametrize("edit", ["inside", "added", "moved out"])
def test_a_change_anywhere_below_a_delete_is_a_conflict(edit, world, small):
    world.plan_writes.delete(small.old, "site:index#old")
    match edit:
        case "inside":
            world.site.edit(small.kid, content="edited")
        case "added":
            world.site.add("element", small.page, small.kid, 1, name="x", type="text")
        case "moved out":
            world.site.edit(small.kid, parentId=small.hero)
    before = world.site.shape()

    undone(world, "was changed on the site")

    assert world.site.shape() == before


@pytest.mark.parametrize("kind", ["page", "project"])
def test_a_page_or_project_is_deleted_only_with_what_the_plan_saw_in_it(kind, world, small):
    world.plan_writes.delete(small.page if kind == "page" else small.project, "site")
    world.site.add("element", small.page, small.kid, 1, name="x", type="text")

    undone(world, "was changed on the site")


@pytest.mark.parametrize("kind", ["page", "project"])
def test_a_page_or_project_that_is_as_the_plan_saw_it_is_deleted(kind, world, small):
    id_ = small.page if kind == "page" else small.project
    world.plan_writes.delete(id_, "site")

    assert world.apply().status == "applied"
    assert id_ not in world.site.items


def test_what_is_to_be_deleted_and_gone_already_is_done(world, small):
    world.settle_base(world.row(small.old, "o"), world.row(small.kid, "k"))
    world.plan_writes.delete(small.old, "site:index#old")
    world.site.remove(small.old)

    result = world.apply()

    assert (result.status, world.site.sent, world.base()) == ("applied", 0, {})


def test_a_delete_that_answers_404_is_done(world, small):
    world.plan_writes.delete(small.old, "site:index#old")
    world.site.on_write[0] = lambda: world.site.remove(small.old)

    assert world.apply().status == "applied"


@pytest.mark.parametrize("error", [Forbidden("no", status=403), ServerFailed("no", status=500)])
def test_a_reading_that_fails_is_never_read_as_gone(error, world, small):
    world.plan_writes.delete(small.old, "site:index#old")
    world.site.read_faults[0] = error

    result = world.apply()

    assert (result.status, result.failure.code) == ("undone", error.code)
    assert small.old in world.site.items


def test_the_runs_own_earlier_writes_to_a_resource_are_no_conflict(world, small):
    first = world.plan_writes.update(small.hero, "h", [(("props", "a"), 1, 2)])
    second = world.plan_writes.update(small.hero, "h", [(("props", "a"), 1, 3)], waits=(first,))
    world.plan_writes.update(small.kid, "k", [(("content",), "kid", "x")])
    world.plan_writes.delete(small.old, "o", waits=(second,))

    assert world.apply().status == "applied"

    assert world.site.items[small.hero].fields["props"] == {"a": 3}
    assert small.old not in world.site.items


def test_a_reading_that_lags_behind_the_runs_own_write_does_not_undo_it(world, small):
    first = world.plan_writes.update(small.hero, "h", [(("props", "a"), 1, 2)])
    world.plan_writes.update(small.hero, "h", [(("props", "b"), 1, 3)], waits=(first,))
    world.site.edit(small.hero, props={"a": 1, "b": 1})
    stale = world.site.items[small.hero]
    fresh = []

    def lag():
        fresh.append(world.site.items[small.hero])
        world.site.items[small.hero] = stale

    world.site.on_read[1] = lag

    assert world.apply().status == "applied"

    assert world.site.writes[1][3] == {"props": {"a": 2, "b": 3}}


def test_what_this_run_made_and_a_reading_does_not_show_yet_is_waited_for(world, small):
    made = world.plan_writes.create("page", small.project, "p", name="P", slug="p")
    world.plan_writes.update(Made(made), "p", [(("name",), "P", "Q")], kind="page", waits=(made,))
    hidden = {}

    def hide():
        [id_] = [i.id for i in world.site.items.values() if i.fields.get("slug") == "p"]
        hidden[id_] = world.site.items.pop(id_)

    world.site.on_read[1] = hide
    world.site.on_read[2] = lambda: world.site.items.update(hidden)

    assert world.apply().status == "applied"
    assert sum(world.clock.slept) == world.environment.settle
