"""What plan and apply send, by the served emulator's own log."""

import json
from math import ceil

import pytest
from support.environments import add_environment
from support.examples import NAMES, copy_of_example

from cfsync.emulator.faults import Fault

LIMIT = 100
"""Resources in one answer, at most."""


@pytest.fixture(params=NAMES)
def example(request, tmp_path, served):
    """A copy, with the served emulator as its environment `emulated`."""
    copy = copy_of_example(request.param, tmp_path)
    add_environment(copy / "cfsync.yaml", "emulated", served)
    return copy


def reads_of_a_plan(state):
    """max(1, ceil(items / limit)) for the projects, each one's pages and each page's elements."""
    collections = [len(state)]
    for project in state:
        collections.append(len(project["children"]))
        collections += [sum(1 for _ in walk(page["children"])) for page in project["children"]]
    return sum(max(1, ceil(items / LIMIT)) for items in collections)


def walk(resources):
    for resource in resources:
        yield resource
        yield from walk(resource["children"])


def test_a_first_plan_asks_once_whether_the_project_is_there(cfsync, example, served):
    cfsync("-C", example, "-e", "emulated", "plan")

    assert dict(served.api.log.methods) == {"GET": 1}


def test_a_first_apply_sends_one_write_for_each_resource_and_few_reads(cfsync, example, served):
    cfsync("-C", example, "-e", "emulated", "apply", "--yes")

    state = served.api.state()
    resources = sum(1 for _ in walk(state))
    pages = sum(len(project["children"]) for project in state)
    published = sum(each.get("status") == "published" for each in walk(state))
    methods = served.api.log.methods
    assert methods["POST"] == resources
    # a new page is published once all that stands on it is there
    assert methods["PATCH"] == published
    assert methods["GET"] <= 4 * pages + 3
    assert methods["DELETE"] == 0


def test_a_plan_reads_each_collection_once_and_sends_nothing_else(cfsync, example, served):
    cfsync("-C", example, "-e", "emulated", "apply", "--yes")
    served.api.log.clear()

    cfsync("-C", example, "-e", "emulated", "plan", "--detailed-exitcode")

    assert dict(served.api.log.methods) == {"GET": reads_of_a_plan(served.api.state())}


def test_an_apply_without_changes_is_a_plan(cfsync, example, served):
    cfsync("-C", example, "-e", "emulated", "apply", "--yes")
    served.api.log.clear()

    cfsync("-C", example, "-e", "emulated", "apply", "--yes")

    assert dict(served.api.log.methods) == {"GET": reads_of_a_plan(served.api.state())}


SIBLINGS = """\
version: 1
name: acme
environments:
default_environment: emulated
projects:
  - slug: acme
    name: Acme
    pages:
      - slug: index
        name: Home
        elements:
"""
NUMBERS = range(200)


@pytest.fixture
def siblings(tmp_path, cfsync, served):
    """A page with 200 of them, applied; called with their numbers it applies another order."""

    def apply(numbers, text="Text"):
        config = tmp_path / "cfsync.yaml"
        entries = (
            f"          - {{name: n{n}, type: text, content: {text} {n}}}\n" for n in numbers
        )
        config.write_text(SIBLINGS + "".join(entries), encoding="utf-8")
        add_environment(config, "emulated", served)
        served.api.log.clear()
        cfsync("-C", tmp_path, "apply", "--yes")
        (project,) = served.api.state()
        shown = [element["name"] for element in project["children"][0]["children"]]
        assert shown == [f"n{n}" for n in numbers]
        return dict(served.api.log.methods)

    apply(NUMBERS)
    return apply


@pytest.mark.parametrize(
    ("which", "to"), [(199, 0), (0, 199), (150, 20), (20, 150), (100, 101)], ids=str
)
def test_moving_one_of_two_hundred_siblings_is_one_patch(siblings, which, to):
    order = [n for n in NUMBERS if n != which]
    order.insert(to, which)

    sent = siblings(order)

    assert sent["PATCH"] == 1
    assert sent.keys() == {"GET", "PATCH"}


def test_a_changed_text_is_one_patch_of_one_field(siblings, served, tmp_path, cfsync):
    config = tmp_path / "cfsync.yaml"
    text = config.read_text(encoding="utf-8").replace("Text 77}", "Another text}")
    config.write_text(text, encoding="utf-8")
    id_ = served.api.designer.find("acme:index#n77")
    writes = []

    def listen(call, serve, _world):
        if call.is_write:
            writes.append((call.method, call.path, json.loads(call.body)))
        return serve(call)

    served.api.faults.append(Fault(listen))
    cfsync("-C", tmp_path, "apply", "--yes")

    assert writes == [("PATCH", f"/elements/{id_}", {"content": "Another text"})]
