import pytest

from cfsync import errors
from cfsync.model.ports import Lost, NotSent
from cfsync.model.run import NotDone, Unknown
from cfsync.remote.lost import Fenced, TimedOut, TooLarge
from cfsync.remote.trouble import of_bad_answer, of_silence, of_status

WELL_FORMED = [
    (400, errors.Invalid),
    (401, errors.Unauthorized),
    (403, errors.Forbidden),
    (404, errors.NotFound),
    (429, errors.RateLimited),
]


@pytest.mark.parametrize(("status", "error"), WELL_FORMED)
def test_a_whole_refusal_proves_that_nothing_was_done(refusal, status, error):
    trouble = of_status(refusal(status, "CODE", "Words", field="name", reason="Why"))
    assert trouble.error is error
    assert not trouble.may_pass
    outcome = trouble.as_outcome()
    assert isinstance(outcome, NotDone)
    failure = outcome.failure
    assert (failure.code, failure.message, failure.status) == ("CODE", "Words", status)
    assert (failure.field, failure.reason, failure.request_id) == ("name", "Why", "req_77")


@pytest.mark.parametrize("status", [400, 401, 403, 404, 429])
@pytest.mark.parametrize("body", [b"", b"<html>", b'{"success": false, "error": {"co'])
def test_the_same_status_from_a_gateway_proves_nothing(answer, status, body):
    trouble = of_status(answer(body, status))
    outcome = trouble.as_outcome()
    assert isinstance(outcome, Unknown)
    assert not outcome.finished
    assert outcome.failure.code == f"http-{status}"
    assert trouble.error is not errors.NotFound
    assert trouble.error is not errors.Invalid


@pytest.mark.parametrize("status", [500, 501, 503, 599])
def test_a_whole_server_error_means_that_the_server_has_finished(refusal, status):
    trouble = of_status(refusal(status))
    assert trouble.error is errors.ServerFailed
    assert trouble.may_pass
    assert trouble.as_outcome() == Unknown(trouble.failure, finished=True)


@pytest.mark.parametrize("status", [502, 504])
def test_a_gateway_that_dresses_its_error_as_the_apis_does_not_know_either(refusal, status):
    assert of_status(refusal(status)).as_outcome() == Unknown(
        of_status(refusal(status)).failure, finished=False
    )


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_gateways_page_leaves_it_open(answer, status):
    trouble = of_status(answer(b"<html>Bad gateway</html>", status, x_request_id="req_5"))
    assert trouble.error is errors.ServerFailed
    assert trouble.may_pass
    assert trouble.as_outcome() == Unknown(trouble.failure, finished=False)
    assert trouble.failure.request_id == "req_5"


@pytest.mark.parametrize("status", [409, 413, 422])
def test_a_status_that_the_contract_does_not_know_is_looked_up(refusal, status):
    trouble = of_status(refusal(status))
    assert trouble.error is errors.BadAnswer
    assert not trouble.may_pass
    assert trouble.as_outcome() == Unknown(trouble.failure, finished=True)


def test_an_expired_cursor_is_told_apart(refusal):
    assert of_status(refusal(400, "INVALID_CURSOR")).error is errors.CursorExpired


@pytest.mark.parametrize("status", [300, 301, 302, 307, 308, 399])
def test_a_redirect_names_the_host_and_is_not_followed(answer, status):
    location = "https://evil.example/v1/projects"
    trouble = of_status(answer(b"", status, location=location))
    error = trouble.as_error("GET /projects at api.example")
    assert isinstance(error, errors.BadAnswer)
    assert "evil.example" in error.message
    assert "not sent there" in error.message
    assert not trouble.may_pass
    assert trouble.as_outcome() == Unknown(trouble.failure, finished=False)


@pytest.mark.parametrize("location", ["", "/elsewhere", "http://[::1", "x" * 5000])
def test_a_redirect_to_nowhere_is_named_too(answer, location):
    message = of_status(answer(b"", 302, location=location)).failure.message
    assert "to no host" in message


def test_what_was_never_sent_is_not_done():
    trouble = of_silence(NotSent("Cannot connect to host"))
    assert trouble.as_outcome() == NotDone(trouble.failure)
    assert trouble.failure.code == "unreachable"
    assert trouble.may_pass
    error = trouble.as_error("GET /x at api.example")
    assert isinstance(error, errors.Unreachable)
    assert error.message == "the API cannot be reached: Cannot connect to host; nothing was sent"


def test_what_we_held_back_ourselves_is_not_tried_again():
    trouble = of_silence(Fenced("the lease is over"))
    assert trouble.as_outcome() == NotDone(trouble.failure)
    assert trouble.failure.code == "lease-lost"
    assert not trouble.may_pass


@pytest.mark.parametrize(
    ("lost", "code", "error", "may_pass"),
    [
        (Lost("closed"), "answer-lost", errors.AnswerLost, True),
        (TimedOut(30), "timeout", errors.AnswerLost, True),
        (TooLarge(), "bad-answer", errors.BadAnswer, False),
    ],
)
def test_a_lost_answer_leaves_it_open(lost, code, error, may_pass):
    trouble = of_silence(lost)
    assert trouble.as_outcome() == Unknown(trouble.failure, finished=False)
    assert (trouble.failure.code, trouble.error, trouble.may_pass) == (code, error, may_pass)


def test_a_success_that_cannot_be_used_leaves_it_open(answer):
    trouble = of_bad_answer(answer(b"{}", 200, x_request_id="r"), "data.id is 5", may_pass=False)
    assert trouble.as_outcome() == Unknown(trouble.failure, finished=False)
    error = trouble.as_error("GET /x at api.example")
    assert isinstance(error, errors.BadAnswer)
    assert (error.why, error.request_id) == ("data.id is 5", "r")


def test_an_error_says_what_where_why_and_what_next(refusal):
    trouble = of_status(refusal(401, "UNAUTHORIZED", "Invalid API key", reason="It was revoked"))
    error = trouble.as_error("GET /projects at api.example")
    assert error.message == "Invalid API key (request req_77)"
    assert error.where == "GET /projects at api.example"
    assert error.why == "It was revoked"
    assert "API key" in error.next_step
    assert (error.status, error.api_code, error.exit_code) == (401, "UNAUTHORIZED", 1)
