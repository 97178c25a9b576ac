"""What a configuration may reach: whoever runs cfsync decides it, never the files.

`plan` runs on pull requests by strangers.
"""

import re
from collections.abc import Mapping
from typing import Final

from cfsync.desired.urls import ApiUrl, is_loopback
from cfsync.errors import UsageError

ALLOW_HOSTS: Final = "CFSYNC_ALLOW_HOSTS"
ALLOW_COMMANDS: Final = "CFSYNC_ALLOW_COMMANDS"
API_KEY: Final = "CODEFLUSS_API_KEY"
_CODEFLUSS: Final = ("codefluss.com", "codefluss.dev")
_ENV_NAME = re.compile(r"(?:CODEFLUSS|CFSYNC_TOKEN)_[A-Z0-9_]{1,100}\Z")
_ALLOWED_HOST = re.compile(
    r"(?P<below>\*?\.)?(?P<host>[a-z0-9_.-]+|\[[0-9a-f:.]+\])(?::(?P<port>[0-9]{1,5}))?\Z"
)


def token_variable(name: str) -> str:
    """The name, if files may read that variable. Raises ValueError that does not repeat it."""
    if not _ENV_NAME.match(name):
        # whoever pasted the key itself here should not find it in a log
        raise ValueError("files may read only variables named CODEFLUSS_… or CFSYNC_TOKEN_…")
    return name


def is_codefluss(host: str) -> bool:
    return any(host == domain or host.endswith("." + domain) for domain in _CODEFLUSS)


def host_allowed(url: ApiUrl, environ: Mapping[str, str]) -> bool:
    """Whether a key may be sent there. Raises UsageError where CFSYNC_ALLOW_HOSTS is malformed."""
    if is_codefluss(url.host) or is_loopback(url.host):
        return True
    return any(_fits(entry, url) for entry in _entries(environ.get(ALLOW_HOSTS, "")))


def commands_allowed(environ: Mapping[str, str]) -> bool:
    return environ.get(ALLOW_COMMANDS) == "1"


def _entries(text: str) -> list[re.Match[str]]:
    found = []
    for entry in re.split(r"[,\s]+", text.strip().lower()):
        match = _ALLOWED_HOST.match(entry)
        if entry and match is None:
            raise UsageError(
                f"{ALLOW_HOSTS}: {entry!r} is not a host",
                why="hosts are named like api.example.com, api.example.com:8443 or *.example.com",
                next_step=f"export {ALLOW_HOSTS}=api.example.com",
            )
        if match is not None:
            found.append(match)
    return found


def _fits(entry: re.Match[str], url: ApiUrl) -> bool:
    host = entry["host"].strip("[]")
    if entry["port"] is not None and int(entry["port"]) != (url.port or 443):
        return False
    return url.host.endswith("." + host) if entry["below"] else url.host == host
