import copy
import dataclasses
import json
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cfsync.contract import Field
from cfsync.desired.formats import FORMATS, fits
from cfsync.desired.schema import config_schema, config_schema_text
from cfsync.desired.validation import Validator, schema_of
from cfsync.desired.violation import Violation
from cfsync.model.values import ABSENT

SHIPPED = Path(__file__).parents[3] / "schemas" / "config.schema.json"


def test_the_shipped_schema_is_generated_from_the_contract(contract):
    assert SHIPPED.read_text() == config_schema_text(contract), (
        "run: cfsync schema config > schemas/config.schema.json"
    )


def test_the_schema_is_a_schema(contract):
    jsonschema.Draft202012Validator.check_schema(config_schema(contract))


def described(schema, path=""):
    """Every property of the schema that a person can write, with where it is described."""
    for name, inner in schema.get("properties", {}).items():
        if inner != {"const": True}:
            yield f"{path}.{name}", inner
            yield from described(inner, f"{path}.{name}")
            yield from described(inner.get("items", {}), f"{path}.{name}[]")


def test_every_key_has_a_title_a_description_and_a_default_or_an_example(contract):
    schema = config_schema(contract)
    parts = [("", schema), *schema["$defs"].items()]
    keys = [entry for name, part in parts for entry in described(part, name)]
    assert len(keys) > 60
    for name, key in keys:
        if name.startswith("page.seo."):
            continue  # described by the contract, key by key, or not at all
        assert key.get("title"), name
        assert len(key.get("description", "")) > 5, name
        assert {"default", "examples", "enum", "const", "not"} & key.keys(), name


def test_every_example_and_default_is_valid(contract):
    schema = config_schema(contract)
    checker = jsonschema.FormatChecker(())
    for name, parse in FORMATS.items():
        checker.checks(name)(fits(parse))
    parts = [("", schema), *schema["$defs"].items()]
    keys = [entry for name, part in parts for entry in described(part, name)]
    for where, key in keys:
        validator = jsonschema.Draft202012Validator(
            {**key, "$defs": schema["$defs"]}, format_checker=checker
        )
        for value in [*key.get("examples", ()), *([key["default"]] if "default" in key else ())]:
            assert validator.is_valid(value), (where, value)


def test_what_comes_later_is_named_and_said_to_be_unsupported(contract):
    schema = config_schema(contract)
    element = schema["$defs"]["element"]["properties"]
    root = schema["properties"]
    environment = schema["$defs"]["environment"]["properties"]
    for key in (
        root["vars"],
        root["components"],
        environment["vars"],
        environment["overlays"],
        element["use"],
        element["each"],
        element["with"],
    ):
        assert key["description"].startswith("Not supported by this version yet.")


def with_field(contract, field: Field):
    element = contract.kind("element")
    element = dataclasses.replace(
        element,
        fields={**element.fields, field.name: field},
        content=(*element.content, field.name),
    )
    return dataclasses.replace(contract, kinds={**contract.kinds, "element": element})


def made_up(name: str, **more) -> Field:
    return Field(
        name, {"type": "integer", "maximum": 9}, "content", "assumed", 3, False, False, **more
    )


def test_a_new_field_of_the_contract_can_be_declared_at_once(contract, folder):
    folder.contract = with_field(contract, made_up("priority"))
    folder.root(
        "version: 1\nname: a\nenvironments: {l: {url: local:x.db}}\n"
        "projects: [{slug: s, name: Sss, pages: [{slug: p, name: P, elements: "
        "[{name: e, type: text, priority: 7}]}]}]\n"
    )
    element = folder.load().state.projects[0].children[0].children[0]
    assert element.fields["priority"] == 7
    folder.root((folder.path / "cfsync.yaml").read_text().replace("7", "70"))
    assert folder.problem().expected == "a whole number at most 9"
    assert (
        config_schema(folder.contract)["$defs"]["element"]["properties"]["priority"]["default"] == 3
    )


def test_a_format_of_json_schema_is_named_as_it_is_there(contract, folder):
    field = Field(
        "since", {"type": "string", "format": "date"}, "content", "assumed", "", False, False
    )
    folder.contract = with_field(contract, field)
    folder.root(
        "version: 1\nname: a\nenvironments: {l: {url: local:x.db}}\n"
        "projects: [{slug: s, name: Sss, pages: [{slug: p, name: P, elements: "
        "[{name: e, type: text, since: yesterday}]}]}]\n"
    )
    assert folder.problem().message == "'yesterday' is not a date"


def test_a_field_that_would_shadow_a_word_of_the_configuration_is_refused(contract):
    with pytest.raises(ValueError, match=r"\['protect'\]"):
        config_schema(with_field(contract, made_up("protect")))


# --- the fast validator against the reference ---------------------------------------------------

GOOD = {
    "version": 1,
    "name": "acme",
    "include": ["sites/*.yaml"],
    "journal": "j.db",
    "environments": {
        "local": {"url": "local:x.db", "settle": "0s", "rate": "5/s", "parallel": 2},
        "live": {"url": "https://api.codefluss.com", "token": {"command": ["a", "b"]}},
    },
    "default_environment": "local",
    "safety": {"max_deletes": 3},
    "projects": [
        {"slug": "old", "delete": True},
        {
            "slug": "site",
            "name": "Site",
            "status": "draft",
            "manage": "mirror",
            "ignore": [{"at": "index#**", "fields": ["props.color"]}],
            "pages": [
                {
                    "slug": "a/b",
                    "name": "B",
                    "renamed_from": "x",
                    "seo": {"title": "t"},
                    "elements": [
                        {"name": "e", "type": "text", "content": {"file": "t.md"}, "protect": True},
                        {
                            "name": "f",
                            "type": "box",
                            "content": None,
                            "visible": False,
                            "styles": {"desktop": {"padding": "1px", "opacity": 0.5}},
                            "children": [{"name": "g", "delete": True}],
                        },
                    ],
                }
            ],
        },
    ],
}
ODD = [
    None,
    True,
    0,
    -1,
    2**40,
    1.5,
    "",
    "x",
    "Not A Slug",
    "1/min",
    "30s",
    [],
    {},
    ["a"],
    {"a": 1},
    {"use": "card", "name": "x"},
    {"file": 1},
    "local:../x",
    "keep",
    "a" * 300,
]


def places(value, path=()):
    yield path
    inner = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for key, each in inner:
        yield from places(each, (*path, key))


def mutate(path, how, odd):
    document = copy.deepcopy(GOOD)
    if not path:
        return odd
    holder = document
    for step in path[:-1]:
        holder = holder[step]
    match how:
        case "replace":
            holder[path[-1]] = odd
        case "remove":
            del holder[path[-1]]
        case _:
            if isinstance(holder, dict):
                holder[how] = odd
            else:
                holder.append(odd)
    return document


def reference(schema, value) -> set[tuple[tuple, str]]:
    checker = jsonschema.FormatChecker(())
    for name, parse in FORMATS.items():
        checker.checks(name)(fits(parse))
    errors = jsonschema.Draft202012Validator(schema, format_checker=checker).iter_errors(value)
    found = set()
    for error in errors:
        keyword = (
            "propertyNames" if "propertyNames" in error.absolute_schema_path else error.validator
        )
        found.add((tuple(error.absolute_path), keyword))
    return found


def fast(found: "list[Violation]") -> set[tuple[tuple, str]]:
    return {(each.path, each.keyword) for each in found}


def test_a_whole_configuration_is_valid(contract):
    assert not list(Validator(contract).violations(GOOD, "root"))


@settings(derandomize=True, database=None, deadline=None, max_examples=200)
@given(data=st.data())
def test_the_fast_validator_finds_what_the_reference_finds(data, contract):
    path = data.draw(st.sampled_from(list(places(GOOD))))
    how = data.draw(
        st.sampled_from(["replace", "remove", "extra", "delete", "use", "name", "token"])
    )
    document = mutate(path, how, data.draw(st.sampled_from(ODD)))
    part = data.draw(st.sampled_from(["root", "file"]))
    found = list(Validator(contract).violations(document, part))
    assert fast(found) == reference(schema_of(config_schema(contract), part), document)
    assert all(isinstance(each.schema, dict) for each in found)


def test_the_shipped_schema_is_json_that_any_reader_reads():
    schema = json.loads(SHIPPED.read_text())
    assert schema["$schema"].endswith("2020-12/schema")
    assert ABSENT not in schema.values()
