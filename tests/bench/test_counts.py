"""How many requests a plan and an apply need: counts, not times, so that any machine can judge."""

import os
import subprocess
import sys
from collections import Counter
from math import ceil
from urllib.parse import urlsplit

import pytest
from bench.configuration import TOKEN, write
from bench.elements import PER_PAGE
from support.emulator import serving

ELEMENTS = 330
PAGES = ceil(ELEMENTS / PER_PAGE)
LIMIT = 100


def lists(items):
    """A collection is read in pages of a hundred, and an empty one needs a request, too."""
    return max(1, ceil(items / LIMIT))


ON_PAGES = [min(PER_PAGE, ELEMENTS - first) for first in range(0, ELEMENTS, PER_PAGE)]
ONCE = [lists(1), lists(PAGES), *map(lists, ON_PAGES)]
"""Requests of each collection that a plan reads."""
READS = sum(ONCE)


@pytest.fixture
def server():
    with serving() as server:
        yield server


@pytest.fixture
def site(server, tmp_path):
    write(tmp_path, ELEMENTS, server.url)
    return tmp_path


@pytest.fixture
def applied(server, site):
    cfsync(site, "apply", "--yes")
    server.api.count_anew()
    return site


def cfsync(folder, *words):
    done = subprocess.run(
        [sys.executable, "-m", "cfsync", "-C", str(folder), *words],
        env={**os.environ, TOKEN: "benchmark-key"},
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr
    return done.stdout


def collections(log):
    """How often each collection was asked for, by path."""
    return Counter(urlsplit(path).path for method, path, _ in log if method == "GET")


def test_a_plan_of_an_empty_account_is_one_request(server, site):
    cfsync(site, "plan")

    assert list(server.api.log) == [("GET", "/projects?limit=100", 200)]


def test_a_plan_reads_every_collection_once_in_pages_of_a_hundred(server, applied):
    cfsync(applied, "plan", "--detailed-exitcode")

    assert dict(server.api.log.methods) == {"GET": READS}
    assert sorted(collections(server.api.log).values()) == sorted(ONCE)


def test_a_plan_with_changes_reads_no_more_and_writes_nothing(server, applied):
    write(applied, ELEMENTS, server.url, changed=True)
    cfsync(applied, "plan")

    assert dict(server.api.log.methods) == {"GET": READS}


def test_a_first_apply_sends_one_write_for_each_resource_and_few_reads(server, site):
    cfsync(site, "apply", "--yes")

    methods = server.api.log.methods
    assert methods["POST"] == 1 + PAGES + ELEMENTS
    assert set(methods) <= {"GET", "POST"}
    assert methods["GET"] <= 3 + 3 * PAGES


def test_a_second_apply_writes_nothing(server, applied):
    cfsync(applied, "apply", "--yes")

    assert dict(server.api.log.methods) == {"GET": READS}


def test_an_apply_of_few_changes_sends_each_and_reads_their_pages_again_at_most_twice(
    server, applied
):
    write(applied, ELEMENTS, server.url, changed=True)
    cfsync(applied, "apply", "--yes")

    methods = server.api.log.methods
    assert methods["PATCH"] == 4
    assert set(methods) <= {"GET", "PATCH"}
    assert methods["GET"] <= 3 * READS


def test_every_element_is_there_once_and_in_its_place(server, applied):
    elements = [each for each in server.api.store.rows() if each.kind == "element"]
    by_id = {each.id: each for each in elements}

    assert len(elements) == ELEMENTS
    assert sum(each.parent is None for each in elements) == ELEMENTS // 10
    assert all(by_id[each.parent].scope == each.scope for each in elements if each.parent)
