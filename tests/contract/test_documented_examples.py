"""The examples of Codefluss's public API reference, character for character."""

import json
from pathlib import Path

import jsonschema_rs
import pytest

from cfsync.contract import load

EXAMPLES = Path(__file__).parent / "documented"
CONTRACT = load()


def example(name):
    return (EXAMPLES / f"{name}.txt").read_text()


def conforms(body, schema):
    components = CONTRACT.document["components"]
    root = {**components["schemas"][schema], "components": components}
    return jsonschema_rs.Draft202012Validator(root, validate_formats=True).is_valid(body)


def test_the_list_of_projects_conforms_without_meta():
    body = json.loads(example("projects"))
    assert "meta" not in body
    assert conforms(body, "ProjectList")


def test_the_documented_project_is_read_into_its_roles():
    [project] = json.loads(example("projects"))["data"]
    assert CONTRACT.is_valid("project", project, "resource")
    item = CONTRACT.item("project", project)
    assert (item.id, item.created_at) == ("proj_abc123", "2026-01-15T10:30:00Z")
    assert item.updated_at == "2026-01-22T14:45:00Z"
    assert item.fields == {"name": "My Website", "slug": "my-website", "status": "published"}


@pytest.mark.parametrize("schema", ["ProjectList", "PageList", "ElementList"])
def test_the_documented_page_of_a_list_conforms_without_success_and_meta(schema):
    text = example("pagination")
    body = json.loads(text.replace("[...]", "[]"))  # the dots stand for resources
    assert body.keys() == {"data", "pagination"}
    assert conforms(body, schema)


def test_the_documented_success_conforms_around_a_documented_resource():
    [project] = json.loads(example("projects"))["data"]
    text = example("success").replace("{ // Response data }", json.dumps(project))
    assert conforms(json.loads(text), "ProjectAnswer")


def test_the_documented_error_conforms():
    assert conforms(json.loads(example("error")), "Error")


def test_an_error_that_claims_success_does_not_conform():
    assert not conforms({**json.loads(example("error")), "success": True}, "Error")


def test_the_documented_error_is_what_a_name_of_two_characters_gets():
    from support.emulator import in_process

    with in_process() as api:
        answer = api.handle(
            "POST",
            "/projects",
            {"content-type": "application/json"},
            b'{"name": "My", "slug": "my"}',
        )
    documented = json.loads(example("error"))
    assert json.loads(answer.body)["error"] == documented["error"]
