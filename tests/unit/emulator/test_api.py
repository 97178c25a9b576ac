import sqlite3

import pytest

from cfsync.contract import load
from cfsync.emulator.api import ANY_TOKEN, Api
from cfsync.emulator.store import Store


def test_a_success_carries_data_and_meta(client):
    status, data = client.send("POST", "/projects", {"name": "Acme", "slug": "acme"})
    assert status == 201
    assert data["slug"] == "acme"
    answer = client.answer
    assert b'"success":true' in answer.body
    assert b'"timestamp":"2027-01-15T08:00:00.000000Z"' in answer.body
    assert answer.headers["x-request-id"].encode() in answer.body
    assert answer.headers["content-type"] == "application/json"
    assert int(answer.headers["content-length"]) == len(answer.body)


def test_every_request_has_an_id_of_its_own(client):
    ids = set()
    for _ in range(3):
        client.send("GET", "/projects")
        ids.add(client.answer.headers["x-request-id"])
    assert len(ids) == 3


def test_an_unknown_path_is_not_found(client):
    status, error = client.send("GET", "/nowhere")
    assert (status, error["code"]) == (404, "NOT_FOUND")
    assert error["message"] == "No such path: /nowhere"


@pytest.mark.parametrize("path", ["/projects/", "/projects/a/b", "/", "/pages", "/elements"])
def test_a_path_that_only_resembles_one_is_not_found(client, path):
    assert client.send("GET", path)[0] == 404


def test_a_method_that_the_contract_lacks_is_not_allowed(client):
    status, error = client.send("PUT", "/projects")
    assert (status, error["code"]) == (405, "METHOD_NOT_ALLOWED")
    assert client.answer.headers["allow"] == "GET, POST"


@pytest.mark.parametrize("kind", ["projects", "pages", "elements"])
@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_an_unknown_id_is_not_found(client, kind, method):
    status, error = client.send(method, f"/{kind}/none", {})
    assert (status, error["details"]["field"]) == (404, "id")


def test_an_id_of_another_kind_is_not_found(site):
    assert site.send("GET", f"/pages/{site.project}")[0] == 404


def test_the_collection_of_an_unknown_resource_is_not_found(site):
    assert site.send("GET", "/projects/none/pages")[0] == 404
    assert site.send("POST", "/projects/none/pages", {"name": "a", "slug": "a"})[0] == 404


def test_an_id_may_come_percent_encoded(site):
    encoded = site.page.replace("_", "%5F")
    assert site.send("GET", f"/pages/{encoded}")[1]["id"] == site.page


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[" * 100_000, b'"\xff"', b'{"name": NaN}', b'{"name": 1e999}']
)
def test_a_body_that_is_no_json_is_refused(client, body):
    answer = client.api.handle("POST", "/projects", client.headers, body)
    assert answer.status == 400
    assert b"Body is not JSON" in answer.body


@pytest.mark.parametrize("body", ["text", [], None, 1])
def test_a_body_that_is_no_object_is_refused(client, body):
    text = b"null" if body is None else None
    if text:
        assert client.api.handle("POST", "/projects", client.headers, text).status == 400
    else:
        status, error = client.send("POST", "/projects", body)
        assert status == 400
        assert error["details"] == {"field": "body", "reason": "Body must be of type object"}


@pytest.mark.parametrize("content_type", ["", "text/plain"])
def test_a_body_of_another_type_is_refused(client, content_type):
    client.headers["content-type"] = content_type
    status, error = client.send("POST", "/projects", {"name": "Acme", "slug": "acme"})
    assert (status, error["details"]["field"]) == (400, "Content-Type")


def test_a_charset_behind_the_type_is_taken(client):
    client.headers["content-type"] = "Application/JSON; charset=utf-8"
    assert client.send("POST", "/projects", {"name": "Acme", "slug": "acme"})[0] == 201


@pytest.mark.parametrize(
    ("token", "header", "status"),
    [
        (None, None, 200),
        (ANY_TOKEN, None, 401),
        (ANY_TOKEN, "Bearer", 401),
        (ANY_TOKEN, "Basic abc", 401),
        (ANY_TOKEN, "bearer anything", 200),
        ("right", "Bearer wrong", 401),
        ("right", "Bearer right", 200),
    ],
)
def test_who_may_enter(client, token, header, status):
    client.api.token = token
    if header:
        client.headers["authorization"] = header
    found, data = client.send("GET", "/projects")
    assert found == status
    if status == 401:
        assert data["code"] == "UNAUTHORIZED"
        assert client.answer.headers["www-authenticate"] == "Bearer"


def test_requests_are_logged_with_method_path_and_status(client):
    client.send("GET", "/projects?limit=1")
    client.made("/projects", name="Acme", slug="acme")
    client.send("DELETE", "/pages/none")
    assert list(client.api.log) == [
        ("GET", "/projects?limit=1", 200),
        ("POST", "/projects", 201),
        ("DELETE", "/pages/none", 404),
    ]
    assert (client.api.log.reads, client.api.log.writes) == (1, 2)
    assert client.api.log.methods == {"GET": 1, "POST": 1, "DELETE": 1}


def test_what_was_carried_out_is_logged_apart(client):
    made = client.made("/projects", name="Acme", slug="acme")
    client.send("PATCH", f"/projects/{made}", {"name": "no"})
    client.send("DELETE", f"/projects/{made}")
    commits = [(each.number, each.verb, each.kind, each.id) for each in client.api.log.commits]
    assert commits == [(1, "create", "project", made), (3, "delete", "project", made)]


def test_counting_anew_empties_the_log_and_starts_numbers_again(client):
    client.send("GET", "/projects")
    client.api.count_anew()
    assert list(client.api.log) == []
    client.faults("500@1")
    assert client.send("GET", "/projects")[0] == 500


def test_a_database_that_fails_is_a_server_error_and_no_crash(client, monkeypatch):
    def broken(*args):
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr(client.api.store, "page", broken)
    status, error = client.send("GET", "/projects")
    assert (status, error["code"]) == (500, "INTERNAL_ERROR")
    assert "disk I/O error" in error["message"]


def test_faults_may_be_given_as_text_from_the_start(clock):
    api = Api(Store(), load(), now=clock, faults=["403@1"])
    assert api.handle("GET", "/projects").status == 403
    assert api.handle("GET", "/projects").status == 200
    api.close()


def test_the_same_seed_and_clock_give_the_same_bytes(clock):
    from random import Random

    def bodies():
        api = Api(Store(), load(), now=clock, random=Random(7))
        headers = {"content-type": "application/json"}
        answer = api.handle("POST", "/projects", headers, b'{"name": "Acme", "slug": "acme"}')
        api.close()
        return answer.body

    assert bodies() == bodies()
