from email.utils import parsedate_to_datetime

import pytest

ACME = {"name": "Acme", "slug": "acme"}


def raw(client, method="GET", target="/projects"):
    return client.api.handle(method, target, client.headers, b'{"name": "Acme", "slug": "acme"}')


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (400, "VALIDATION_ERROR"),
        (401, "UNAUTHORIZED"),
        (403, "FORBIDDEN"),
        (404, "NOT_FOUND"),
        (429, "RATE_LIMITED"),
        (500, "INTERNAL_ERROR"),
        (418, "ERROR"),
    ],
)
def test_a_status_is_answered_instead_with_its_envelope(client, status, code):
    client.faults(f"{status}@1")
    found, error = client.send("POST", "/projects", ACME)
    assert (found, error["code"]) == (status, code)
    assert client.api.state() == []


def test_a_status_can_be_answered_after_the_request_was_carried_out(client):
    client.faults("500-after@1")
    assert client.send("POST", "/projects", ACME)[0] == 500
    assert len(client.api.state()) == 1


def test_the_envelope_can_be_worded(client):
    client.faults("400@1 code=ODD field=slug reason='Slug is odd'")
    _, error = client.send("POST", "/projects", ACME)
    assert error["code"] == "ODD"
    assert error["details"] == {"field": "slug", "reason": "Slug is odd"}


@pytest.mark.parametrize("text", ["502", "503", "504", "html-500"])
def test_gateways_answer_html(client, text):
    client.faults(text)
    answer = raw(client)
    assert answer.headers["content-type"] == "text/html"
    assert answer.body.startswith(b"<html>")
    assert int(answer.headers["content-length"]) == len(answer.body)


def test_a_gateway_may_answer_nothing(client):
    client.faults("empty-502")
    answer = raw(client)
    assert (answer.status, answer.body) == (502, b"")


@pytest.mark.parametrize("value", ["1", "1000000000", "garbage"])
def test_retry_after_is_what_was_said(client, value):
    client.faults(f"429@1 retry-after={value}")
    assert raw(client).headers["retry-after"] == value


def test_retry_after_can_be_a_date_and_can_be_missing(client):
    client.faults("429@1 retry-after=date", "429@2")
    date = parsedate_to_datetime(raw(client).headers["retry-after"])
    assert date.timestamp() == client.clock.at + 2
    assert "retry-after" not in raw(client).headers


def test_a_redirect_names_its_location(client):
    client.faults("301@1 location=http://elsewhere.example/v1")
    answer = raw(client)
    assert (answer.status, answer.headers["location"]) == (301, "http://elsewhere.example/v1")


def test_a_rate_lets_a_burst_through_and_then_says_how_long_to_wait(client):
    client.faults("rate=30/min burst=2")
    assert [raw(client).status for _ in range(3)] == [200, 200, 429]
    assert raw(client).headers["retry-after"] == "2"
    client.clock.at += 2
    assert [raw(client).status for _ in range(2)] == [200, 429]


def test_a_rate_allows_a_second_of_it_at_once(client):
    client.faults("rate=3/s")
    assert [raw(client).status for _ in range(4)] == [200, 200, 200, 429]


def test_a_revoked_key_counts_no_more_from_there_on(client):
    client.faults("revoke@2")
    assert [raw(client).status for _ in range(4)] == [200, 401, 401, 401]
