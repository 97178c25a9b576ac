"""Sites, what is declared of them, and the plans that the real planner makes of both."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random
from typing import Any

from faults.loop import LogicalLoop
from faults.world import CONTRACT, HOLDER, KEY, START, Clock, Edit, Scenario
from support.emulator import InProcess

from cfsync.current.reader import ProvenReader
from cfsync.current.state import read
from cfsync.emulator.opening import open_api
from cfsync.journal.memory import MemoryStore
from cfsync.model.base import Base, BaseState, PutBase
from cfsync.model.desired import Desired, DesiredState
from cfsync.model.environment import Environment
from cfsync.model.lease import Entry
from cfsync.model.live import Live, LiveState
from cfsync.model.mark import Mark
from cfsync.model.plan import Plan
from cfsync.planner.options import PlanOptions
from cfsync.planner.plan import plan
from cfsync.remote.client import Remote

Tree = dict[str, Any]
"""A resource's fields, and what stands below it under `children`."""

ENVIRONMENT = Environment("test", "https://site.example", "site.example", "", parallel=4)


def scenario(
    name: str,
    key: str,
    live: Sequence[Tree],
    declared: Sequence[Tree],
    *,
    edits: tuple[Edit, ...] = (),
    environment: Environment = ENVIRONMENT,
) -> Scenario:
    """The site as `live`, all of it settled by an earlier run, and a plan to make it `declared`."""
    api = open_api(None, contract=CONTRACT, seed=1)
    api.now = api.resources._now = lambda: START - 1000.0
    api.designer.load(live)
    state = read_live(api)
    rows = [row for project in state.projects for row in _rows(project, None, "")]
    store = _settled(rows)
    base = BaseState({row.id: row for row in rows}, exists=True)
    made = plan_for(state_of(declared), base, state)
    assert not made.refusals or {r.reason for r in made.refusals} <= {"deletions", "threshold"}
    site, journal = api.store._db.serialize(), store.db.serialize()
    api.close()
    return Scenario(name, key, site, journal, made, tuple(declared), edits, environment)


def read_live(api: Any) -> LiveState:
    loop = LogicalLoop()
    clock = Clock(loop)
    remote = Remote(InProcess(api, clock), CONTRACT, clock, Random(1))
    slugs = {project["slug"] for project in api.state()}
    live = loop.run(read(remote, CONTRACT, slugs, 4))
    assert ProvenReader(remote)
    return live


def plan_for(desired: DesiredState, base: BaseState, live: LiveState) -> Plan:
    options = PlanOptions("test", "site.example", max_delete_percent=100, max_deletes=1000)
    return plan(desired, base, live, CONTRACT, options)


def next_plan(world: Any, live: LiveState) -> Plan:
    """Of what the scenario declares, after everything that has happened."""
    base = BaseState(world.store.base(KEY), exists=True)
    return plan_for(state_of(world.scenario.declared), base, live)


def state_of(declared: Sequence[Tree], **more: Any) -> DesiredState:
    return DesiredState("acme", tuple(_desired(one, "project", more) for one in declared), "digest")


def _desired(tree: Tree, kind: Any, more: dict[str, Any]) -> Desired:
    hidden = ("children", "position", "parentId", "renamed_from")
    fields = {name: value for name, value in tree.items() if name not in hidden}
    if "renamed_from" in tree:
        more = {**more, "renamed_from": tree["renamed_from"]}
    child = CONTRACT.child_kind(kind)
    below = {name: value for name, value in more.items() if name != "renamed_from"}
    children = tuple(_desired(one, child, below) for one in tree.get("children", ()))
    return Desired(kind, fields, children, Mark("site.yaml", 1), **more)


def _rows(live: Live, parent: str | None, above: str) -> list[Base]:
    item = live.item
    name = str(item.fields[CONTRACT.kind(item.kind).key])
    marks = {"project": "", "page": ":", "element": "/" if "#" in above else "#"}
    address = f"{above}{marks[item.kind]}{name}"
    row = Base(
        id=item.id,
        kind=item.kind,
        parent=parent,
        address=address,
        position=item.position,
        created_at=item.created_at,
        sent=dict(item.fields),
        stored=dict(item.fields),
    )
    below = [_rows(child, item.id, address) for child in live.children or ()]
    return [row, *(one for rows in below for one in rows)]


def _settled(rows: Sequence[Base]) -> MemoryStore:
    store = MemoryStore()
    lease = store.take(KEY, HOLDER, now=1.0, until=2.0, may_take=lambda _: True)
    entry = Entry("earlier", "2026", (), tuple(PutBase(row) for row in rows))
    store.commit(lease, [entry], until=2.0)
    store.release(lease)
    return store


def element(name: str, *children: Tree, **fields: Any) -> Tree:
    return {"name": name, "type": "container", **fields, "children": list(children)}


def _placed(trees: Sequence[Tree]) -> list[Tree]:
    """With the positions that cfsync itself would have given them."""
    return [
        {**tree, "position": 1024 * number, "children": _placed(tree.get("children", ()))}
        for number, tree in enumerate(trees, 1)
    ]


def site(*elements: Tree, pages: Sequence[Tree] = (), **index: Any) -> list[Tree]:
    home = {"slug": "index", "name": "Home", **index, "children": _placed(elements)}
    return [{"slug": "site", "name": "Site", "children": [home, *pages]}]


DESIGNER = (
    Edit("edit", "a", {"content": "D"}),
    Edit("edit", "a", {"props.designer": 1}),
    Edit("edit", "b", {"content": "D"}),
    Edit("edit", "inner", {"content": "D"}),
    Edit("edit", "c", {"content": "D"}),
    Edit("delete", "a"),
    Edit("delete", "b"),
    Edit("delete", "c"),
    Edit("add", "Home", {"name": "c", "type": "container", "content": "theirs"}),
    Edit("add", "Home", {"name": "c", "type": "container", "content": "new"}),
    Edit("add", "b", {"name": "theirs", "type": "text", "content": "theirs"}),
    Edit("add", "c", {"name": "theirs", "type": "text", "content": "theirs"}),
    Edit("copy", "c"),
    Edit("move", "b", under="a"),
)


def four_changes() -> Scenario:
    """Create c, create d under c, update a, delete b, which holds something."""
    a, b = element("a", content="old"), element("b", element("inner", content="in"), content="b")
    before = [a, b]
    after = [
        a | {"content": "new"},
        element("c", element("d", content="new"), content="new"),
    ]
    return scenario("4 changes", "four", site(*before), site(*after), edits=DESIGNER)


def six_changes() -> Scenario:
    """The same, a move, and a field of the page."""
    a, b, e = element("a", content="old"), element("b", element("inner"), content="b"), element("e")
    moved = e | {"renamed_from": "site:index#e"}
    after = [
        a | {"content": "new", "children": [moved]},
        element("c", element("d", content="new"), content="new"),
    ]
    live = site(a, b, e, seo={"title": "old"})
    return scenario("6 changes", "six", live, site(*after, seo={"title": "new"}), edits=DESIGNER)


def many_changes(seed: int, changes: int) -> Scenario:
    """A site of random shape, with this many edits to its configuration."""
    random = Random(seed)
    size = max(6, changes)
    pages = [_page(random, f"p{n}", size // 3 + 1) for n in range(3)]
    live = [{"slug": "site", "name": "Site", "children": pages}]
    declared = _copied(live)
    for number in range(changes):
        _change(random, declared[0], f"n{number}")
    environment = replace(ENVIRONMENT, parallel=random.choice((1, 2, 8)))
    return scenario(
        f"{changes} changes", f"{seed}/{changes}", live, declared, environment=environment
    )


def _page(random: Random, slug: str, size: int) -> Tree:
    page: Tree = {"slug": slug, "name": slug.upper(), "children": []}
    places = [page]
    for number in range(size):
        under = random.choice(places[-8:])
        made = element(f"{slug}e{number}", content=f"text {number}")
        made["position"] = 1024 * (1 + len(under["children"]))
        under["children"].append(made)
        places.append(made)
    return page


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _copied(one) for name, one in value.items()}
    return [_copied(one) for one in value] if isinstance(value, list) else value


def _change(random: Random, project: Tree, name: str) -> None:
    page = random.choice(project["children"])
    places = [(page, child) for child in page["children"]]
    for _, tree in places:
        places.extend((tree, child) for child in tree["children"])
    what = random.choice(("add", "add", "edit", "edit", "edit", "delete", "move", "seo", "page"))
    if what == "seo":
        page["seo"] = {"title": name}
        return
    if what == "page":
        project["children"].append({"slug": name, "name": name, "children": [element(f"{name}e")]})
        return
    above, tree = random.choice(places) if places else (page, page)
    if what == "add" or not places:
        tree["children"].insert(0, element(name, content=name))
    elif what == "edit":
        tree["content"] = name
    elif what == "delete":
        above["children"] = [one for one in above["children"] if one is not tree]
    else:
        above["children"] = [one for one in above["children"] if one is not tree]
        page["children"].append(tree)
