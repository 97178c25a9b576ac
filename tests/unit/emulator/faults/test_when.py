import pytest


def statuses(client, methods):
    found = []
    for method in methods:
        body = {} if method == "PATCH" else None
        found.append(
            client.send(method, "/projects" if method == "GET" else "/pages/none", body)[0]
        )
    return found


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("", [500, 500, 500, 500, 500, 500]),
        ("@..", [500, 500, 500, 500, 500, 500]),
        ("@2", [200, 500, 200, 404, 200, 404]),
        ("@5..", [200, 404, 200, 404, 500, 500]),
        ("@2..3", [200, 500, 500, 404, 200, 404]),
        ("@w2", [200, 404, 200, 500, 200, 404]),
        ("@w2..", [200, 404, 200, 500, 200, 500]),
        ("@r1..2", [500, 404, 500, 404, 200, 404]),
        ("@w", [200, 500, 200, 500, 200, 500]),
        ("@r", [500, 404, 500, 404, 500, 404]),
    ],
)
def test_numbers_say_which_requests_are_concerned(client, when, expected):
    client.faults(f"500{when}")
    assert statuses(client, ["GET", "PATCH"] * 3) == expected


def test_a_fault_can_be_about_one_resource(site):
    site.faults("403 on=hero")
    assert site.send("GET", f"/elements/{site.hero}")[0] == 403
    assert site.send("GET", f"/elements/{site.title}")[0] == 200


def test_a_fault_about_what_is_not_there_concerns_nobody(site):
    site.faults("403 on=none")
    assert site.send("GET", f"/elements/{site.hero}")[0] == 200


def test_chance_is_drawn_from_the_apis_own_randomness(client):
    def drawn():
        from random import Random

        client.api.random = Random(3)
        client.faults("500 chance=0.5")
        return statuses(client, ["GET"] * 40)

    first = drawn()
    assert drawn() == first
    assert 10 < first.count(500) < 30


def test_faults_work_together_the_first_named_outermost(client):
    client.faults("latency=1s", "latency=2s", "500")
    assert client.send("GET", "/projects")[0] == 500
    assert client.answer.delay == 3


def test_a_fault_may_be_written_in_python(client):
    from cfsync.emulator.faults import Fault

    seen = []

    def spy(call, serve, world):
        seen.append(call.path)
        return serve(call)

    client.api.faults.append(Fault(spy, lambda call, world: call.method == "GET"))
    client.send("GET", "/projects")
    client.send("DELETE", "/projects/none")
    assert seen == ["/projects"]
