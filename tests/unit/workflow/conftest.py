import pytest

from cfsync.model.environment import Environment
from cfsync.model.plan import Plan, Summary, Write


class FakePerson:
    """Answers from a list; remembers what was asked."""

    def __init__(self, *answers, present=True):
        self.answers = list(answers)
        self.present = present
        self.asked = []
        self.seen = []

    def see(self, plan):
        self.seen.append(plan)

    def agrees(self, question):
        self.asked.append(question)
        return self.answers.pop(0) == "yes"

    def types(self, question, expected):
        self.asked.append(question)
        return self.answers.pop(0) == expected


@pytest.fixture
def person():
    return FakePerson


@pytest.fixture
def staging():
    return Environment("staging", "https://x/v1", "x", "/j")


@pytest.fixture
def write():
    return Write(0, 0, "create", "project", "a", None, None)


@pytest.fixture
def plan(write):
    def make(*, deletes=0, writes=1, refusals=()):
        return Plan(
            "acme",
            "staging",
            "x",
            has_base=True,
            writes=(write,) * writes,
            refusals=tuple(refusals),
            summary=Summary(create=1, delete=deletes),
        )

    return make
