import pytest

from cfsync.errors import TokenUnavailable
from cfsync.remote.network import NetworkTransport
from cfsync.remote.token import Token

CANARY = "canary-8f3a61"


def test_a_key_shows_itself_in_the_header_alone():
    token = Token(CANARY)
    assert token.header() == f"Bearer {CANARY}"
    for shown in (repr(token), str(token), f"{token}", repr([token])):
        assert CANARY not in shown


def test_a_transport_shows_no_key():
    assert CANARY not in repr(NetworkTransport("https://api.example", token=Token(CANARY)))


@pytest.mark.parametrize(
    "bad", ["", "a b", f"{CANARY}\n", f"{CANARY}\r\nX: y", "schlüssel", "a\x00"]
)
def test_a_key_that_no_header_can_carry_is_refused_without_being_quoted(bad):
    with pytest.raises(TokenUnavailable) as caught:
        Token(bad)
    error = caught.value
    for text in (str(error), error.why, error.next_step, repr(error)):
        assert CANARY not in text
        assert "schl" not in text
    assert error.next_step


def test_a_key_that_the_api_says_back_is_masked_wherever_it_stands():
    from cfsync.errors import Invalid
    from cfsync.model.run import Failure
    from cfsync.remote.trouble import Trouble

    said = Failure("x-key-1", "no key-1", 400, "key-1", "because of key-1", "req_key-1")
    trouble = Trouble(said, Invalid, "none", may_pass=False).without(Token("key-1"))
    assert "key-1" not in str(trouble)
    assert trouble.failure.message == "no ********"
