def test_a_state_shows_what_a_visitor_could_tell_apart(site):
    [project] = site.api.state()
    assert project["slug"] == "acme"
    assert [page["slug"] for page in project["children"]] == ["about/team", "index"]
    index = project["children"][1]
    assert [element["name"] for element in index["children"]] == ["hero", "card", "card"]
    assert index["children"][0] == {
        "name": "hero",
        "type": "section",
        "content": None,
        "props": {"color": "blue", "size": 2},
        "styles": {},
        "visible": True,
        "position": 1,
        "children": [
            {
                "name": "title",
                "type": "heading",
                "content": None,
                "props": {},
                "styles": {},
                "visible": True,
                "position": 0,
                "children": [],
            }
        ],
    }


def test_a_state_with_ids_shows_everything(site):
    [project] = site.api.state(ids=True)
    assert project["id"] == site.project
    assert project.keys() > {"createdAt", "updatedAt"}
    assert project["children"][1]["children"][0]["children"][0]["parentId"] == site.hero


def test_an_id_inside_a_value_is_shown_as_an_address(site):
    link = {"pages": [site.page], "deep": {"to": site.title, "free": "text"}, "count": 1}
    site.api.designer.edit("hero", props=link)
    hero = site.api.state()[0]["children"][1]["children"][0]
    assert hero["props"] == {
        "pages": ["id:acme:index"],
        "deep": {"to": "id:acme:index#hero/title", "free": "text"},
        "count": 1,
    }


def test_siblings_stand_as_the_site_shows_them(site):
    designer = site.api.designer
    designer.edit("acme:index#card[2]", position=0, name="first")
    designer.edit("hero", position=2)  # a tie with the other card, which is younger
    index = site.api.state()[0]["children"][1]
    assert [element["name"] for element in index["children"]] == ["first", "hero", "card"]


def test_something_made_again_is_equal_without_ids(site):
    before, with_ids = site.api.state(), site.api.state(ids=True)
    site.api.designer.delete("title")
    site.api.designer.add("hero", name="title", type="heading")
    assert site.api.state() == before
    assert site.api.state(ids=True) != with_ids
