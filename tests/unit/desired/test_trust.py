import pytest

from cfsync.desired.trust import commands_allowed, host_allowed, token_variable
from cfsync.desired.urls import parse_url
from cfsync.errors import UsageError


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("https://api.codefluss.com/v1", "https://api.codefluss.com/v1"),
        ("https://API.Codefluss.com:443/v1/", "https://api.codefluss.com/v1"),
        ("https://api.codefluss.com./v1", "https://api.codefluss.com/v1"),
        ("https://example.com:8443", "https://example.com:8443"),
        ("http://localhost:8787", "http://localhost:8787"),
        ("http://127.8.0.1/", "http://127.8.0.1"),
        ("http://[::1]:80/v1", "http://[::1]/v1"),
        ("https://[2001:db8::1]:9/v1", "https://[2001:db8::1]:9/v1"),
    ],
)
def test_urls_are_normalised(written, normal):
    assert parse_url(written).text == normal


@pytest.mark.parametrize(
    "url",
    [
        "",
        "api.codefluss.com",
        "ftp://api.codefluss.com",
        "https://",
        "https://user:pa55@api.codefluss.com",
        "https://api.codefluss.com@evil.example",
        "https://evil.example\\@api.codefluss.com",
        "https://evil.example#@api.codefluss.com",
        "https://api.codefluss.com/v1?x=1",
        "https://api.codefluss.com/v1?",
        "https://api.codefluss.com/../x",
        "https://api.codefluss.com//x",
        "https://api.codefluss.com/%2e",
        "https://api.codefluss.com:0",
        "https://api.codefluss.com:99999",
        "https://api.codefluss.com:x",
        "https://[::1",
        "https://[fe80::1%25eth0]/",
        "https://exämple.com",
        "https://a b.com",
        "https://api.codefluss.com\n",
        "https://-bad.com",
        "http://api.codefluss.com",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://localhost.evil.example/",
    ],
)
def test_a_url_that_could_mean_something_else_is_refused_without_repeating_it(url):
    with pytest.raises(ValueError) as caught:
        parse_url(url)
    assert "pa55" not in str(caught.value)
    assert "evil" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "allowed", "fits"),
    [
        ("https://api.codefluss.com", "", True),
        ("https://codefluss.dev", "", True),
        ("https://codefluss.com.evil.example", "", False),
        ("https://notcodefluss.com", "", False),
        ("http://127.0.0.1:1", "", True),
        ("https://a.example", "b.example, a.example", True),
        ("https://x.a.example", "a.example", False),
        ("https://x.a.example", "*.a.example", True),
        ("https://x.a.example", ".a.example", True),
        ("https://a.example", "*.a.example", False),
        ("https://a.example:8443", "a.example", True),
        ("https://a.example:8443", "A.example:8443", True),
        ("https://a.example:8444", "a.example:8443", False),
        ("https://a.example", "a.example:443", True),
        ("https://[2001:db8::1]", "[2001:db8::1]", True),
    ],
)
def test_a_key_goes_only_to_hosts_that_were_allowed_from_outside(url, allowed, fits):
    assert host_allowed(parse_url(url), {"CFSYNC_ALLOW_HOSTS": allowed}) is fits


def test_a_malformed_list_of_hosts_is_told():
    with pytest.raises(UsageError, match="'https://x' is not a host"):
        host_allowed(parse_url("https://a.example"), {"CFSYNC_ALLOW_HOSTS": "https://x"})


def test_files_may_read_only_variables_meant_for_it_and_a_pasted_key_is_not_repeated():
    assert token_variable("CODEFLUSS_API_KEY") == "CODEFLUSS_API_KEY"
    assert token_variable("CFSYNC_TOKEN_X") == "CFSYNC_TOKEN_X"
    for name in (
        "HOME",
        "AWS_SECRET_ACCESS_KEY",
        "CODEFLUSS_",
        "sk_live_1",
        "CODEFLUSS_x",
        "CFSYNC_JOURNAL",
    ):
        with pytest.raises(ValueError) as caught:
            token_variable(name)
        assert name not in str(caught.value) or name == "CODEFLUSS_"


def test_commands_run_only_with_exactly_that_switch():
    assert commands_allowed({"CFSYNC_ALLOW_COMMANDS": "1"})
    assert not commands_allowed({"CFSYNC_ALLOW_COMMANDS": "true"})
    assert not commands_allowed({})
