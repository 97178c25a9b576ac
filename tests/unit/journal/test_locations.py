"""Where a journal is may be said in a message; how one logs in there may not."""

import pytest

from cfsync.journal.locations import is_database, secrets_of, shown


@pytest.mark.parametrize(
    ("url", "text", "secrets"),
    [
        ("postgresql://db.example", "postgresql://db.example", ()),
        ("postgresql://me@db.example/x", "postgresql://db.example/x", ()),
        ("postgresql:///x?host=/run/pg", "postgresql:///x", ()),
        ("postgres://me:pw@[::1]:5433/x", "postgres://[::1]:5433/x", ("pw",)),
        ("postgresql://me:p%40w@a:1,b/x?sslmode=1", "postgresql://a:1,b/x", ("p%40w", "p@w")),
        ("postgresql://db/x?user=me&password=pw", "postgresql://db/x", ("pw",)),
        ("postgresql://me:p/w@db/x", "postgresql://db/x", ("p/w",)),
        ("postgresql://me:p@w@db/x", "postgresql://db/x", ("p@w",)),
    ],
)  # fmt: skip
def test_of_a_url_hosts_ports_and_database_are_shown(url, text, secrets):
    assert is_database(url)
    assert shown(url) == text
    assert secrets_of(url) == secrets


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://me:p?w@db/x",
        "postgresql://me:p#w@db/x",
        "postgresql://me:pw",
        "postgresql://db/x?password=p@w",
        "postgresql://me:p w/x",
    ],
)
def test_of_what_only_resembles_one_nothing_is_shown(url):
    assert shown(url) == "postgresql://…"
    assert url in secrets_of(url)


def test_a_path_is_shown_as_it_is():
    assert not is_database(".cfsync/journal.db")
    assert shown("a:b@c/journal.db") == "a:b@c/journal.db"
    assert secrets_of("a:b@c/journal.db") == ()
