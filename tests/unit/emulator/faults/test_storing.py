import pytest


def test_a_server_that_trims_answers_what_it_stored(client):
    client.faults("normalise=trim")
    body = {"name": "  Acme  ", "slug": "acme", "settings": {"a": [" x ", 1], "b": {"c": " y"}}}
    _, project = client.send("POST", "/projects", body)
    assert project["name"] == "Acme"
    assert project["settings"] == {"a": ["x", 1], "b": {"c": "y"}}
    assert client.listed("/projects")["data"] == [project]


def test_a_server_that_lower_cases(client):
    client.faults("normalise=lower")
    assert client.send("POST", "/projects", {"name": "ACME", "slug": "acme"})[1]["name"] == "acme"


def test_a_server_that_ignores_a_field(site):
    site.faults("ignore=props.color")
    body = {"props": {"color": "red", "size": 3}, "visible": False}
    _, hero = site.send("PATCH", f"/elements/{site.hero}", body)
    assert hero["props"] == {"size": 3}
    assert hero["visible"] is False


def test_a_server_that_adds_a_key(site):
    site.faults("fill=seo.noindex=false")
    _, page = site.send("PATCH", f"/pages/{site.page}", {"seo": {"title": "Home"}})
    assert page["seo"] == {"title": "Home", "noindex": False}
    _, page = site.send("PATCH", f"/pages/{site.page}", {"seo": {"noindex": True}})
    assert page["seo"] == {"noindex": True}
    _, page = site.send("PATCH", f"/pages/{site.page}", {"name": "Start"})
    assert page["seo"] == {"noindex": True}


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"\xff"'])
def test_what_is_no_object_passes_through_to_the_api(client, body):
    client.faults("normalise=trim")
    assert client.api.handle("POST", "/projects", client.headers, body).status == 400


def names(site):
    return [each["name"] for each in site.listed(f"/pages/{site.page}/elements")["data"]]


def test_reads_lag_behind_writes_by_a_number_of_reads(site):
    before = names(site)
    site.faults("lag=2")
    made = site.made(f"/pages/{site.page}/elements", name="new", type="text")
    assert [names(site), names(site)] == [before, before]
    assert names(site) == [*before, "new"]
    site.send("DELETE", f"/elements/{made}")
    assert names(site) == [*before, "new"]
    assert names(site) == [*before, "new"]
    assert names(site) == before


def test_each_write_has_a_lag_of_its_own(site):
    before = names(site)
    site.faults("lag=2")
    site.made(f"/pages/{site.page}/elements", name="one", type="text")
    assert names(site) == before
    site.made(f"/pages/{site.page}/elements", name="two", type="text")
    assert names(site) == before
    assert names(site) == [*before, "one"]
    assert names(site) == [*before, "one", "two"]


def test_a_lagging_read_of_one_resource_shows_the_old_one(site):
    site.faults("lag=1")
    site.send("PATCH", f"/elements/{site.hero}", {"name": "Hero"})
    assert site.send("GET", f"/elements/{site.hero}")[1]["name"] == "hero"
    assert site.send("GET", f"/elements/{site.hero}")[1]["name"] == "Hero"


def test_a_designers_edit_during_a_lagging_read_lasts(site):
    site.faults("lag=1", "edit@2 title name=Title")
    site.send("PATCH", f"/elements/{site.hero}", {"name": "Hero"})
    site.send("GET", f"/elements/{site.title}")
    assert site.send("GET", f"/elements/{site.title}")[1]["name"] == "Title"
