"""The good way: what is sent, what is read, what the journal and the base hold afterwards."""

from cfsync.model.base import DropBase, PutBase, Settle
from cfsync.model.values import ABSENT, Made


def test_an_intent_is_durable_before_its_request_leaves_and_the_outcome_after(world, small):
    world.plan_writes.update(small.hero, "site:index#hero", [(("props", "a"), 1, 2)])
    seen = []
    world.site.on_write[0] = lambda: seen.extend(world.kinds())

    result = world.apply()

    assert (result.status, result.done, result.intents) == ("applied", 1, 1)
    assert seen == ["RUN_BEGIN", "PLAN", "INTENT"]
    assert world.kinds() == [*seen, "OUTCOME", "PHASE", "RUN_END"]


def test_an_intent_holds_what_undo_needs(world, small):
    world.settle_base(world.row(small.hero, "site:index#hero"))
    settle = Settle("site:index#hero", {"props": {"a": 2}})
    edits = [(("props", "a"), 1, 2)]
    world.plan_writes.update(small.hero, "site:index#hero", edits, settle=settle)
    world.apply()

    intent = next(record for record in world.events() if record.kind == "INTENT").body

    assert intent["before"]["fields"]["props"] == {"a": 1}
    assert intent["leaves"] == [[["props", "a"], [1], [2]]]
    assert intent["rows"][0]["id"] == small.hero
    latest = world.environment.guard_age + world.environment.timeout
    assert intent["deadline"] == world.clock.time + latest


def test_new_pages_of_any_size_cost_a_request_an_element_and_one_listing_a_page(world, small):
    plan = world.plan_writes
    page = plan.create("page", small.project, "site:new", name="New", slug="new")
    above = None
    for n in range(50):
        parent = Made(above) if above is not None and n % 5 else None
        above = plan.create(
            "element", Made(page), f"e{n}", name=f"e{n}", type="text", parentId=parent, position=n
        )

    world.apply()

    assert world.site.sent == 51
    pages = ("list", "page", small.project)
    assert [what for what in world.site.reads if what != pages] == [("list", "element", "page_7")]


def test_many_writes_to_a_page_share_one_reading(world, small):
    for n in range(100):
        id_ = world.site.add("element", small.page, None, n, name=f"e{n}", type="text")
        world.plan_writes.update(id_, f"e{n}", [(("content",), None, "x")])

    world.apply()

    assert world.site.sent == 100
    assert len(world.site.reads) == 1


def test_a_reading_that_has_become_old_is_taken_again(world, small):
    world.environment = type(world.environment)(
        "test", "https://site.example", "site.example", "", parallel=1, guard_age=5.0
    )
    for n in range(4):
        id_ = world.site.add("element", small.page, None, n, name=f"e{n}", type="text")
        world.plan_writes.update(id_, f"e{n}", [(("content",), None, "x")])

        def pass_time():
            world.clock.time += 3

        world.site.on_write[n] = pass_time

    assert world.apply().status == "applied"

    assert len(world.site.reads) == 2


def test_a_page_is_guarded_by_reading_that_page(world, small):
    edits = [(("name",), "Home", "Start")]
    world.plan_writes.update(small.page, "site:index", edits)

    world.apply()

    assert world.site.reads == [("get", "page", small.page)]
    assert world.site.items[small.page].fields["name"] == "Start"


def test_what_is_already_as_wanted_is_settled_without_a_request(world, small):
    settle = Settle("site:index#hero", {"props": {"a": 1}})
    edits = [(("props", "a"), 9, 1)]
    world.plan_writes.update(small.hero, "site:index#hero", edits, settle=settle)

    result = world.apply()

    assert (result.status, world.site.sent) == ("applied", 0)
    assert world.base()[small.hero].stored == {"props": {"a": 1}}


def test_only_fields_of_the_edits_are_sent_merged_into_what_is_live(world, small):
    world.site.edit(small.hero, props={"a": 1, "theirs": {"x": 1}}, styles={"desktop": {}})
    edits = [(("props", "a"), 1, ABSENT), (("props", "new", "deep"), ABSENT, 2)]
    world.plan_writes.update(small.hero, "site:index#hero", edits)

    world.apply()

    sent = world.site.writes[0][3]
    assert sent == {"props": {"theirs": {"x": 1}, "new": {"deep": 2}}}


def test_a_field_that_is_to_be_absent_goes_back_to_the_default_of_the_contract(world, small):
    world.site.edit(small.hero, content="hello")
    world.plan_writes.update(small.hero, "site:index#hero", [(("content",), "hello", ABSENT)])

    world.apply()

    assert world.site.writes[0][3] == {"content": None}


def test_ids_made_by_the_run_take_the_place_of_made_everywhere(world, small):
    plan = world.plan_writes
    page = plan.create("page", small.project, "site:new", name="New", slug="new")
    element = plan.create(
        "element", Made(page), "site:new#a", name="a", type="link", parentId=None, position=1,
        props={"to": {"page": Made(page)}, "all": [Made(page)]},
    )  # fmt: skip
    plan.update(Made(element), "site:new#a", [(("content",), None, Made(page))], scope=Made(page))

    assert world.apply().status == "applied"

    [new] = [item for item in world.site.items.values() if item.fields["name"] == "a"]
    assert new.fields["props"] == {"to": {"page": new.scope}, "all": [new.scope]}
    assert new.fields["content"] == new.scope
    assert world.base()[new.id].sent["props"]["to"] == {"page": new.scope}
    assert world.base()[new.id].parent == new.scope


def test_values_that_look_like_the_journals_own_marks_stay_what_they_are(world, small):
    odd = {"$made": 3, "$plain": {"$made": 1}}
    world.plan_writes.create(
        "element", small.page, "site:index#odd", name="odd", type="text", parentId=None,
        position=9, props=odd,
    )  # fmt: skip
    world.site.faults = {0: "400"}
    world.apply(on_error="stop")

    result = world.recover(direction="forward")

    assert result.status == "applied"
    assert world.site.writes[-1][3]["props"] == odd


def test_deletes_come_last_and_the_listing_proves_them(world, small):
    world.plan_writes.delete(small.old, "site:index#old")
    world.plan_writes.update(small.hero, "site:index#hero", [(("content",), None, "x")])
    world.settle_base(world.row(small.old, "o"), world.row(small.kid, "k"))

    result = world.apply()

    assert result.status == "applied"
    assert [what[0] for what in world.site.writes] == ["update", "delete"]
    assert world.site.reads[-1] == ("list", "element", small.page)
    assert small.old not in world.site.items
    assert world.base() == {}


def test_a_delete_that_did_not_take_place_is_no_success(world, small):
    world.plan_writes.delete(small.old, "site:index#old")
    old, kid = world.site.items[small.old], world.site.items[small.kid]
    number = len(world.site.reads) + 1

    def come_back():
        world.site.items |= {small.old: old, small.kid: kid}

    world.site.on_read[number] = come_back

    result = world.apply()

    assert (result.status, result.failure.code) == ("waiting", "still-there")
    assert "lists it all the same" in result.left[0].why
    assert small.old in world.site.items
    assert world.site.sent == 1
    assert world.recover(skip=("site:index#old",)).status == "stopped"


def test_settlements_become_durable_with_the_end_of_a_good_run(world, small):
    row = world.row(small.card, "site:index#hero/card")
    world.settle_base(world.row(small.kid, "k"))
    world.settlements = (PutBase(row), DropBase(small.kid))

    assert world.apply().status == "applied"

    assert world.base() == {small.card: row}


def test_a_run_that_is_undone_settles_nothing(world, small):
    world.settlements = (PutBase(world.row(small.card, "c")),)
    world.plan_writes.update(small.hero, "site:index#hero", [(("content",), None, "x")])
    world.site.faults = {0: "400"}

    assert world.apply().status == "undone"

    assert world.base() == {}


def test_what_the_server_stored_otherwise_is_a_warning_and_the_after_image(world, small):
    world.site.normalise = lambda kind, fields: {
        **fields, "content": (fields.get("content") or "").strip()
    }  # fmt: skip
    settle = Settle("site:index#hero", {"content": " x "})
    edits = [(("content",), None, " x ")]
    world.plan_writes.update(small.hero, "site:index#hero", edits, settle=settle)

    result = world.apply()

    assert result.warnings == ("site:index#hero: the server stored content otherwise than sent",)
    assert world.base()[small.hero].stored == {"content": "x"}


def test_another_field_that_changes_between_reading_and_answer_is_told(world, small):
    world.plan_writes.update(small.hero, "site:index#hero", [(("content",), None, "x")])
    world.site.on_write[0] = lambda: world.site.edit(small.hero, props={"a": "theirs"})

    result = world.apply()

    assert result.warnings == ("site:index#hero: props was changed on the site meanwhile",)
    assert world.site.items[small.hero].fields["props"] == {"a": "theirs"}


def test_progress_counts_the_writes_done(world, small):
    for n in range(3):
        world.plan_writes.create("page", small.project, f"p{n}", name="P", slug=f"p{n}")

    world.apply()

    assert [(done, total) for done, total, _ in world.told] == [(1, 3), (2, 3), (3, 3)]


def test_a_plan_that_sends_nothing_is_applied(world, small):
    result = world.apply()

    assert (result.status, result.total, world.site.reads) == ("applied", 0, [])


def test_the_journal_says_who_ran_what_and_why(world, small):
    world.apply()

    begin = world.events()[0].body

    assert begin["environment"] == "test"
    assert begin["on_error"] == "undo"
    assert begin["who"] == f"{world.holder.user}@{world.holder.machine}"
    assert begin["summary"]["create"] == 0
