import json

import pytest

from cfsync.contract import load
from cfsync.emulator.api import Api
from cfsync.emulator.faults import Fault
from cfsync.emulator.store import Store


class Clock:
    """Stands still unless it is moved."""

    def __init__(self, at=1_800_000_000.0):
        self.at = at

    def __call__(self):
        return self.at


class Client:
    """Speaks JSON to the heart; remembers the last answer whole."""

    def __init__(self, api, clock):
        self.api = api
        self.clock = clock
        self.headers = {"content-type": "application/json"}
        self.answer = None

    def send(self, method, target, body=None):
        """Status, and what the envelope carries as data or error."""
        text = b"" if body is None else json.dumps(body).encode()
        self.answer = self.api.handle(method, target, self.headers, text)
        envelope = json.loads(self.answer.body)
        return self.answer.status, envelope.get("data", envelope.get("error"))

    def made(self, target, **fields):
        """The id of what a POST made."""
        status, resource = self.send("POST", target, fields)
        assert status == 201, resource
        return resource["id"]

    def listed(self, target):
        """Envelope of a listing."""
        status, _ = self.send("GET", target)
        assert status == 200
        return json.loads(self.answer.body)

    def faults(self, *texts):
        self.api.faults[:] = map(Fault.parse, texts)
        self.api.count_anew()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def client(clock):
    api = Api(Store(), load(), now=clock)
    yield Client(api, clock)
    api.close()


@pytest.fixture
def site(client):
    """A client of a site with a project, two pages, and a few elements on the first."""
    client.api.designer.load(
        [
            {
                "name": "Acme",
                "slug": "acme",
                "children": [
                    {
                        "name": "Home",
                        "slug": "index",
                        "children": [
                            {
                                "name": "hero",
                                "type": "section",
                                "position": 1,
                                "props": {"color": "blue", "size": 2},
                                "children": [{"name": "title", "type": "heading"}],
                            },
                            {"name": "card", "type": "container", "position": 2},
                            {"name": "card", "type": "container", "position": 3},
                        ],
                    },
                    {"name": "Team", "slug": "about/team"},
                ],
            }
        ]
    )
    find = client.api.designer.find
    client.project, client.page = find("acme"), find("index")
    client.hero, client.title = find("hero"), find("title")
    return client
