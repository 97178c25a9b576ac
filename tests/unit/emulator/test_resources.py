import pytest


def test_a_create_fills_in_what_the_contract_defaults(client):
    _, project = client.send("POST", "/projects", {"name": "Acme", "slug": "acme"})
    stamp = "2027-01-15T08:00:00.000000Z"
    assert project == {
        "id": project["id"],
        "name": "Acme",
        "slug": "acme",
        "status": "draft",
        "description": "",
        "settings": {},
        "createdAt": stamp,
        "updatedAt": stamp,
    }
    assert project["id"].startswith("proj_")


def test_an_element_is_answered_whole(site):
    _, element = site.send("GET", f"/elements/{site.hero}")
    assert element == {
        "id": site.hero,
        "pageId": site.page,
        "name": "hero",
        "type": "section",
        "content": None,
        "props": {"color": "blue", "size": 2},
        "styles": {},
        "visible": True,
        "parentId": None,
        "position": 1,
        "createdAt": element["createdAt"],
        "updatedAt": element["updatedAt"],
    }


def test_creation_times_are_strictly_increasing_though_the_clock_stands(client):
    for number in range(5):
        client.made("/projects", name="Acme", slug=f"acme-{number}")
    times = [each["createdAt"] for each in client.listed("/projects")["data"]]
    assert times == sorted(set(times))
    assert len(times) == 5


def test_a_clock_that_goes_back_does_not_take_times_along(client):
    client.made("/projects", name="Acme", slug="a")
    client.clock.at -= 3600
    client.made("/projects", name="Acme", slug="b")
    first, second = client.listed("/projects")["data"]
    assert second["createdAt"] > first["createdAt"]


def test_an_update_replaces_named_fields_whole_and_leaves_the_others(site):
    status, element = site.send("PATCH", f"/elements/{site.hero}", {"props": {"color": "red"}})
    assert status == 200
    assert element["props"] == {"color": "red"}
    assert element["name"] == "hero"
    assert site.send("GET", f"/elements/{site.hero}")[1] == element


def test_an_update_moves_the_time_of_update_alone(site):
    _, before = site.send("GET", f"/elements/{site.hero}")
    site.clock.at += 60
    _, after = site.send("PATCH", f"/elements/{site.hero}", {"visible": False})
    assert after["updatedAt"] > before["updatedAt"]
    assert after["createdAt"] == before["createdAt"]


def test_an_update_of_nothing_changes_nothing(site):
    before = site.send("GET", f"/elements/{site.hero}")
    site.clock.at += 60
    assert site.send("PATCH", f"/elements/{site.hero}", {}) == before


@pytest.mark.parametrize(
    ("method", "body"),
    [("PATCH", {"visible": False}), ("DELETE", None)],
)
def test_a_change_of_an_element_moves_its_page_and_project(site, method, body):
    def times():
        paths = (f"/pages/{site.page}", f"/projects/{site.project}")
        return [site.send("GET", path)[1]["updatedAt"] for path in paths]

    before = times()
    site.clock.at += 60
    site.send(method, f"/elements/{site.title}", body)
    assert all(new > old for new, old in zip(times(), before, strict=True))


def test_a_new_element_moves_its_page_and_project_and_no_other_page(site):
    team = site.api.designer.find("about/team")
    _, before = site.send("GET", f"/pages/{team}")
    site.clock.at += 60
    site.made(f"/pages/{site.page}/elements", name="new", type="text")
    stamp = site.send("GET", f"/pages/{site.page}")[1]["updatedAt"]
    assert stamp == site.send("GET", f"/projects/{site.project}")[1]["updatedAt"]
    assert site.send("GET", f"/pages/{team}")[1] == before


def test_a_new_page_moves_its_project(site):
    _, before = site.send("GET", f"/projects/{site.project}")
    site.clock.at += 60
    site.made(f"/projects/{site.project}/pages", name="New", slug="new")
    assert site.send("GET", f"/projects/{site.project}")[1]["updatedAt"] > before["updatedAt"]


@pytest.mark.parametrize(
    ("target", "body", "reason"),
    [
        ("/elements/{hero}", {"type": "text"}, "Type cannot be changed after creation"),
        ("/elements/{hero}", {"pageId": "page_1"}, "PageId is set by the server"),
        ("/elements/{hero}", {"id": "elem_1"}, "Id is set by the server"),
        ("/pages/{page}", {"projectId": "proj_1"}, "ProjectId is set by the server"),
        ("/pages/{page}", {"updatedAt": "2026"}, "UpdatedAt is set by the server"),
    ],
)
def test_what_never_changes_is_refused_on_update(site, target, body, reason):
    path = target.format(hero=site.hero, page=site.page)
    status, error = site.send("PATCH", path, body)
    [field] = body
    assert (status, error["code"]) == (400, "VALIDATION_ERROR")
    assert error["details"] == {"field": field, "reason": reason}


@pytest.mark.parametrize(
    ("body", "field", "reason"),
    [
        ({"name": "t"}, "type", "Type is required"),
        ({"name": "t", "type": "Text"}, "type", "Type must match ^[a-z][a-z0-9-]*$"),
        ({"name": "", "type": "text"}, "name", "Name must not be empty"),
        ({"name": "t", "type": "text", "position": -1}, "position", "Position must be at least 0"),
        ({"name": "t", "type": "text", "x": 1}, "x", "X is not a field that can be written"),
        (
            {"name": "t", "type": "text", "styles": {"desktop": {"a": []}}},
            "styles.desktop.a",
            "Styles.desktop.a must be of type number or string",
        ),
    ],
)
def test_a_body_against_the_contract_is_refused_by_field_and_reason(site, body, field, reason):
    status, error = site.send("POST", f"/pages/{site.page}/elements", body)
    assert status == 400
    assert error["message"] == f"Invalid element {field}"
    assert error["details"] == {"field": field, "reason": reason}


def test_a_slug_is_unique_in_the_account_and_in_a_project(site):
    for target in ("/projects", f"/projects/{site.project}/pages"):
        slug = "acme" if target == "/projects" else "index"
        status, error = site.send("POST", target, {"name": "Twin", "slug": slug})
        assert (status, error["code"]) == (400, "VALIDATION_ERROR")
        assert error["details"] == {
            "field": "slug",
            "reason": f"Slug {slug!r} is already taken",
        }


def test_a_slug_may_repeat_in_another_project(site):
    other = site.made("/projects", name="Other", slug="other")
    assert site.made(f"/projects/{other}/pages", name="Home", slug="index")


def test_a_slug_cannot_be_changed_to_a_taken_one_but_to_itself(site):
    status, error = site.send("PATCH", f"/pages/{site.page}", {"slug": "about/team"})
    assert (status, error["details"]["field"]) == (400, "slug")
    assert site.send("PATCH", f"/pages/{site.page}", {"slug": "index"})[0] == 200


def test_a_refused_update_leaves_everything_as_it_was(site):
    before = site.api.state(ids=True)
    site.send("PATCH", f"/pages/{site.page}", {"slug": "about/team", "name": "X"})
    assert site.api.state(ids=True) == before


def test_a_freed_slug_can_be_taken(site):
    site.send("DELETE", f"/pages/{site.page}")
    assert site.made(f"/projects/{site.project}/pages", name="Home", slug="index")


def test_names_of_elements_may_repeat(site):
    assert site.made(f"/pages/{site.page}/elements", name="hero", type="section")


@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_an_unknown_parent_is_refused(site, method):
    target = f"/pages/{site.page}/elements" if method == "POST" else f"/elements/{site.hero}"
    body = {"parentId": "elem_0"}
    if method == "POST":
        body |= {"name": "t", "type": "text"}
    status, error = site.send(method, target, body)
    assert status == 400
    assert error["details"] == {"field": "parentId", "reason": "There is no element 'elem_0'"}


def test_a_page_is_no_parent_of_an_element(site):
    status, error = site.send("PATCH", f"/elements/{site.hero}", {"parentId": site.page})
    assert (status, error["details"]["field"]) == (400, "parentId")


def test_a_parent_on_another_page_is_refused(site):
    team = site.api.designer.find("about/team")
    body = {"name": "t", "type": "text", "parentId": site.hero}
    status, error = site.send("POST", f"/pages/{team}/elements", body)
    assert (status, error["details"]["field"]) == (400, "parentId")
    assert "stands on another page" in error["details"]["reason"]


def test_a_parent_that_makes_a_cycle_is_refused(site):
    for parent in (site.hero, site.title):
        status, error = site.send("PATCH", f"/elements/{site.hero}", {"parentId": parent})
        assert (status, error["details"]["field"]) == (400, "parentId")
        assert "stands below" in error["details"]["reason"]


def test_an_element_moves_to_another_parent_and_to_the_top(site):
    card = site.api.designer.find("acme:index#card")
    assert site.send("PATCH", f"/elements/{site.hero}", {"parentId": card})[0] == 200
    _, moved = site.send("PATCH", f"/elements/{site.hero}", {"parentId": None, "position": 9})
    assert (moved["parentId"], moved["position"]) == (None, 9)


def test_a_delete_answers_the_id(site):
    assert site.send("DELETE", f"/elements/{site.title}") == (
        200,
        {"id": site.title, "deleted": True},
    )
    assert site.send("DELETE", f"/elements/{site.title}")[0] == 404


@pytest.mark.parametrize(
    ("target", "left"),
    [("/elements/{hero}", 2), ("/pages/{page}", 0), ("/projects/{project}", 0)],
)
def test_a_delete_takes_everything_below_along(site, target, left):
    path = target.format(hero=site.hero, page=site.page, project=site.project)
    site.send("DELETE", path)
    kinds = [row.kind for row in site.api.store.rows()]
    assert kinds.count("element") == left
    assert site.send("GET", f"/elements/{site.title}")[0] == 404
    assert site.api.store.total("element", site.page) == left
