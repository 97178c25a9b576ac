from dataclasses import replace

import pytest

from cfsync.errors import NeedsDecision
from cfsync.model.plan import Refusal
from cfsync.workflow.consent import ensure_consent
from cfsync.workflow.wishes import Consent


def refused(plan, environment, given, person):
    with pytest.raises(NeedsDecision) as caught:
        ensure_consent(plan, environment, given, person)
    return caught.value


def test_a_plan_that_sends_nothing_needs_no_consent(plan, staging, person):
    nobody = person(present=False)
    ensure_consent(plan(writes=0), replace(staging, confirm=True), Consent(), nobody)
    assert nobody.asked == []


def test_yes_covers_creates_updates_and_moves(plan, staging, person):
    somebody = person()
    ensure_consent(plan(), staging, Consent(yes=True), somebody)
    assert somebody.asked == []


def test_without_yes_a_person_is_asked(plan, staging, person):
    somebody = person("yes")
    ensure_consent(plan(), staging, Consent(), somebody)
    assert somebody.asked == ["Apply this to staging?"]


def test_a_no_applies_nothing(plan, staging, person):
    assert refused(plan(), staging, Consent(), person("no")).exit_code == 6


def test_nobody_is_asked_where_nobody_is(plan, staging, person):
    error = refused(plan(), staging, Consent(), person(present=False))
    assert error.next_step == "cfsync apply --yes"


def test_yes_never_covers_deletions(plan, staging, person):
    given = Consent(yes=True, typed=("-C", "my site", "apply", "--yes"))
    error = refused(plan(deletes=3), staging, given, person(present=False))
    assert error.next_step == "cfsync -C 'my site' apply --yes --allow-deletes 3"
    assert error.why == "the plan is 1 to create and 3 to delete"


def test_the_number_of_deletions_has_to_be_exact(plan, staging, person):
    given = Consent(yes=True, allow_deletes=4)
    error = refused(plan(deletes=3), staging, given, person(present=False))
    assert error.why == "the plan deletes 3, not 4"


@pytest.mark.parametrize("said", [("--allow-deletes", "4"), ("--allow-deletes=4",)])
def test_the_command_to_type_says_each_thing_once(plan, staging, person, said):
    given = Consent(yes=True, allow_deletes=4, typed=("destroy", *said, "--yes"))
    error = refused(plan(deletes=3), staging, given, person(present=False))
    assert error.next_step == "cfsync destroy --yes --allow-deletes 3"


def test_the_exact_number_of_deletions_consents(plan, staging, person):
    given = Consent(yes=True, allow_deletes=3)
    ensure_consent(plan(deletes=3), staging, given, person(present=False))


def test_at_a_terminal_the_name_typed_out_consents_to_deletions(plan, staging, person):
    somebody = person("staging")
    ensure_consent(plan(deletes=3), staging, Consent(), somebody)
    assert somebody.asked == [
        "This deletes 3 resources. Type the environment's name, staging, to apply:"
    ]


def test_a_wrong_name_applies_nothing(plan, staging, person):
    assert "no" in refused(plan(deletes=3), staging, Consent(), person("Staging")).why


def test_an_environment_that_confirms_asks_for_its_name_whatever_was_consented(
    plan, staging, person
):
    somebody = person("staging")
    given = Consent(yes=True, allow_deletes=0, saved=True)
    ensure_consent(plan(), replace(staging, confirm=True), given, somebody)
    assert somebody.asked == ["Type the environment's name, staging, to apply:"]


def test_in_a_pipeline_the_name_is_given_by_a_flag(plan, staging, person):
    careful = replace(staging, confirm=True)
    nobody = person(present=False)
    error = refused(plan(), careful, Consent(yes=True), nobody)
    assert error.next_step == "cfsync apply --confirm staging"
    assert error.why.endswith("staging has 'confirm: true'")
    ensure_consent(plan(), careful, Consent(yes=True, confirmed="staging"), nobody)
    assert refused(plan(), careful, Consent(yes=True, confirmed="production"), nobody)


def test_a_saved_plan_is_its_own_consent(plan, staging, person):
    ensure_consent(plan(deletes=3), staging, Consent(saved=True), person(present=False))


def test_what_the_plan_refuses_no_consent_lifts(plan, staging, person):
    refusals = [
        Refusal("protected", "a is protected", "cfsync unprotect a", ("a",)),
        Refusal("conflict", "1 conflict", "cfsync plan"),
    ]
    given = Consent(yes=True, allow_deletes=3, saved=True)
    error = refused(plan(deletes=3, refusals=refusals), staging, given, person("staging"))
    assert (error.message, error.where, error.why) == ("a is protected", "a", "1 conflict")
    assert error.next_step == "cfsync unprotect a\ncfsync plan"


def test_that_deletions_are_counted_is_no_refusal_of_its_own(plan, staging, person):
    counted = Refusal("deletions", "3 deletions", "--allow-deletes 3")
    given = Consent(yes=True, allow_deletes=3)
    ensure_consent(plan(deletes=3, refusals=[counted]), staging, given, person(present=False))
