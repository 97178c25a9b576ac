"""Where a journal is, as people write it: a path, or the URL of a PostgreSQL database."""

import re
from typing import Final
from urllib.parse import parse_qsl, unquote

_SCHEMES: Final = ("postgresql://", "postgres://")
_HOST: Final = r"(?:[\w.%-]*|\[[\w:.%]*\])(?::\d+)?"
_HARMLESS: Final = re.compile(rf"{_HOST}(?:,{_HOST})*(?:/[\w.%-]*)?")
"""Hosts, ports and a database: what is shown of a URL, and nothing that only resembles them."""
_SECRET: Final = ("password", "sslpassword", "oauth_client_secret")


def is_database(location: str) -> bool:
    return location.startswith(_SCHEMES)


def shown(location: str) -> str:
    """As it may stand in a message: of a URL no user, no password, no parameters.

    A password that ought to have been percent-encoded (`pa/ss`, `pa?ss@host`) is not shown either.
    """
    if not is_database(location):
        return location
    scheme, _, rest = location.partition("://")
    place, *parameters = re.split(r"[?#]", rest)
    place = place.rpartition("@")[2]
    if any("@" in text for text in parameters) or not _HARMLESS.fullmatch(place):
        return f"{scheme}://…"
    return f"{scheme}://{place}"


def secrets_of(location: str) -> tuple[str, ...]:
    """What nobody may see of it, as written and decoded; empty for a URL without a password.

    A URL of which too much is not understood is a secret as a whole.
    """
    if not is_database(location):
        return ()
    rest = location.partition("://")[2]
    written = rest.rpartition("@")[0].partition(":")[2]
    found = [written, unquote(written)]
    found += [value for name, value in parse_qsl(rest.partition("?")[2]) if name in _SECRET]
    if shown(location).endswith("…"):
        found.append(location)
    return tuple(secret for secret in dict.fromkeys(found) if secret)
