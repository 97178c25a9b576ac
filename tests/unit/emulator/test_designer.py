import pytest

from cfsync.emulator.designer import CannotEdit


@pytest.fixture
def designer(site):
    return site.api.designer


def test_things_are_found_by_id_address_and_unique_name(site, designer):
    assert designer.find(site.hero) == site.hero
    assert designer.find("acme:index#hero") == site.hero
    assert designer.find("hero") == site.hero
    assert designer.find("Home") == designer.find("index") == site.page
    assert designer.get("acme:index#card[2]")["position"] == 3


def test_a_name_of_nothing_or_of_several_is_refused(designer):
    with pytest.raises(CannotEdit, match="nothing is called 'none'"):
        designer.find("none")
    with pytest.raises(CannotEdit, match="2 things are called 'card'"):
        designer.find("card")


def test_an_edit_of_one_key_leaves_its_neighbours(designer):
    designer.edit("hero", {"props.color": "red"}, name="Hero")
    hero = designer.get("Hero")
    assert hero["props"] == {"color": "red", "size": 2}


def test_an_edit_of_a_field_replaces_it_whole(designer):
    designer.edit("hero", props={"a": 1})
    assert designer.get("hero")["props"] == {"a": 1}


def test_two_keys_of_one_object_are_edited_together(designer):
    designer.edit("hero", {"props.color": "red", "props.size": 9})
    assert designer.get("hero")["props"] == {"color": "red", "size": 9}


def test_an_edit_is_neither_counted_nor_hit_by_faults(site, designer):
    site.faults("500")
    designer.edit("hero", visible=False)
    assert designer.get("hero")["visible"] is False
    assert list(site.api.log) == []
    assert [(each.number, each.verb) for each in site.api.log.commits] == [(0, "update")]


def test_things_are_added_below_their_like(site, designer):
    page = designer.add("acme", name="Jobs", slug="jobs")
    top = designer.add("jobs", name="list", type="list")
    item = designer.add("list", {"name": "item"}, type="text")
    assert designer.get(item)["parentId"] == top
    assert designer.get(top)["pageId"] == page
    assert designer.find("acme:jobs#list/item") == item


def test_a_move_changes_parent_and_position(site, designer):
    designer.move("title", under="acme:index#card", position=4)
    assert designer.find("acme:index#card/title") == site.title
    designer.move("title", under="index")
    assert designer.get("title")["parentId"] is None
    assert designer.get("title")["position"] == 4
    designer.move("title", position=8)
    assert designer.get("title")["position"] == 8


def test_a_copy_is_a_twin_beside_it(site, designer):
    twin = designer.copy("title")
    first, second = designer.get(site.title), designer.get(twin)
    different = {name for name in first if first[name] != second[name]}
    assert different == {"id", "createdAt"}


def test_a_deletion_takes_all_below(site, designer):
    designer.delete("hero")
    with pytest.raises(CannotEdit):
        designer.find("title")


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (lambda designer: designer.edit("hero", type="text"), "cannot edit"),
        (lambda designer: designer.add("acme", name="Twin", slug="index"), "cannot add a page"),
        (lambda designer: designer.move("hero", under="title"), "stands below"),
    ],
)
def test_what_the_api_would_refuse_is_refused_here_alike(designer, act, message):
    with pytest.raises(CannotEdit, match=message):
        act(designer)


def test_a_state_can_be_loaded_into_another_site(site, client, clock):
    from cfsync.contract import load
    from cfsync.emulator.api import Api
    from cfsync.emulator.store import Store

    other = Api(Store(), load(), now=clock)
    other.designer.load(site.api.state())
    assert other.state() == site.api.state()
    assert other.state(ids=True) != site.api.state(ids=True)
    other.close()


def test_a_load_that_fails_leaves_nothing(site, designer):
    before = site.api.state(ids=True)
    with pytest.raises(CannotEdit):
        designer.load([{"name": "One", "slug": "one"}, {"name": "Two", "slug": "acme"}])
    assert site.api.state(ids=True) == before
