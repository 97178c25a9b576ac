"""The way back: only what the run made and nobody changed since; the rest is named."""

import asyncio

import pytest

from cfsync.errors import ServerFailed, Unauthorized
from cfsync.model.base import Settle
from cfsync.model.values import Made


def failing_last(world, small, **fault):
    """The plan's last write, which is refused."""
    last = len(world.plan_writes.writes)
    waits = tuple(range(last))
    world.plan_writes.update(small.kid, "last", [(("content",), "kid", "x")], waits=waits)
    world.site.faults[last] = fault.get("fault", "400")
    return last


def test_the_first_error_is_named_and_the_order_of_undo_is_reversed(world, small):
    first = world.plan_writes.create("page", small.project, "site:a", name="A", slug="a")
    world.plan_writes.create(
        "element", Made(first), "site:a#x", name="x", type="text", parentId=None, position=1
    )
    failing_last(world, small)

    result = world.apply()

    assert (result.status, result.undone, result.failed_address) == ("undone", 2, "last")
    assert (result.failure.status, result.failure.message) == (400, "refused with 400")
    assert [what[:2] for what in world.site.writes[3:]] == [
        ("delete", "element"), ("delete", "page"),
    ]  # fmt: skip
    assert world.site.undo_began


def test_what_is_in_flight_ends_and_is_undone_too_and_nothing_new_starts(world, small):
    sent = world.environment.parallel
    for n in range(4 * sent):
        world.plan_writes.create("page", small.project, f"p{n}", name="P", slug=f"p{n}")
    before = world.site.shape()
    world.site.faults = {0: "400"}

    result = world.apply()

    assert (result.status, result.done, result.undone) == ("undone", sent - 1, sent - 1)
    assert world.site.shape() == before


def test_on_error_stop_leaves_what_was_done_and_waits(world, small):
    world.plan_writes.create("page", small.project, "site:a", name="A", slug="a")
    failing_last(world, small)

    result = world.apply(on_error="stop")

    assert (result.status, result.done, result.total) == ("waiting", 1, 2)
    assert result.failed_address == "last"
    assert world.kinds()[-1] == "PHASE"
    assert world.recover(direction="forward").status == "applied"


def test_a_revoked_key_stops_at_once_without_an_undo(world, small):
    world.plan_writes.create("page", small.project, "site:a", name="A", slug="a")
    failing_last(world, small, fault="401")
    before_last = world.site.sent

    result = world.apply()

    assert (result.status, result.failure.status) == ("waiting", 401)
    assert world.site.sent == before_last + 2
    assert "UNDO_BEGIN" not in world.kinds()
    assert world.recover().status == "undone"


def test_a_key_revoked_for_reading_stops_alike(world, small):
    world.plan_writes.update(small.hero, "h", [(("content",), None, "x")])
    world.site.read_faults[0] = Unauthorized("no", status=401)

    assert world.apply().status == "waiting"


def test_a_key_revoked_during_undo_stops_and_recover_goes_on(world, small):
    world.plan_writes.create("page", small.project, "site:a", name="A", slug="a")
    last = failing_last(world, small)
    world.site.faults[last + 1] = "401"

    result = world.apply()

    assert result.status == "waiting"
    assert [left.address for left in result.left] == ["site:a"]
    assert world.recover(direction="forward").status == "undone"


@pytest.mark.parametrize("edit", ["edited", "with something below"])
def test_what_was_made_and_then_changed_by_a_person_is_left_and_named(edit, world, small):
    world.plan_writes.create(
        "element", small.page, "site:index#new", name="new", type="text", parentId=None, position=1
    )
    world.plan_writes.create("page", small.project, "site:a", name="A", slug="a")
    last = failing_last(world, small)

    def change():
        [id_] = [i.id for i in world.site.items.values() if i.fields.get("name") == "new"]
        if edit == "edited":
            world.site.edit(id_, content="theirs")
        else:
            world.site.add("element", small.page, id_, 1, name="theirs", type="text")

    world.site.on_write[last] = change

    result = world.apply()

    assert result.status == "stopped"
    [left] = result.left
    assert left.address == "site:index#new"
    assert left.id in world.site.items
    assert not [i for i in world.site.items.values() if i.fields.get("slug") == "a"]


def test_a_page_in_which_somebody_made_something_is_left(world, small):
    world.plan_writes.create("page", small.project, "site:a", name="A", slug="a")
    last = failing_last(world, small)

    def change():
        [id_] = [i.id for i in world.site.items.values() if i.fields.get("slug") == "a"]
        world.site.add("element", id_, None, 1, name="theirs", type="text")

    world.site.on_write[last] = change

    result = world.apply()

    assert (result.status, result.left[0].address) == ("stopped", "site:a")
    assert "did not make" in result.left[0].why


@pytest.mark.parametrize("how", ["edited", "gone"])
def test_an_update_over_which_somebody_wrote_is_left(how, world, small):
    world.plan_writes.update(small.hero, "h", [(("props", "a"), 1, 2)])
    last = failing_last(world, small)
    world.site.on_write[last] = (
        (lambda: world.site.edit(small.hero, props={"a": "theirs"}))
        if how == "edited"
        else (lambda: world.site.remove(small.hero))
    )

    result = world.apply()

    assert (result.status, [left.address for left in result.left]) == ("stopped", ["h"])


def test_an_edit_beside_what_the_run_wrote_survives_its_undo(world, small):
    world.plan_writes.update(small.hero, "h", [(("props", "a"), 1, 2)])
    last = failing_last(world, small)
    world.site.on_write[last] = lambda: world.site.edit(small.hero, props={"a": 2, "b": "theirs"})

    assert world.apply().status == "undone"

    assert world.site.items[small.hero].fields["props"] == {"a": 1, "b": "theirs"}


def test_what_somebody_has_taken_back_already_needs_no_request(world, small):
    world.plan_writes.update(small.hero, "h", [(("props", "a"), 1, 2)])
    world.plan_writes.create("page", small.project, "site:a", name="A", slug="a")
    last = failing_last(world, small)

    def take_back():
        world.site.edit(small.hero, props={"a": 1})
        [id_] = [i.id for i in world.site.items.values() if i.fields.get("slug") == "a"]
        world.site.remove(id_)

    world.site.on_write[last] = take_back

    assert (world.apply().status, world.site.sent) == ("undone", last + 1)


def test_the_bases_pair_is_restored_by_an_undo(world, small):
    row = world.row(small.hero, "h", sent={"content": None}, stored={"content": None})
    world.settle_base(row)
    settle = Settle("h", {"content": "x"})
    world.plan_writes.update(small.hero, "h", [(("content",), None, "x")], settle=settle)
    world.plan_writes.update(
        small.card, "c", [(("content",), "same", None)], settle=Settle("c", {"content": None})
    )
    failing_last(world, small)
    world.site.faults = {1: "400"}  # the card is as wanted already

    assert world.apply().status == "undone"

    assert world.base() == {small.hero: row}


def test_a_delete_that_was_gone_already_gets_its_rows_back(world, small):
    rows = [world.row(small.old, "o"), world.row(small.kid, "k")]
    world.settle_base(*rows)
    world.plan_writes.delete(small.old, "o")
    world.plan_writes.delete(small.card, "c", waits=(0,))
    world.site.remove(small.old)
    world.site.faults = {0: "400"}

    assert world.apply().status == "undone"

    assert list(world.base().values()) == sorted(rows, key=lambda row: row.id)


def test_a_deleted_tree_comes_back_under_new_ids_and_references_follow(world, small):
    site = world.site
    site.edit(small.kid, props={"home": small.old, "list": [small.kid]})
    site.edit(small.old, props={"first": small.kid})
    site.edit(small.hero, props={"a": 1, "to": small.old})
    site.edit(small.card, props={"to": small.old})
    rows = [world.row(small.old, "o"), world.row(small.kid, "k"), world.row(small.hero, "h")]
    world.settle_base(*rows)
    before = site.shape()
    world.plan_writes.delete(small.old, "o")
    world.plan_writes.delete(small.card, "c", waits=(0,))
    site.faults = {1: "400"}

    result = world.apply()

    assert result.status == "undone"
    old, kid = result.new_ids[small.old], result.new_ids[small.kid]
    assert site.items[kid].fields["props"] == {"home": old, "list": [kid]}
    assert site.items[old].fields["props"] == {"first": kid}
    assert site.items[small.hero].fields["props"] == {"a": 1, "to": old}
    assert site.items[small.card].fields["props"] == {"to": small.old}  # not ours to touch
    base = world.base()
    assert set(base) == {old, kid, small.hero}
    assert base[kid].parent == old
    assert base[small.hero].sent["props"]["to"] == old
    site.edit(small.card, props={"to": old})
    assert site.shape() == before


def test_a_deleted_page_comes_back_with_its_elements(world, small):
    before = world.site.shape()
    world.plan_writes.delete(small.page, "site:index")
    world.plan_writes.update(small.project, "s", [(("name",), "Site", "X")], waits=(0,))
    world.site.faults = {1: "400"}

    result = world.apply()

    assert (result.status, len(result.new_ids)) == ("undone", 5)
    assert world.site.shape() == before


def test_later_steps_of_an_undo_follow_changed_ids(world, small):
    first = world.plan_writes.update(small.old, "o", [(("content",), None, "x")])
    second = world.plan_writes.update(small.card, "c", [(("props", "to"), None, 1)], waits=(first,))
    world.site.edit(small.card, props={"to": None})
    before = world.site.shape()
    world.plan_writes.delete(small.old, "o", waits=(second,))
    world.plan_writes.delete(small.hero, "h", waits=(2,))
    world.site.faults = {3: "400"}

    result = world.apply()

    assert result.status == "undone"
    assert world.site.shape() == before


def test_a_refused_step_of_an_undo_is_named_the_others_go_on_and_recover_tries_again(world, small):
    world.plan_writes.create("page", small.project, "site:a", name="A", slug="a")
    world.plan_writes.update(small.hero, "h", [(("content",), None, "x")])
    last = failing_last(world, small)
    world.site.always = lambda what: "403" if what[0] == "delete" else None

    result = world.apply()

    assert result.status == "waiting"
    assert [left.address for left in result.left] == ["site:a"]
    assert world.site.items[small.hero].fields["content"] is None
    assert world.site.sent == last + 3

    world.site.always = None
    assert (world.recover().status, world.recover_is_over()) == ("undone", True)


def test_a_step_that_is_given_up_with_skip_ends_the_run_and_stays_named(world, small):
    world.plan_writes.create("page", small.project, "site:a", name="A", slug="a")
    failing_last(world, small)
    world.site.always = lambda what: "403" if what[0] == "delete" else None
    world.apply()

    result = world.recover(skip=("site:a",))

    assert result.status == "stopped"
    assert [(left.address, left.why) for left in result.left] == [
        ("site:a", "left as it is, as asked")
    ]
    assert world.recover_is_over()


def test_a_reading_that_fails_during_undo_is_a_failed_step(world, small):
    world.plan_writes.create("page", small.project, "site:a", name="A", slug="a")
    failing_last(world, small)
    world.site.read_faults[2] = ServerFailed("busy", status=503)

    result = world.apply()

    assert (result.status, result.left[0].why) == ("waiting", "busy")
    assert world.recover().status == "undone"


def test_a_create_that_lands_after_the_undo_looked_is_named(world, small):
    world.plan_writes.create("page", small.project, "site:a", name="A", slug="a")
    world.site.always = lambda what: "late" if what[0] == "create" else None
    world.site.on_read[7] = world.site.land

    result = world.apply()

    assert result.status == "stopped"
    assert "after this run had given it up" in result.left[0].why
    assert result.left[0].id in world.site.items


def test_an_unknown_step_of_an_undo_is_looked_up(world, small):
    world.plan_writes.create("page", small.project, "site:a", name="A", slug="a")
    last = failing_last(world, small)
    world.site.faults |= {last + 1: "lost-after"}

    assert (world.apply().status, world.site.sent) == ("undone", last + 2)


def test_a_recreated_element_of_which_there_are_two_is_left_to_a_person(world, small):
    world.plan_writes.delete(small.old, "o")
    world.plan_writes.delete(small.card, "c", waits=(0,))
    world.site.faults = {1: "400", 2: "lost-after"}
    world.site.on_write[2] = lambda: world.site.add(
        "element", small.page, None, 2048, name="old", type="section"
    )

    result = world.apply()

    assert result.status == "waiting"
    assert "cannot be told" in result.left[0].why


def test_an_error_inside_is_undone_once_and_shows_nothing_but_its_name(world, small):
    world.plan_writes.create("page", small.project, "site:a", name="A", slug="a")
    failing_last(world, small, fault="raise-before")
    before = world.site.shape()

    result = world.apply()

    assert result.status == "undone"
    assert result.failure.message == "an error inside cfsync (MemoryError)"
    assert world.site.shape() == before


def test_an_error_inside_an_undo_stops_it(world, small):
    world.plan_writes.create("page", small.project, "site:a", name="A", slug="a")
    last = failing_last(world, small)
    world.site.faults[last + 1] = "raise-before"

    result = world.apply()

    assert result.status == "waiting"
    assert world.recover().status == "undone"


def test_what_took_the_place_of_something_deleted_goes_before_that_comes_back(world, small):
    before = world.site.shape()
    gone = world.plan_writes.delete(small.page, "site:index")
    page = world.plan_writes.create(
        "page", small.project, "site:index", waits=(gone,), name="Home", slug="index"
    )
    world.plan_writes.create(
        "element", Made(page), "x", name="x", type="text", parentId=None, position=1
    )
    world.site.faults = {2: "400"}

    result = world.apply()

    assert (result.status, result.left) == ("undone", ())
    assert world.site.shape() == before


def test_a_dead_key_in_an_undo_is_what_the_person_is_told(world, small):
    world.plan_writes.create("page", small.project, "site:a", name="A", slug="a")
    last = failing_last(world, small)
    world.site.faults[last + 1] = "401"

    assert world.apply().failure.status == 401


def test_a_run_that_holds_no_plan_is_ended_by_recover(world, record):
    async def begin():
        journal = world.open()
        await journal.append([record("RUN_BEGIN", {"summary": {}})])
        journal.close()

    asyncio.run(begin())

    assert world.recover().status == "undone"


def test_what_stood_on_a_page_that_is_gone_by_now_needs_no_undo_and_the_rest_gets_its_own(
    world, small
):
    other = world.site.add("page", small.project, name="Other", slug="other")
    world.plan_writes.create(
        "element", other, "site:other#x", name="x", type="text", parentId=None, position=1
    )
    world.plan_writes.update(small.hero, "hero", [(("props", "a"), 1, 2)])
    last = failing_last(world, small)
    world.site.on_write[last] = lambda: world.site.remove(other)

    result = world.apply()

    assert (result.status, result.undone, result.left) == ("undone", 2, ())
    assert world.site.items[small.hero].fields["props"] == {"a": 1}
    assert "waiting" not in world.kinds()
