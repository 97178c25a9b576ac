import pytest

from cfsync.model.ports import Lost, NotSent

ACME = {"name": "Acme", "slug": "acme"}


def test_a_refused_connection_sent_nothing(client):
    client.faults("refuse@1")
    with pytest.raises(NotSent):
        client.send("POST", "/projects", ACME)
    assert client.api.state() == []
    assert list(client.api.log) == [("POST", "/projects", 0)]
    assert client.send("POST", "/projects", ACME)[0] == 201


def test_a_request_dropped_before_is_not_carried_out(client):
    client.faults("drop-before@w1")
    with pytest.raises(Lost):
        client.send("POST", "/projects", ACME)
    assert client.api.state() == []
    assert list(client.api.log.commits) == []


def test_a_request_dropped_after_commit_is_carried_out(client):
    client.faults("drop-after-commit@w1")
    with pytest.raises(Lost):
        client.send("POST", "/projects", ACME)
    assert [each["slug"] for each in client.api.state()] == ["acme"]
    assert [each.verb for each in client.api.log.commits] == ["create"]


def test_a_late_request_is_carried_out_once_its_time_has_come(client):
    client.faults("late=2s@w1")
    with pytest.raises(Lost):
        client.send("POST", "/projects", ACME)
    client.clock.at += 1
    assert client.listed("/projects")["data"] == []
    client.clock.at += 1
    assert len(client.listed("/projects")["data"]) == 1
    assert len(client.listed("/projects")["data"]) == 1


def test_late_requests_can_be_delivered_at_once(client):
    client.faults("late=5min@w1")
    with pytest.raises(Lost):
        client.send("POST", "/projects", ACME)
    client.api.deliver_late()
    assert len(client.api.state()) == 1


def test_late_requests_arrive_in_the_order_of_their_times(client):
    client.faults("late=2s@w1", "late=1s@w2")
    for name in ("Slow", "Fast"):
        with pytest.raises(Lost):
            client.send("POST", "/projects", ACME | {"name": name})
    client.api.deliver_late()
    assert [each["name"] for each in client.api.state()] == ["Fast"]


def test_a_request_delivered_twice_is_carried_out_twice(site):
    site.faults("twice@w1")
    status, first = site.send(
        "POST", f"/pages/{site.page}/elements", {"name": "twin", "type": "text"}
    )
    assert status == 201
    names = [each["name"] for each in site.listed(f"/pages/{site.page}/elements")["data"]]
    assert names.count("twin") == 2
    commits = list(site.api.log.commits)
    assert [each.number for each in commits] == [1, 1]
    assert first["id"] == commits[0].id


def test_latency_and_dripping_are_said_to_whoever_sends_the_answer(client):
    client.faults("latency=50ms", "drip=10s@2")
    client.send("GET", "/projects")
    assert (client.answer.delay, client.answer.pace) == (0.05, 0)
    client.send("GET", "/projects")
    assert (client.answer.delay, client.answer.pace) == (0.05, 10)
