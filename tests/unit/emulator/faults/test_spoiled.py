import json

import pytest

ACME = b'{"name": "Acme", "slug": "acme"}'


def post(client):
    return client.api.handle("POST", "/projects", client.headers, ACME)


def test_a_cut_answer_promises_more_than_it_holds(client):
    client.faults("cut@1")
    answer = post(client)
    assert answer.is_cut
    assert int(answer.headers["content-length"]) in {2 * len(answer.body), 2 * len(answer.body) + 1}
    assert not client.api.handle("GET", "/projects").is_cut
    assert len(client.api.state()) == 1


def test_an_empty_answer_has_no_body(client):
    client.faults("empty@1")
    answer = post(client)
    assert (answer.status, answer.body, answer.headers["content-length"]) == (201, b"", "0")


@pytest.mark.parametrize("text", ["garbage", "cut"])
def test_a_spoiled_answer_is_no_json(client, text):
    client.faults(text)
    with pytest.raises(ValueError):
        json.loads(post(client).body)


def test_a_huge_answer_is_as_large_as_was_said(client):
    client.faults("huge=64KiB")
    answer = post(client)
    assert len(answer.body) > 64 * 1024
    assert json.loads(answer.body)["data"].startswith("xxx")


def test_a_deep_answer_nests_as_deep_as_was_said(client):
    client.faults("deep=500")
    assert post(client).body.count(b"[") == 500


def test_a_field_can_be_left_out_of_one_resource_and_of_a_list(client):
    client.faults("without=id")
    assert "id" not in json.loads(post(client).body)["data"]
    listed = json.loads(client.api.handle("GET", "/projects").body)
    assert ["id" in each for each in listed["data"]] == [False]


def test_a_field_can_have_a_wrong_type(client):
    client.faults("wrong-type=createdAt")
    assert json.loads(post(client).body)["data"]["createdAt"] == {"wrong": "type"}


def test_an_error_is_left_as_it_is(client):
    client.faults("without=id")
    answer = client.api.handle("GET", "/projects/none")
    assert json.loads(answer.body)["error"]["code"] == "NOT_FOUND"
