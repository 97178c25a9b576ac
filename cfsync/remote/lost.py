"""Ways in which no answer comes, finer than the Protocol needs, and what people call them."""

import errno
from typing import Final

from cfsync import limits
from cfsync.model.ports import Lost, NotSent


class Fenced(NotSent):
    """Held back by ourselves: another run may have taken over."""


class Outdated(NotSent):
    """Held back by ourselves: what it rests on is too old by now."""


class TimedOut(Lost):
    def __init__(self, seconds: float) -> None:
        super().__init__(f"no whole answer within {seconds:g} s")


class TooLarge(Lost):
    """Asking again would bring the same: a read gives up at once."""

    def __init__(self) -> None:
        size = limits.MAX_ANSWER_BYTES // limits.MIB
        super().__init__(f"the answer is larger than {size} MiB (limit MAX_ANSWER_BYTES)")


_AGAIN: Final = "run the same command again"
_ADDRESS: Final = f"check the environment's `url` and the network, then {_AGAIN}"
_RUNNING: Final = f"check that the server runs, and the environment's `url`; then {_AGAIN}"
_NETWORK: Final = f"check the network, VPN and firewall, then {_AGAIN}"
_PROXY: Final = f"check HTTPS_PROXY, ALL_PROXY and NO_PROXY, then {_AGAIN}"
_CERTIFICATE: Final = (
    "check the environment's `url`; where an authority of your own signed the certificate, set "
    f"SSL_CERT_FILE to a file with it, then {_AGAIN}"
)
_SAID: Final[dict[str, tuple[str, str]]] = {
    "ClientProxyConnectionError": ("the proxy {place} cannot be reached", _PROXY),
    "ClientHttpProxyError": ("the proxy does not let it through (HTTP {status})", _PROXY),
    "ClientConnectorDNSError": ("no address is found for the name {host}", _ADDRESS),
    "ClientConnectorCertificateError": (
        "the certificate of {place} is not trusted{doubt}",
        _CERTIFICATE,
    ),
    "ClientConnectorSSLError": ("{place} does not speak TLS as it should", _RUNNING),
    "ClientConnectorError": ("no connection to {place} comes about", _NETWORK),
    "ConnectionTimeoutError": ("the connection did not come about in time", _NETWORK),
    "ServerDisconnectedError": ("the server closed the connection before it answered", ""),
    "ClientPayloadError": ("the connection ended in the middle of the answer", ""),
    "ClientResponseError": ("what came is not HTTP", _ADDRESS),
    "ClientOSError": ("the connection broke", ""),
}
"""By the names of the library's errors, so that this need not import it."""
_BY_NUMBER: Final[dict[int, tuple[str, str]]] = {
    errno.ECONNREFUSED: ("{place} refuses the connection", _RUNNING),
    errno.ETIMEDOUT: ("{place} did not take the connection in time", _NETWORK),
    errno.ENETUNREACH: ("no way leads to {place}", _NETWORK),
    errno.EHOSTUNREACH: ("no way leads to {place}", _NETWORK),
}


def spoken(error: NotSent | Lost) -> tuple[str, str]:
    """What happened to the connection, as a sentence goes on, and what to do about it.

    The library's own words are the error's text, which is logged at debug level. An empty next
    step is nothing in particular.
    """
    cause = error.__cause__
    known = next(
        (_SAID[kind.__name__] for kind in type(cause).__mro__ if kind.__name__ in _SAID), None
    )
    if known is None or cause is None or type(error) not in (NotSent, Lost):
        return str(error), ""
    if known is _SAID["ClientConnectorError"]:
        known = _BY_NUMBER.get(getattr(cause, "errno", None) or 0, known)
    sentence, next_step = known
    return sentence.format_map(_facts(cause)), next_step


def _facts(cause: BaseException) -> dict[str, object]:
    host, port = getattr(cause, "host", ""), getattr(cause, "port", "")
    doubt = getattr(getattr(cause, "certificate_error", None), "verify_message", "")
    return {
        "host": host,
        "place": f"{host}:{port}",
        "status": getattr(cause, "status", ""),
        "doubt": f" ({doubt})" if doubt else "",
    }
