"""What the contract file promises to people and to other tools."""

import re

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from cfsync.contract import SHIPPED, load

CONTRACT = load()
DOCUMENT = CONTRACT.document
METHODS = ("get", "post", "patch", "delete")


def operations():
    for path, item in DOCUMENT["paths"].items():
        for method in filter(item.__contains__, METHODS):
            yield f"{method} {path}", item[method]


def test_it_is_openapi_3_1():
    assert DOCUMENT["openapi"].startswith("3.1")
    assert list(OpenAPIV31SpecValidator(DOCUMENT).iter_errors()) == []


@pytest.mark.parametrize(("name", "operation"), list(operations()))
def test_every_operation_says_its_source_and_every_status(name, operation):
    assert operation["x-cfsync-source"] in {"documented", "assumed"}
    assert {"400", "401", "403", "404", "429", "500"} < operation["responses"].keys()


def test_only_the_listing_of_projects_is_documented():
    documented = [name for name, each in operations() if each["x-cfsync-source"] == "documented"]
    assert documented == ["get /projects"]


@pytest.mark.parametrize("kind", list(CONTRACT.kinds))
@pytest.mark.parametrize("shape", ["create", "update", "resource"])
def test_every_field_says_its_source(kind, shape):
    names = {"create": "Create", "update": "Update", "resource": ""}
    schema = DOCUMENT["components"]["schemas"][kind.capitalize() + names[shape]]
    parts = [schema, *schema.get("allOf", ())]
    fields = [field for part in parts for field in part["properties"].values()]
    assert fields
    assert all(field["x-cfsync-source"] in {"documented", "assumed"} for field in fields)


@pytest.mark.parametrize("kind", list(CONTRACT.kinds))
def test_a_field_of_a_create_is_one_of_an_update_unless_it_is_immutable(kind):
    fields = CONTRACT.kinds[kind].fields
    create = CONTRACT.shapes[kind, "create"]["properties"].keys()
    update = CONTRACT.shapes[kind, "update"]["properties"].keys()
    assert create - update == {name for name in create if fields[name].immutable}
    assert update < fields.keys()


@pytest.mark.parametrize("kind", list(CONTRACT.kinds))
def test_an_optional_field_has_a_default_that_conforms_to_it(kind):
    for field in CONTRACT.kinds[kind].fields.values():
        if field.name in CONTRACT.shapes[kind, "update"]["properties"] and not field.required:
            assert CONTRACT.is_valid(kind, {field.name: field.default}, "update")


def test_keywords_and_syntax_that_other_tools_misread_are_left_out():
    text = re.sub("#.*", "", SHIPPED.read_text())
    for word in ("unevaluatedProperties", "dependentRequired", "prefixItems", "<<"):
        assert word not in text
