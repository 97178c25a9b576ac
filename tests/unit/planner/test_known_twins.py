from support.model_site import Site, element, page, project, state


def test_a_create_names_who_stands_there_under_its_name_already():
    site = Site()
    owned = state(project("site", page("index", element("a"), element("b"))))
    site.settle(owned)
    home = next(item for item in site.items.values() if item.kind == "page")
    mine = next(item for item in site.items.values() if item.fields.get("name") == "a")
    theirs = site.create("element", {"name": "a", "type": "text"}, scope=home.id, position=9000)
    site.delete(mine.id)
    wanted = state(project("site", page("index", element("a", content="x"), element("b"))))

    made = site.plan(wanted, on_conflict="take-config")

    [create] = [write for write in made.writes if write.verb == "create"]
    assert create.twins == (theirs.id,)


def test_in_what_is_yet_to_be_made_there_is_nobody():
    site = Site()

    made = site.plan(state(project("site", page("index", element("a")))))

    assert [write.twins for write in made.writes if write.verb == "create"] == [(), (), ()]
