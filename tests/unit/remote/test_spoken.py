"""What happened to a connection is told in words of people; the library's own are for the log."""

import errno
import ssl
from types import SimpleNamespace

import aiohttp
import pytest

from cfsync.model.ports import Lost, NotSent
from cfsync.remote.lost import Fenced, TimedOut
from cfsync.remote.trouble import of_silence

KEY = SimpleNamespace(host="api.example", port=443, ssl=True, is_ssl=True)


def failed(number=0, kind=aiohttp.ClientConnectorError):
    return kind(KEY, OSError(number, "raw words"))


def untrusted():
    doubt = ssl.SSLCertVerificationError(1, "raw words")
    doubt.verify_message = "self-signed certificate"
    return aiohttp.ClientConnectorCertificateError(KEY, doubt)


@pytest.mark.parametrize(
    ("cause", "told", "step"),
    [
        (failed(errno.ECONNREFUSED), "api.example:443 refuses the connection", "server runs"),
        (failed(errno.EHOSTUNREACH), "no way leads to api.example:443", "VPN"),
        (failed(errno.ETIMEDOUT), "api.example:443 did not take the connection in time", "VPN"),
        (failed(), "no connection to api.example:443 comes about", "VPN"),
        (
            failed(kind=aiohttp.ClientConnectorDNSError),
            "no address is found for the name api.example",
            "`url`",
        ),
        (
            untrusted(),
            "the certificate of api.example:443 is not trusted (self-signed certificate)",
            "SSL_CERT_FILE",
        ),
        (
            failed(kind=aiohttp.ClientConnectorSSLError),
            "api.example:443 does not speak TLS as it should",
            "`url`",
        ),
        (
            failed(kind=aiohttp.ClientProxyConnectionError),
            "the proxy api.example:443 cannot be reached",
            "HTTPS_PROXY",
        ),
        (
            aiohttp.ClientHttpProxyError(None, (), status=407),
            "the proxy does not let it through (HTTP 407)",
            "HTTPS_PROXY",
        ),
        (
            aiohttp.ConnectionTimeoutError("raw words"),
            "the connection did not come about in time",
            "VPN",
        ),
    ],
)
def test_what_was_never_sent_says_who_was_not_reached_and_why(cause, told, step):
    error = NotSent(f"{type(cause).__name__}: raw words")
    error.__cause__ = cause
    shown = of_silence(error).as_error("GET /projects at api.example")
    assert shown.message == f"the API cannot be reached: {told}; nothing was sent"
    assert shown.why == ""
    assert step in shown.next_step
    assert shown.next_step.endswith("run the same command again")


@pytest.mark.parametrize(
    ("cause", "told"),
    [
        (
            aiohttp.ServerDisconnectedError("raw words"),
            "the server closed the connection before it answered",
        ),
        (
            aiohttp.ClientPayloadError("raw words"),
            "the connection ended in the middle of the answer",
        ),
        (aiohttp.ClientOSError(errno.ECONNRESET, "raw words"), "the connection broke"),
    ],
)
def test_a_lost_answer_says_how_it_was_lost(cause, told):
    error = Lost("raw words")
    error.__cause__ = cause
    assert of_silence(error).failure.reason == told


@pytest.mark.parametrize("error", [Lost("own words"), Fenced("own words")])
def test_what_was_said_by_ourselves_stays(error):
    assert of_silence(error).failure.reason == "own words"


def test_a_timeout_keeps_its_seconds():
    error = TimedOut(30)
    error.__cause__ = TimeoutError()
    assert of_silence(error).failure.reason == "no whole answer within 30 s"


def test_what_nobody_foresaw_is_told_as_it_is():
    error = NotSent("no connection can be made: no such file")
    error.__cause__ = FileNotFoundError()
    message = of_silence(error).failure.message
    assert "no connection can be made: no such file" in message
