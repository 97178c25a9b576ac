"""Prism, a second reader of the contract, between cfsync and the served emulator."""

import json
import os
import subprocess
import sys
from http.client import HTTPConnection

import pytest
from contract.prism_judge import prism
from support.emulator import TOKEN, serving

from cfsync.emulator.faults import Fault

pytestmark = pytest.mark.slow

CONFIGURATION = """\
version: 1
name: acme
environments:
  proxied: {url: "URL", token: {env: CFSYNC_TOKEN_PROXIED}, settle: 0s, guard_age: 5s}
default_environment: proxied
projects:
  - slug: acme
    name: Acme
    status: published
    settings: {locale: en}
    pages:
      - slug: index
        name: Home
        status: published
        seo: {title: "Acme – home", noindex: false}
        elements:
          - name: hero
            type: section
            styles: {desktop: {padding: 96px 0, opacity: 0.5}}
            children:
              - {name: title, type: heading, content: "TITLE", props: {level: 1}}
              - {name: cta, type: button, content: Team, props: {href: /team, big: true}}
              - {name: note, type: text, content: null, visible: false}
          - {name: story, type: text, content: Once upon a time}
      - slug: about/team
        name: Team
        elements:
          - {name: people, type: list, children: [PEOPLE]}
"""
PERSON = "{name: person, type: text, content: '%d'}"


def wanted(folder, url, title, people):
    text = CONFIGURATION.replace("URL", url).replace("TITLE", title)
    text = text.replace("PEOPLE", ", ".join(PERSON % number for number in people))
    (folder / "cfsync.yaml").write_text(text, encoding="utf-8")


def cfsync(folder, *words, code=0):
    done = subprocess.run(
        [sys.executable, "-m", "cfsync", "-C", str(folder), *words],
        env={**os.environ, "CFSYNC_TOKEN_PROXIED": TOKEN},
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout


def send(proxy, method, path, body=None):
    connection = HTTPConnection("127.0.0.1", proxy.port, timeout=30)
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
    connection.request(method, path, None if body is None else json.dumps(body), headers)
    answer = connection.getresponse()
    text = answer.read()
    connection.close()
    return answer, json.loads(text)


def made(proxy, path, **fields):
    answer, body = send(proxy, "POST", path, fields)
    assert answer.status == 201
    return body["data"]["id"]


def test_prism_sees_no_violation_while_cfsync_plans_applies_changes_and_undoes(tmp_path):
    site = tmp_path / "site"
    site.mkdir()
    with serving(token=TOKEN) as server, prism(server.url, tmp_path) as proxy:
        wanted(site, proxy.url, "Hello", range(3))
        cfsync(site, "plan")
        cfsync(site, "apply", "--yes")
        after = server.api.state()
        cfsync(site, "plan", "--detailed-exitcode")
        cfsync(site, "list")

        wanted(site, proxy.url, "Good morning", [0, 2, 3, 4])
        server.api.count_anew()
        cfsync(site, "apply", "--yes", "--allow-deletes", "0")
        assert server.api.log.methods["PATCH"] >= 1

        wanted(site, proxy.url, "Hello", range(7))
        before = server.api.state()
        server.api.count_anew()
        server.api.faults[:] = [Fault.parse("403@w3")]
        cfsync(site, "apply", "--yes", code=3)
        assert server.api.state() == before != after
        assert server.api.log.writes > 3

        server.api.faults.clear()
        cfsync(site, "plan")
        violations = proxy.violations()

    assert violations == []


def test_prism_sees_no_violation_in_what_the_emulator_answers(tmp_path):
    with serving(token=TOKEN) as server, prism(server.url, tmp_path) as proxy:
        project = made(proxy, "/projects", name="Acme", slug="acme", settings={"a": [1]})
        page = made(proxy, f"/projects/{project}/pages", name="Team", slug="about/team")
        hero = made(proxy, f"/pages/{page}/elements", name="hero", type="section", position=3)
        made(proxy, f"/pages/{page}/elements", name="title", type="heading", parentId=hero)
        calls = [
            ("GET", f"/pages/{page}/elements?limit=1", None, 200),
            ("PATCH", f"/elements/{hero}", {"content": None}, 200),
            ("POST", "/projects", {"name": "Acme", "slug": "acme"}, 400),
            ("DELETE", f"/projects/{project}", None, 200),
            ("GET", f"/elements/{hero}", None, 404),
        ]
        for method, path, body, status in calls:
            assert send(proxy, method, path, body)[0].status == status
        for status in (403, 429, 500):
            server.api.faults[:] = [Fault.parse(str(status))]
            assert send(proxy, "GET", "/projects")[0].status == status
        violations = proxy.violations()

    assert violations == []


def test_prism_would_have_seen_a_violation_in_either_direction(tmp_path):
    with serving(token=TOKEN) as server, prism(server.url, tmp_path) as proxy:
        request = send(proxy, "POST", "/projects", {"name": "Acme", "slug": "Not A Slug"})[0]
        after_request = len(proxy.violations())
        server.api.faults[:] = [Fault.parse("without=id")]
        answer = send(proxy, "POST", "/projects", {"name": "Acme", "slug": "acme"})[0]
        after_answer = len(proxy.violations())
        server.api.faults[:] = [Fault.parse("418")]
        undocumented = send(proxy, "GET", "/projects")[0]
        violations = proxy.violations()

    assert "request" in request.headers["sl-violations"]
    assert "response" in answer.headers["sl-violations"]
    assert undocumented.headers["sl-violations"] is not None
    assert 0 < after_request < after_answer < len(violations)
