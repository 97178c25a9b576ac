"""Plans that hold one of everything."""

import pytest

from cfsync.model.base import Base, DropBase, PutBase, Settle
from cfsync.model.live import Item, Live
from cfsync.model.mark import Mark
from cfsync.model.plan import Change, Conflict, Edit, Kept, Plan, Refusal, Summary, Write
from cfsync.model.values import ABSENT, Made

MARK = Mark("sites/main.yaml", 12, 5)


def edit(path, before=ABSENT, after=ABSENT, settled=ABSENT, mark=None):
    return Edit(tuple(path.split(".")), before, after, settled, mark)


def item(id_, **fields):
    return Item("element", id_, "page_1", None, 1024, fields, "2026-01-01", "2026-01-02")


CHANGES = (
    Change(
        "create",
        "page",
        "my-website:about",
        None,
        (edit("slug", after="about"), edit("seo.title", after="About us")),
        mark=MARK,
    ),
    Change(
        "create",
        "element",
        "my-website:about#hero",
        None,
        (
            edit("content", after="Hello"),
            edit("props.pageId", after=Made(0)),
            edit("type", after="section"),
        ),
        mark=MARK,
    ),
    Change(
        "update",
        "element",
        "my-website:index#hero/title",
        "elem_1",
        (
            edit("content", "Hello", "Hello world", "Hello"),
            edit("props.level", ABSENT, None),
            edit("styles.color", "red", ABSENT, "red"),
        ),
        mark=MARK,
    ),
    Change(
        "move",
        "element",
        "my-website:index#footer/cta",
        "elem_2",
        moved_from="my-website:index#hero/cta",
        reordered=True,
        renumbered=2,
    ),
    Change(
        "replace", "element", "my-website:index#story", "elem_3", (edit("type", "text", "list"),)
    ),
    Change("delete", "element", "my-website:index#old", "elem_4", descendants=4),
    Change("adopt", "element", "my-website:index#new", "elem_5"),
    Change("forget", "page", "my-website:gone", "page_9"),
)
WRITES = (
    Write(
        0,
        0,
        "create",
        "page",
        "my-website:about",
        None,
        "proj_1",
        body={"slug": "about", "props": {"x": [Made(3), {"$made": "not one"}]}},
        settle=Settle(
            "my-website:about",
            {"slug": "about"},
            (("seo", "title"),),
            True,
            False,
            7,
            {"seo": {"title": "x"}},
        ),
    ),
    Write(
        1,
        2,
        "update",
        "element",
        "my-website:index#hero/title",
        Made(0),
        "page_1",
        edits=(edit("parentId", None, Made(0)),),
        waits=(0,),
        purpose="reparent",
    ),
    Write(
        2,
        5,
        "delete",
        "element",
        "my-website:index#old",
        "elem_4",
        "page_1",
        subtree=Live(item("elem_4", name="old"), (Live(item("elem_6", name="x"), ()),)),
        waits=(0, 1),
    ),
)
KEPT = (
    Kept(
        "fields",
        "element",
        "my-website:index#hero",
        "elem_7",
        (edit("content", "Site", "Files", "Files"),),
        MARK,
    ),
    Kept("deleted", "element", "my-website:index#sub", "elem_8"),
    Kept("order", "element", "my-website:index#hero/b", "elem_9"),
    Kept("parent", "element", "my-website:index#hero/c", "elem_10"),
)
CONFLICTS = (
    Conflict(
        "both-changed",
        "element",
        "my-website:index#hero/lead",
        "elem_11",
        "fields",
        (edit("content", "Site", "Files", "Base", MARK),),
        mark=MARK,
    ),
    Conflict(
        "holds-foreign",
        "page",
        "my-website:shop",
        "page_3",
        "delete",
        others=tuple(f"my-website:shop#x{n}" for n in range(7)),
    ),
)
BASE = Base("elem_5", "element", "page_1", "a:b#c", 5, "2026", {"name": "c"}, {"name": "c"}, True)


@pytest.fixture
def full_plan():
    return Plan(
        name="acme",
        environment="staging",
        host="api.staging.codefluss.dev",
        has_base=True,
        partial=True,
        changes=CHANGES,
        kept=KEPT,
        conflicts=CONFLICTS,
        writes=WRITES,
        settlements=(PutBase(BASE), DropBase("page_9")),
        refusals=(
            Refusal("conflict", "2 conflicts", "cfsync plan --on-conflict keep-live", ("a:b",)),
        ),
        suggestions=("'new' looks like 'old' renamed",),
        summary=Summary(2, 1, 1, 1, 5, 1, 4, 2, 3, 8),
        config_digest="c0",
        live_digest="l0",
    )


@pytest.fixture
def empty_plan():
    return Plan("acme", "local", "local", has_base=True)
