import pytest


@pytest.fixture
def many(client):
    for number in range(7):
        client.made("/projects", name=f"Site {number}", slug=f"s{number}")
    return client


def slugs(envelope):
    return [each["slug"] for each in envelope["data"]]


def walked(client, limit):
    pages, cursor = [], ""
    while cursor is not None:
        page = client.listed(f"/projects?limit={limit}{cursor}")
        pages.append(page)
        following = page["pagination"].get("nextCursor")
        cursor = None if following is None else f"&cursor={following}"
    return pages


def test_an_empty_list_says_so(client):
    page = client.listed("/projects")
    assert (page["data"], page["pagination"]) == ([], {"hasMore": False, "total": 0})
    assert page["success"] is True
    assert page["meta"].keys() == {"requestId", "timestamp"}


@pytest.mark.parametrize(("limit", "requests"), [(1, 7), (3, 3), (7, 1), (100, 1)])
def test_pages_follow_each_other_without_gap_or_repetition(many, limit, requests):
    pages = walked(many, limit)
    assert len(pages) == requests
    found = [slug for page in pages for slug in slugs(page)]
    assert found == [f"s{number}" for number in range(7)]
    assert {page["pagination"]["total"] for page in pages} == {7}
    assert [page["pagination"]["hasMore"] for page in pages] == [True] * (requests - 1) + [False]


def test_the_default_limit_is_fifty(client):
    for number in range(51):
        client.made("/projects", name="Site", slug=f"s{number}")
    page = client.listed("/projects")
    assert len(page["data"]) == 50
    assert page["pagination"]["hasMore"] is True


@pytest.mark.parametrize("limit", ["0", "101", "-1", "x", "1.0", "", "9" * 30])
def test_a_limit_out_of_range_is_refused(client, limit):
    status, error = client.send("GET", f"/projects?limit={limit}")
    assert (status, error["code"]) == (400, "VALIDATION_ERROR")
    assert error["details"] == {
        "field": "limit",
        "reason": "Limit must be an integer from 1 to 100",
    }


def test_an_unknown_parameter_is_ignored(many):
    assert len(many.listed("/projects?colour=red")["data"]) == 7


@pytest.mark.parametrize("cursor", ["", "x", "cursor_", "cursor_zz", "cursor_000000001", "%00"])
def test_a_made_up_cursor_is_refused(many, cursor):
    status, error = many.send("GET", f"/projects?cursor={cursor}")
    assert (status, error["code"]) == (400, "INVALID_CURSOR")
    assert error["details"]["field"] == "cursor"


def test_a_cursor_of_another_list_is_refused(site):
    other = site.listed(f"/pages/{site.page}/elements?limit=1")["pagination"]["nextCursor"]
    assert site.send("GET", f"/projects?cursor={other}")[0] == 400


def test_a_cursor_does_not_show_what_it_holds(many):
    cursor = many.listed("/projects?limit=1")["pagination"]["nextCursor"]
    assert cursor.startswith("cursor_")
    assert cursor != many.listed("/projects?limit=2")["pagination"]["nextCursor"]


def test_a_list_is_no_snapshot(many):
    first = many.listed("/projects?limit=3")
    many.send("DELETE", f"/projects/{first['data'][2]['id']}")  # where the cursor stands
    many.api.designer.delete("s4")
    many.made("/projects", name="Late", slug="late")
    cursor = first["pagination"]["nextCursor"]
    rest = many.listed(f"/projects?limit=100&cursor={cursor}")
    assert slugs(rest) == ["s3", "s5", "s6", "late"]
    assert rest["pagination"]["total"] == 6


def test_a_list_holds_what_stands_in_its_scope_alone(site):
    elements = site.listed(f"/pages/{site.page}/elements")["data"]
    assert [each["name"] for each in elements] == ["hero", "title", "card", "card"]
    assert {each["pageId"] for each in elements} == {site.page}
    assert site.listed(f"/pages/{site.api.designer.find('Team')}/elements")["data"] == []
