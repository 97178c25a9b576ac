"""Where an environment's API is: `local:PATH`, `https://…`, or plain http on this machine."""

import ipaddress
import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

LOCAL: Final = "local:"
_HOST = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,62})\.)*[a-z0-9_](?:[a-z0-9_-]{0,62})\Z")
_PATH = re.compile(r"(?:/[A-Za-z0-9._~-]+)*/?\Z")
_DEFAULT_PORTS: Final = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True)
class ApiUrl:
    """`text` is normalised: lower-case host, no default port, no slash at the end."""

    text: str
    host: str
    """The name alone, without a port; an IPv6 address without brackets."""
    port: int | None
    """None: the scheme's own."""

    @property
    def loopback(self) -> bool:
        return is_loopback(self.host)

    @property
    def netloc(self) -> str:
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.port is None else f"{name}:{self.port}"


def parse_url(text: str) -> ApiUrl:
    """Raises ValueError that never repeats the URL: there may be a password in it."""
    if any(character <= " " or character > "~" or character in '\\"<>^`{|}' for character in text):
        raise ValueError("a URL has no spaces and only plain ASCII characters")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise ValueError("the host or the port of this URL cannot be read") from None
    if parts.scheme not in _DEFAULT_PORTS:
        raise ValueError("a URL begins with https:// (http:// on this machine only) or local:")
    if "@" in parts.netloc:
        raise ValueError("a URL must not hold a user name or a password")
    if parts.query or parts.fragment or "?" in text or "#" in text:
        raise ValueError("the base URL of an API has no '?' and no '#'")
    return _checked(parts.scheme, (parts.hostname or "").removesuffix("."), port, parts.path)


def _checked(scheme: str, host: str, port: int | None, path: str) -> ApiUrl:
    if not (_HOST.match(host) or _is_ip(host)):
        raise ValueError("the host of this URL cannot be read")
    if port == 0:
        raise ValueError("port 0 is no port")
    if not _PATH.match(path) or {".", ".."} & set(path.split("/")):
        raise ValueError("the path of this URL is not a plain one, like /v1")
    if scheme == "http" and not is_loopback(host):
        raise ValueError("plain http is for this machine only: use https://")
    port = None if port == _DEFAULT_PORTS[scheme] else port
    url = ApiUrl("", host, port)
    return ApiUrl(f"{scheme}://{url.netloc}{path.rstrip('/')}", host, port)


def is_loopback(host: str) -> bool:
    return host == "localhost" or (_is_ip(host) and ipaddress.ip_address(host).is_loopback)


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return "%" not in host
