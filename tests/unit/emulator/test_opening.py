import json

import pytest

from cfsync.emulator.opening import open_api
from cfsync.errors import UsageError

HEADERS = {"content-type": "application/json"}


def made(api, slug):
    body = json.dumps({"name": "Acme", "slug": slug}).encode()
    return json.loads(api.handle("POST", "/projects", HEADERS, body).body)["data"]["id"]


def test_a_seed_makes_the_same_ids_in_every_new_file(tmp_path):
    ids = []
    for name in ("a.db", "b.db"):
        api = open_api(tmp_path / name, seed=1)
        ids.append(made(api, "acme"))
        api.close()
    assert ids[0] == ids[1]


def test_a_seed_makes_other_ids_in_a_file_that_was_written_to(tmp_path):
    ids = []
    for slug in ("one", "two"):
        api = open_api(tmp_path / "a.db", seed=1)
        ids.append(made(api, slug))
        api.close()
    assert ids[0] != ids[1]


def test_without_a_seed_ids_are_unlike():
    ids = set()
    for _ in range(2):
        api = open_api()
        ids.add(made(api, "acme"))
        api.close()
    assert len(ids) == 2


def test_it_asks_for_no_token_unless_told():
    api = open_api()
    assert api.handle("GET", "/projects").status == 200
    api.close()


def test_a_fault_that_cannot_be_understood_opens_nothing(tmp_path):
    with pytest.raises(UsageError):
        open_api(tmp_path / "a.db", faults=["boom"])
    assert list(tmp_path.iterdir()) == []
