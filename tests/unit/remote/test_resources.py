import pytest

from cfsync.contract import load
from cfsync.remote.envelope import NotAnEnvelope
from cfsync.remote.resources import OffContract, item_of, page_of

CONTRACT = load()


def page(answer, *resources):
    return answer({"data": list(resources), "pagination": {"hasMore": False}})


def elements(answer, *resources):
    return page_of(CONTRACT, "element", "page_1", page(answer, *resources))


def test_resources_become_items(answer, an_element):
    [item] = elements(answer, an_element(futureField={"a": 1})).items
    assert (item.kind, item.id, item.scope, item.parent) == ("element", "elem_1", "page_1", None)
    assert item.fields == {"name": "hero", "type": "section", "props": {"level": 1}}


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"id": 5}, "data[1].id"),
        ({"props": []}, "data[1].props"),
        ({"name": None}, "data[1].name"),
        ({"position": "1"}, "data[1].position"),
        ({"parentId": 7}, "data[1].parentId"),
        ({"createdAt": 5}, "data[1].createdAt"),
    ],
)
def test_a_field_of_the_wrong_type_is_named(answer, an_element, change, where):
    with pytest.raises(OffContract) as caught:
        elements(answer, an_element(id="elem_0"), an_element(**change))
    assert str(caught.value).startswith(where)


@pytest.mark.parametrize("missing", ["id", "name", "type", "pageId", "createdAt"])
def test_a_missing_field_is_named(answer, an_element, missing):
    resource = an_element()
    del resource[missing]
    with pytest.raises(OffContract, match=missing):
        elements(answer, resource)


def test_an_id_that_is_empty_is_none(answer, an_element):
    with pytest.raises(OffContract, match="id"):
        elements(answer, an_element(id=""))


def test_values_that_the_contract_did_not_foresee_are_still_what_stands_there(answer, an_element):
    [item] = elements(answer, an_element(name="x" * 500, type="Hero Block")).items
    assert item.fields["type"] == "Hero Block"


def test_a_resource_of_another_collection_is_refused(answer, an_element):
    with pytest.raises(OffContract, match="page_2"):
        elements(answer, an_element(pageId="page_2"))


def test_equal_ids_and_times_of_a_page_are_one_string(answer, an_element):
    first, second = elements(answer, an_element(), an_element(id="elem_2")).items
    assert first.scope is second.scope
    assert first.created_at is second.created_at


def test_the_resource_has_to_be_the_one_asked_for(answer, a_project):
    response = answer({"data": a_project()})
    assert item_of(CONTRACT, "project", response, id_="proj_1").id == "proj_1"
    with pytest.raises(OffContract, match="proj_2"):
        item_of(CONTRACT, "project", response, id_="proj_2")


def test_what_is_no_envelope_stays_one(answer):
    with pytest.raises(NotAnEnvelope):
        item_of(CONTRACT, "project", answer(b"<html>"))
