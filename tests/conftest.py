"""What several parts of the tests share: a real PostgreSQL server, a cache of their own."""

import os

import pytest
from support.postgres import binaries, serving

REQUIRED = bool(os.environ.get("CI"))
"""Read once: tests of the command line take the variable away."""


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory):
    """What is parsed in a test is kept with the test, not with the person who runs it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session")
def postgres():
    """A server's URL. Skipped aloud where none is installed; in CI it has to be."""
    found = binaries()
    if found is None:
        missing = "no PostgreSQL server is installed (Debian: apt-get install postgresql)"
        if REQUIRED:
            pytest.fail(missing)
        pytest.skip(missing)
    with serving(found) as url:
        yield url


@pytest.fixture
def empty_postgres(postgres):
    """The URL of a database in which there is no journal yet."""
    import psycopg

    with psycopg.connect(postgres, autocommit=True) as db:
        db.execute("DROP SCHEMA IF EXISTS cfsync CASCADE")
    return postgres
