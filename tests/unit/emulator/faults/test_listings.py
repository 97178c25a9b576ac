import pytest


@pytest.fixture
def many(client):
    for number in range(5):
        client.made("/projects", name=f"Site {number}", slug=f"s{number}")
    return client


def listed(client, query="limit=2"):
    envelope = client.listed(f"/projects?{query}")
    return [each["slug"] for each in envelope["data"]], envelope["pagination"]


def test_a_repeated_cursor_leads_round_in_a_circle(many):
    many.faults("repeat-cursor")
    _, first = listed(many)
    slugs, second = listed(many, f"limit=2&cursor={first['nextCursor']}")
    assert slugs == ["s2", "s3"]
    assert second["nextCursor"] == first["nextCursor"]
    assert listed(many, "limit=100")[1] == {"hasMore": False, "total": 5}


def test_more_can_be_promised_without_a_cursor(many):
    many.faults("no-cursor")
    assert listed(many)[1] == {"hasMore": True, "total": 5}


def test_a_total_can_be_wrong_and_missing(many):
    many.faults("wrong-total@1", "no-total@2")
    assert listed(many)[1]["total"] == 6
    assert "total" not in listed(many)[1]


def test_a_resource_can_stand_twice_in_a_page(many):
    many.faults("duplicate")
    assert listed(many)[0] == ["s0", "s1", "s0"]


def test_a_list_can_claim_to_be_empty_or_shorter(many):
    many.faults("empty-list@1", "short-list@2")
    assert listed(many) == ([], {"hasMore": False, "total": 0})
    assert listed(many, "limit=100") == (["s0", "s1"], {"hasMore": False, "total": 2})


def test_a_list_can_lack_success_and_meta_as_one_of_the_documented(many):
    many.faults("bare-list")
    assert many.listed("/projects").keys() == {"data", "pagination"}


def test_a_cursor_can_expire(many):
    many.faults("expire-cursor@2..")
    _, first = listed(many)
    status, error = many.send("GET", f"/projects?limit=2&cursor={first['nextCursor']}")
    assert (status, error["code"]) == (400, "INVALID_CURSOR")
    assert listed(many)[0] == ["s0", "s1"]


def test_what_is_no_list_is_left_alone(many):
    many.faults("empty-list", "repeat-cursor", "duplicate")
    made = many.made("/projects", name="New", slug="new")
    assert many.send("GET", f"/projects/{made}")[1]["slug"] == "new"
