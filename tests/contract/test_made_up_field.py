"""A new field of the API is an edit of the contract file alone."""

import json

import pytest

from cfsync.contract import SHIPPED, load
from cfsync.emulator.api import Api
from cfsync.emulator.store import Store

MARK = "      properties: &page-fields\n"
FIELD = (
    "        mood: {enum: [calm, loud], default: calm,"
    " x-cfsync-source: assumed, description: made up}\n"
)
JSON = {"content-type": "application/json"}


@pytest.fixture
def contract(tmp_path):
    text = SHIPPED.read_text()
    assert MARK in text
    copy = tmp_path / "copy.yaml"
    copy.write_text(text.replace(MARK, MARK + FIELD))
    return load(copy)


@pytest.fixture
def page(contract):
    api = Api(Store(), contract, now=lambda: 1.0)
    project = api.designer.add(None, name="Acme", slug="acme")

    def send(method, target, body=None):
        answer = api.handle(method, target, JSON, json.dumps(body).encode())
        return answer.status, json.loads(answer.body)

    send.pages = f"/projects/{project}/pages"
    yield send
    api.close()


def test_the_field_is_known_with_all_that_the_file_says(contract):
    field = contract.kind("page").fields["mood"]
    assert field.schema == {"enum": ["calm", "loud"], "description": "made up"}
    assert (field.role, field.source, field.default) == ("content", "assumed", "calm")
    assert "mood" in contract.kind("page").content
    assert "mood" not in contract.kind("project").fields


def test_the_emulator_takes_stores_and_answers_it(page):
    status, made = page("POST", page.pages, {"name": "Home", "slug": "index", "mood": "loud"})
    assert (status, made["data"]["mood"]) == (201, "loud")
    _, listed = page("GET", page.pages)
    assert [each["mood"] for each in listed["data"]] == ["loud"]
    _, changed = page("PATCH", f"/pages/{made['data']['id']}", {"mood": "calm"})
    assert changed["data"]["mood"] == "calm"


def test_the_emulator_fills_in_its_default(page):
    _, made = page("POST", page.pages, {"name": "Home", "slug": "index"})
    assert made["data"]["mood"] == "calm"


def test_the_emulator_refuses_a_wrong_value(page):
    status, answer = page("POST", page.pages, {"name": "Home", "slug": "index", "mood": "sad"})
    assert status == 400
    assert answer["error"]["details"] == {
        "field": "mood",
        "reason": "Mood must be one of calm, loud",
    }
