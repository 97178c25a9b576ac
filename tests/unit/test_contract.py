import subprocess
import sys

import pytest

from cfsync.contract import SHIPPED, load
from cfsync.errors import CfsyncError
from cfsync.model.live import Item
from cfsync.model.values import ABSENT

CONTRACT = load()
ELEMENT = {
    "id": "elem_1",
    "pageId": "page_1",
    "name": "hero",
    "type": "section",
    "parentId": None,
    "position": 3,
    "props": {"level": 1},
    "createdAt": "2026-01-15T10:30:00Z",
    "updatedAt": "2026-01-22T14:45:00Z",
    "unheardOf": True,
}


def rewritten(tmp_path, old, new):
    text = SHIPPED.read_text()
    assert old in text
    (tmp_path / "copy.yaml").write_text(text.replace(old, new))
    return tmp_path / "copy.yaml"


def test_kinds_come_parents_first():
    assert list(CONTRACT.kinds) == ["project", "page", "element"]
    assert [kind.parent for kind in CONTRACT.kinds.values()] == [None, "project", "page"]


def test_each_kind_knows_what_a_configuration_may_declare():
    assert {name: kind.content for name, kind in CONTRACT.kinds.items()} == {
        "project": ("name", "slug", "status", "description", "settings"),
        "page": ("name", "slug", "status", "seo", "settings"),
        "element": ("name", "type", "content", "props", "styles", "visible"),
    }


def test_each_kind_knows_its_natural_key():
    keys = {name: (kind.key, kind.key_unique) for name, kind in CONTRACT.kinds.items()}
    assert keys == {"project": ("slug", True), "page": ("slug", True), "element": ("name", False)}


def test_roles_name_their_field():
    element, project = CONTRACT.kind("element"), CONTRACT.kind("project")
    assert element.field_of("parent") == "parentId"
    assert element.field_of("scope") == "pageId"
    assert project.field_of("scope") is None


def test_what_undeclared_fields_go_back_to():
    defaults = {
        field.name: field.default
        for kind in CONTRACT.kinds.values()
        for field in kind.fields.values()
        if field.role == "content"
    }
    assert defaults == {
        "name": ABSENT,
        "slug": ABSENT,
        "type": ABSENT,
        "status": "draft",
        "description": "",
        "settings": {},
        "seo": {},
        "content": None,
        "props": {},
        "styles": {},
        "visible": True,
    }


def test_only_the_type_of_an_element_is_immutable():
    immutable = [
        field.name
        for kind in CONTRACT.kinds.values()
        for field in kind.fields.values()
        if field.immutable
    ]
    assert immutable == ["type"]


def test_a_field_carries_a_plain_schema_and_its_source():
    name, description = (CONTRACT.kind("project").fields[each] for each in ("name", "description"))
    assert name.schema == {
        "description": "Its title.", "type": "string", "minLength": 3, "maxLength": 200,
    }  # fmt: skip
    assert (name.source, name.required) == ("documented", True)
    assert description.schema == {"description": "What the site is for.", "type": "string"}
    assert (description.source, description.required) == ("assumed", False)


def test_paths_are_filled_with_ids():
    page = CONTRACT.kind("page")
    assert page.collection_path("proj_1") == "/projects/proj_1/pages"
    assert page.single_path("page_1") == "/pages/page_1"
    assert CONTRACT.kind("project").collection_path(None) == "/projects"


def test_an_id_cannot_lead_to_another_path():
    assert CONTRACT.kind("page").single_path("../x?y") == "/pages/..%2Fx%3Fy"
    for id_ in ("", ".", ".."):
        with pytest.raises(ValueError, match=r"cannot stand in /pages/\{pageId\}"):
            CONTRACT.kind("page").single_path(id_)


def test_what_stands_below_what():
    below = [CONTRACT.child_kind(kind) for kind in CONTRACT.kinds]
    assert below == ["page", "element", "element"]


def test_operations_say_method_path_and_parameters():
    [listing] = [each for each in CONTRACT.operations if (each.kind, each.verb) == ("page", "list")]
    assert (listing.method, listing.path) == ("GET", "/projects/{projectId}/pages")
    assert listing.source == "assumed"
    assert listing.query["limit"]["maximum"] == 100
    assert len(CONTRACT.operations) == 15


@pytest.mark.parametrize(
    ("body", "path", "message"),
    [
        ({"slug": "a", "name": "ab"}, ("name",), "must be at least 3 characters"),
        ({"slug": "a", "name": "a" * 201}, ("name",), "must be at most 200 characters"),
        ({"name": "abc"}, ("slug",), "is required"),
        ({"slug": "A b", "name": "abc"}, ("slug",), "must match ^[a-z0-9]+(-[a-z0-9]+)*$"),
        (
            {"slug": "a", "name": "abc", "status": "gone"},
            ("status",),
            "must be one of draft, published, archived",
        ),
        ({"slug": "a", "name": "abc", "settings": 1}, ("settings",), "must be of type object"),
        ({"slug": "a", "name": "abc", "x": 1}, ("x",), "is not a field that can be written"),
        ([], (), "must be of type object"),
    ],
)
def test_a_violation_says_where_and_what(body, path, message):
    assert not CONTRACT.is_valid("project", body, "create")
    [violation] = CONTRACT.violations("project", body, "create")
    assert (violation.path, violation.message) == (path, message)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"position": -1}, "must be at least 0"),
        ({"position": 2**31}, "must be at most 2147483647"),
        ({"name": ""}, "must not be empty"),
        ({"parentId": 1}, "must be of type string or null"),
    ],
)
def test_a_violation_of_an_update_says_what(body, message):
    [violation] = CONTRACT.violations("element", body, "update")
    assert violation.message == message


def test_a_violation_deep_inside_has_its_whole_path():
    body = {"styles": {"desktop": {"padding": ["1px"]}}}
    [violation] = CONTRACT.violations("element", body, "update")
    assert violation.path == ("styles", "desktop", "padding")


def test_every_violation_is_told_at_once():
    found = {each.path for each in CONTRACT.violations("page", {"x": 1, "name": ""}, "create")}
    assert found == {("slug",), ("name",), ("x",)}


def test_a_time_that_is_none_is_a_violation_of_a_resource():
    resource = ELEMENT | {"createdAt": "yesterday"}
    [violation] = CONTRACT.violations("element", resource, "resource")
    assert violation.message == "must be a date-time"


def test_words_of_the_validator_stand_where_there_are_no_better_ones(tmp_path):
    about = "description: {description: What the site is for., "
    path = rewritten(tmp_path, about + "type: string,", about + "const: fixed,")
    [violation] = load(path).violations("project", {"description": "x"}, "update")
    assert (violation.keyword, violation.message) == ("const", '"fixed" was expected')


@pytest.mark.parametrize("body", [{"slug": "a", "name": b"abc"}, {1: "a", "name": "abc"}])
def test_what_is_no_json_is_a_violation_and_no_crash(body):
    assert not CONTRACT.is_valid("project", body, "create")
    found = list(CONTRACT.violations("project", body, "create"))
    assert [each.keyword for each in found] == ["json"]


def test_a_resource_is_sorted_into_its_roles():
    assert CONTRACT.item("element", ELEMENT) == Item(
        kind="element",
        id="elem_1",
        scope="page_1",
        parent=None,
        position=3,
        fields={"name": "hero", "type": "section", "props": {"level": 1}},
        created_at="2026-01-15T10:30:00Z",
        updated_at="2026-01-22T14:45:00Z",
    )


def test_a_position_written_as_a_float_is_a_whole_number():
    position = CONTRACT.item("element", ELEMENT | {"position": 3.0}).position
    assert position == 3
    assert isinstance(position, int)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("id", ""),
        ("id", 1),
        ("pageId", None),
        ("parentId", ""),
        ("parentId", 5),
        ("position", None),
        ("position", True),
        ("position", "3"),
        ("position", 1.5),
        ("createdAt", None),
        ("updatedAt", 0),
    ],
)
def test_a_resource_of_a_wrong_type_is_refused_by_name(name, value):
    with pytest.raises(ValueError) as caught:
        CONTRACT.item("element", ELEMENT | {name: value})
    assert str(caught.value) == f"an element with {name} {value!r}"


@pytest.mark.parametrize("name", ["id", "pageId", "position", "createdAt", "name"])
def test_a_resource_without_a_field_is_refused_by_name(name):
    resource = {key: value for key, value in ELEMENT.items() if key != name}
    with pytest.raises(ValueError, match=f"an element without {name}"):
        CONTRACT.item("element", resource)


def test_an_element_that_says_no_parent_is_refused():
    resource = {key: value for key, value in ELEMENT.items() if key != "parentId"}
    with pytest.raises(ValueError, match="an element without parentId"):
        CONTRACT.item("element", resource)


def test_references_are_followed(tmp_path):
    path = rewritten(
        tmp_path,
        "        description: {description: What the site is for., type: string, default",
        '        description: {$ref: "#/components/schemas/Words", default',
    )
    path.write_text(path.read_text() + "    Words: {type: string, maxLength: 5}\n")
    contract = load(path)
    schema = {"type": "string", "maxLength": 5}
    assert contract.kind("project").fields["description"].schema == schema
    assert not contract.is_valid("project", {"description": "longer"}, "update")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("openapi: 3.1.0", "openapi: [3.1.0"),
        ("        keyUnique: true\n", ""),
        ("collection: /projects\n", "collection: /elsewhere\n"),
    ],
)
def test_a_contract_that_lacks_something_says_what_and_where(tmp_path, old, new):
    path = rewritten(tmp_path, old, new)
    with pytest.raises(CfsyncError, match="contract cannot be read") as caught:
        load(path)
    assert caught.value.where == str(path)
    assert caught.value.why


def test_a_missing_contract_says_where(tmp_path):
    with pytest.raises(CfsyncError) as caught:
        load(tmp_path / "none.yaml")
    assert "No such file" in caught.value.why


def test_a_method_that_the_document_lacks_is_no_operation(tmp_path):
    text = SHIPPED.read_text()
    start = text.index("    delete:\n      operationId: deletePage")
    copy = tmp_path / "copy.yaml"
    copy.write_text(text[:start] + text[text.index("  /pages/{pageId}/elements:") :])
    verbs = [each.verb for each in load(copy).operations if each.kind == "page"]
    assert verbs == ["list", "create", "get", "update"]


def test_reading_the_contract_loads_no_validator():
    code = (
        "import sys; from cfsync.contract import load; load();print('jsonschema_rs' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "False\n"
