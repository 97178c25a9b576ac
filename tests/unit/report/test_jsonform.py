import json
from dataclasses import replace
from pathlib import Path

import jsonschema_rs
import pytest

from cfsync.errors import UsageError
from cfsync.model.base import Base, Settle
from cfsync.model.live import Item
from cfsync.model.mark import Mark
from cfsync.model.plan import Change, Conflict, Edit, Kept, Plan, Refusal, Write
from cfsync.model.values import IdOf, Made
from cfsync.report.formats import render
from cfsync.report.jsonform import digest_of_changes, plan_code, plan_to_json
from cfsync.report.jsonread import plan_from_json
from cfsync.report.jsonvalue import decoded, dumps, encoded

SCHEMA = json.loads((Path(__file__).parents[3] / "schemas/plan.schema.json").read_text())


def test_a_plan_comes_back_whole(full_plan):
    assert plan_from_json(json.loads(dumps(plan_to_json(full_plan)))) == full_plan


def test_a_plan_is_as_its_schema_says(full_plan, empty_plan):
    validator = jsonschema_rs.Draft202012Validator(SCHEMA)
    for plan in (full_plan, empty_plan):
        assert not [error.message for error in validator.iter_errors(plan_to_json(plan))]


def test_the_schema_is_a_schema():
    assert jsonschema_rs.meta.is_valid(SCHEMA)


def test_the_schema_refuses_what_it_does_not_know(full_plan):
    form = plan_to_json(full_plan) | {"surprise": 1}
    assert not jsonschema_rs.is_valid(SCHEMA, form)


def test_the_same_plan_gives_the_same_bytes(full_plan):
    assert render(full_plan, "json") == render(replace(full_plan), "json")


@pytest.mark.parametrize(
    ("noun", "count"),
    [
        (Plan, 15),
        (Change, 10),
        (Edit, 5),
        (Kept, 7),
        (Conflict, 8),
        (Write, 14),
        (Refusal, 4),
        (Settle, 7),
        (Base, 9),
        (Item, 8),
        (Mark, 3),
    ],
)
def test_no_new_fact_of_a_noun_is_forgotten_in_the_json(noun, count):
    assert len(noun.__match_args__) == count, "teach report/jsonform.py, jsonread.py and the schema"


@pytest.mark.parametrize(
    "value",
    [
        Made(3),
        {"a": [Made(1), IdOf("a:b")]},
        {"$made": 1},
        {"$idOf": "a"},
        {"$value": {"$made": {"$value": 2}}},
        [1, None, True, "x", {"$made": 1, "b": 2}],
    ],
)
def test_values_known_later_and_their_lookalikes_come_back(value):
    assert decoded(json.loads(json.dumps(encoded(value)))) == value


def test_the_code_says_whether_something_would_be_sent(full_plan, empty_plan):
    deletions = replace(full_plan.refusals[0], reason="deletions")
    assert plan_code(full_plan) == "needs-decision"
    assert plan_code(replace(full_plan, refusals=(deletions,))) == "changes"
    assert plan_code(replace(full_plan, refusals=())) == "changes"
    assert plan_code(empty_plan) == "no-changes"


def test_the_digest_overlooks_where_a_line_stands_in_its_file(full_plan):
    moved = replace(full_plan.changes[0], mark=Mark("sites/main.yaml", 99))
    same = replace(full_plan, changes=(moved, *full_plan.changes[1:]))
    assert digest_of_changes(same) == digest_of_changes(full_plan)


def test_the_digest_sees_a_field_that_happens_to_be_called_mark(full_plan):
    write = full_plan.writes[0]
    one, other = (replace(write, body={"props": {"mark": n}}) for n in (1, 2))
    digests = {digest_of_changes(replace(full_plan, writes=(w,))) for w in (one, other)}
    assert len(digests) == 2


def test_the_digest_sees_what_the_plan_rests_on(full_plan):
    assert digest_of_changes(replace(full_plan, live_digest="l1")) != digest_of_changes(full_plan)


@pytest.mark.parametrize("form", [None, [], {}, {"formatVersion": 2}, {"formatVersion": 1}])
def test_what_is_no_plan_is_refused(form):
    with pytest.raises(UsageError, match="not a saved plan"):
        plan_from_json(form)


def test_a_damaged_plan_is_refused(full_plan):
    form = plan_to_json(full_plan)
    form["writes"][0]["target"] = 5
    with pytest.raises(UsageError, match="damaged"):
        plan_from_json(form)


def test_an_unknown_format_names_those_that_exist(full_plan):
    with pytest.raises(UsageError) as caught:
        render(full_plan, "pdf")
    assert caught.value.why == "there are: text, json"
    assert render(full_plan, "text").startswith("acme → staging")
