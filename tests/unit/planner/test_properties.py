"""What holds for every plan, tried on small trees: configurations, designers' edits, orders."""

from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import structs
from support.model_site import Site, element, page, project, state

from cfsync.model.desired import Desired, DesiredState
from cfsync.model.live import Live
from cfsync.model.plan import Plan
from cfsync.model.values import ABSENT
from cfsync.planner import fates
from cfsync.planner.same import fits

TRIES = settings(
    max_examples=150,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)

contents = st.sampled_from([ABSENT, "x", "y", None])
props = st.sampled_from([ABSENT, {}, {"k": 1}, {"k": True}, {"k": 2, "o": {"i": [1]}}])


@st.composite
def elements(draw, depth=3):
    fields = {"content": draw(contents), "props": draw(props)}
    declared = draw(st.integers(0, 5)) > 0
    below = draw(st.lists(elements(depth - 1), max_size=3)) if depth and declared else []
    return element(
        draw(st.sampled_from("abc")),
        *below,
        below=declared,
        type=draw(st.sampled_from(["container", "container", "text"])),
        **{name: value for name, value in fields.items() if value is not ABSENT},
    )


@st.composite
def pages(draw, slug):
    status = draw(st.sampled_from([ABSENT, "draft", "published"]))
    more = {} if status is ABSENT else {"status": status}
    return page(slug, *draw(st.lists(elements(2), max_size=4)), **more)


@st.composite
def configurations(draw, **traits):
    slugs = draw(st.lists(st.sampled_from(["index", "a", "b", "c/d"]), unique=True, max_size=3))
    status = draw(st.sampled_from([ABSENT, "published"]))
    more = {} if status is ABSENT else {"status": status}
    return state(project("site", *(draw(pages(slug)) for slug in slugs), **more, **traits))


EDITS = ["content", "props", "name", "move", "order", "delete", "add", "slug", "page", "page-gone"]
edits = st.lists(st.tuples(st.sampled_from(EDITS), st.integers(0, 2**16)), max_size=6)


def edit(site: Site, what: str, seed: int) -> None:
    """What a designer does, if it can be done."""
    random = Random(seed)
    kind = "page" if what in {"slug", "page-gone", "add"} and random.random() < 0.5 else "element"
    kind = "page" if what in {"slug", "page-gone"} else kind
    items = sorted((i for i in site.items.values() if i.kind == kind), key=lambda i: i.id)
    scope = sorted(i.id for i in site.items.values() if i.kind == "project")
    try:
        if what == "page" and scope:
            site.create("page", {"slug": random.choice(["a", "x"]), "name": "N"}, scope=scope[0])
        elif items:
            _edit_one(site, what, random.choice(items), items, random)
    except AssertionError:
        return  # the API would not let them


def _edit_one(site, what, item, items, random):
    match what:
        case "content":
            site.update(item.id, content=random.choice(["x", "y", "live", None]))
        case "props":
            site.update(item.id, props=random.choice([{"k": 2}, {"k": 1, "live": 1}, {}]))
        case "name":
            site.update(item.id, name=random.choice("abcz"))
        case "move":
            to = random.choice([None, *(i.id for i in items if i.scope == item.scope)])
            site.update(item.id, parent=to)
        case "order":
            site.update(item.id, position=random.choice([0, 1, 1500, 9999]))
        case "delete" | "page-gone":
            site.delete(item.id)
        case "slug":
            site.update(item.id, slug=random.choice(["a", "b", "index", "z"]))
        case "add":
            parent = item.id if item.kind == "element" else None
            page_id = item.scope if item.kind == "element" else item.id
            fields = {"name": random.choice("abc"), "type": "container"}
            at_ = random.choice([0, 1024, 5000])
            site.create("element", fields, scope=page_id, parent=parent, position=at_)


def settled(config: DesiredState) -> Site:
    site = Site()
    site.settle(config)
    return site


def is_silent(made: Plan) -> bool:
    return not (made.writes or made.changes or made.conflicts or made.settlements)


def shows(desired: Desired, live: Live) -> bool:
    """Whether the site shows exactly what is declared."""
    if not fits(desired.fields, live.item.fields):
        return False
    children, below = desired.children or (), live.children or ()
    if desired.kind == "project":
        key = [d.fields["slug"] for d in children]
        below = tuple(sorted(below, key=lambda b: _place(key, b)))
    return len(children) == len(below) and all(map(shows, children, below))


def _place(keys, live):
    slug = live.item.fields["slug"]
    return keys.index(slug) if slug in keys else len(keys)


@TRIES
@given(configurations())
def test_planning_a_state_against_itself_is_empty(config):
    site = settled(config)
    assert is_silent(site.plan(config))
    assert shows(config.projects[0], site.live().projects[0])


@TRIES
@given(configurations(), configurations(), st.randoms(use_true_random=False))
def test_applying_a_plan_gives_the_desired_state_and_a_second_one_is_empty(old, new, random):
    site = settled(old)
    made = site.plan(new)
    assert not made.conflicts
    assert not made.kept
    site.apply(made, shuffled(made, random))
    assert shows(new.projects[0], site.live().projects[0])
    assert is_silent(site.plan(new))


def shuffled(made: Plan, random) -> list[int]:
    """An order that `waits` allows."""
    order, left = [], list(range(len(made.writes)))
    while left:
        ready = [n for n in left if all(w in order for w in made.writes[n].waits)]
        order.append(random.choice(ready))
        left.remove(order[-1])
    return order


@TRIES
@given(configurations(), edits)
def test_where_only_the_site_changed_nothing_is_written(config, changes):
    site = settled(config)
    for what, seed in changes:
        edit(site, what, seed)
    made = site.plan(config)
    anew = any((c.action, c.kind) == ("adopt", "page") for c in made.changes)
    assert not made.writes or anew  # a page made anew under the same slug lacks what is declared
    assert {write.verb for write in made.writes} <= {"create"}
    assert {conflict.reason for conflict in made.conflicts} <= {"deleted-live", "no-base"}


@TRIES
@given(
    configurations(),
    configurations(),
    edits,
    st.sampled_from(["keep-live", "take-config"]),
    st.randoms(use_true_random=False),
)
def test_after_a_decision_the_second_plan_asks_and_sends_nothing(
    old, new, changes, decision, random
):
    site = settled(old)
    for what, seed in changes:
        edit(site, what, seed)
    made = site.plan(new, on_conflict=decision)
    if made.conflicts:
        return  # a slug that the site keeps, or a circle: only a person can
    site.apply(made, shuffled(made, random))
    again = site.plan(new)
    assert is_silent(again)


@TRIES
@given(configurations(), configurations(), edits)
def test_what_nobody_declared_is_never_touched(old, new, changes):
    site = settled(old)
    for what, seed in changes:
        edit(site, what, seed)
    before = {i: item for i, item in site.items.items() if i not in site.base.rows}
    made = site.plan(new, on_conflict="keep-live")
    adopted = {change.id for change in made.changes if change.action == "adopt"}
    replaced = {change.id for change in made.changes if change.action == "replace"}
    if made.conflicts:
        return
    site.apply(made)
    for id_, item in before.items():
        if id_ in adopted or id_ in replaced or id_ in site.base.rows:
            continue
        now = site.items[id_]
        assert (now.fields, now.position) == (item.fields, item.position)
        assert now.parent == item.parent or item.parent in replaced


@TRIES
@given(
    configurations(),
    configurations(manage="mirror", live_edits="overwrite"),
    edits,
    st.randoms(use_true_random=False),
)
def test_under_overwrite_and_mirror_the_site_becomes_what_is_declared(old, new, changes, random):
    site = settled(old)
    for what, seed in changes:
        edit(site, what, seed)
    made = site.plan(new)
    if made.conflicts:
        assert all(conflict.others for conflict in made.conflicts)
        return
    site.apply(made, shuffled(made, random))
    assert shows(everything(new.projects[0]), site.live().projects[0]) or has_open(new.projects[0])
    assert is_silent(site.plan(new))


def everything(one: Desired) -> Desired:
    return structs.replace(one, children=tuple(map(everything, one.children or ())))


def has_open(one: Desired) -> bool:
    """Whether something leaves open what stands below it."""
    return one.children is None or any(map(has_open, one.children))


@TRIES
@given(configurations(), configurations(), edits)
def test_the_same_inputs_give_the_same_plan(old, new, changes):
    site = settled(old)
    for what, seed in changes:
        edit(site, what, seed)
    assert site.plan(new) == site.copy().plan(new)


@TRIES
@given(configurations(), edits)
def test_a_lost_journal_writes_nothing_over_the_site(config, changes):
    site = settled(config)
    for what, seed in changes:
        edit(site, what, seed)
    fresh = Site(site.items, clock=site.clock)
    made = fresh.plan(config, on_conflict="keep-live")
    assert all(write.verb == "create" or write.purpose for write in made.writes)
    if not made.conflicts:
        fresh.apply(made)
        assert is_silent(fresh.plan(config))


@st.composite
def restructured(draw):
    """Two trees of the same elements; the second says where each of them stood."""
    names = [f"e{number}" for number in range(draw(st.integers(1, 7)))]
    one, two = draw(placements(names)), draw(placements(names))
    former = {name: f"site:index#{'/'.join(path(one, name))}" for name in names}
    return (
        state(project("site", page("index", *grown(one, None, {})))),
        state(project("site", page("index", *grown(two, None, former)))),
    )


@st.composite
def placements(draw, names):
    """Parents of shuffled names, each of an earlier one or of none."""
    order = draw(st.permutations(names))
    above = {order[0]: None}
    for number, name in enumerate(order[1:], start=1):
        above[name] = draw(st.sampled_from([None, *order[:number]]))
    return above


def path(above, name):
    return [*path(above, above[name]), name] if above[name] else [name]


def grown(above, parent, former):
    return [
        element(
            name,
            *grown(above, name, former),
            **({"renamed_from": former[name]} if name in former else {}),
            type="text" if former and name == "e0" else "container",
        )
        for name, its in above.items()
        if its == parent
    ]


@TRIES
@given(restructured(), edits, st.randoms(use_true_random=False))
def test_moves_make_no_circle_on_the_way_and_lead_to_the_tree_that_is_declared(
    trees, changes, random
):
    old, new = trees
    site = settled(old)
    made = site.plan(new)
    assert not made.conflicts
    assert {write.verb for write in made.writes} <= {"update", "create", "delete"}
    site.apply(made, shuffled(made, random))
    assert shows(new.projects[0], site.live().projects[0])
    assert is_silent(site.plan(new))
    for what, seed in changes:
        edit(site, what, seed)
    back = site.plan(old, on_conflict="take-config")
    if not back.conflicts:
        site.apply(back, shuffled(back, random))
        assert is_silent(site.plan(old))


@TRIES
@given(
    st.permutations(["a", "b", "c", "d", "e"]),
    st.lists(st.sampled_from(["a", "b", "c", "d", "e", "f", None]), min_size=5, max_size=5),
    st.permutations(["a", "b", "c", "d", "e"]),
    st.randoms(use_true_random=False),
)
def test_at_no_moment_is_a_slug_taken_twice(old, new, shuffled_slugs, random):
    """`new` are the new slugs of the old pages, None is not declared any more; designers swap."""
    site = settled(state(project("site", *map(page, old))))
    ids = [site.find(f"site:{slug}").id for slug in old]
    for number, id_ in enumerate(ids):
        site.update(id_, slug=f"x{number}")
    for id_, slug in zip(ids, shuffled_slugs, strict=True):
        site.update(id_, slug=slug)
    pairs = {slug: former for former, slug in zip(old, new, strict=True) if slug is not None}
    pages_ = (page(slug, renamed_from=former) for slug, former in pairs.items())
    wish = state(project("site", *pages_, page("new"), live_edits="overwrite"))
    made = site.plan(wish)
    assert not made.conflicts
    site.apply(made, shuffled(made, random))
    assert sorted(site.names("site")) == sorted([*pairs, "new"])
    assert is_silent(site.plan(wish))


@TRIES
@given(
    configurations(),
    configurations(),
    edits,
    st.sampled_from(["fail", "keep-live", "take-config"]),
)
def test_the_quick_ways_decide_what_the_long_ones_do(old, new, changes, decision):
    site = settled(old)
    for what, seed in changes:
        edit(site, what, seed)
    for config in (old, new):
        quick = site.plan(config, on_conflict=decision)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(fates, "is_at_rest", lambda _: False)
            patch.setattr("cfsync.planner.match.claim_in_step", lambda _, group: [group])
            assert site.plan(config, on_conflict=decision) == quick
