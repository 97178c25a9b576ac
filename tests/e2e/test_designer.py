"""A designer works on the live site between two applies: nobody loses work, or Git wins."""

import json

import pytest
from support.console import console
from support.emulator import TOKEN, serving
from support.environments import TOKEN_VARIABLE

CONFIG = """\
version: 1
name: acme
environments: {{test: {{url: "{url}", token: {{env: CFSYNC_TOKEN_TEST}}}}}}
default_environment: test
projects:
  - slug: acme
    name: Acme
    live_edits: {live_edits}
    pages:
      - slug: index
        name: Home
        elements:
          - name: hero
            type: section
            children:
              - {{name: title, type: heading, content: Hello}}
              - {{name: text, type: text, content: "{text}"}}
              - {{name: cta, type: button, content: Pricing}}
"""
HERO = "acme:index#hero"


class Site:
    def __init__(self, folder, served):
        self.folder = folder
        self.url = served.url
        self.api = served.api
        self.write()

    def write(self, *, text="We bake.", live_edits="keep"):
        config = CONFIG.format(url=self.url, text=text, live_edits=live_edits)
        (self.folder / "cfsync.yaml").write_text(config, encoding="utf-8")

    def hero(self):
        """What a visitor sees in it: names, in order, and texts."""
        (project,) = self.api.state()
        (hero,) = project["children"][0]["children"]
        return {child["name"]: child["content"] for child in hero["children"]}


@pytest.fixture(scope="module")
def server():
    with serving() as served:
        yield served


@pytest.fixture
def site(server, tmp_path):
    for project in server.api.state():
        server.api.designer.delete(project["slug"])
    return Site(tmp_path, server)


@pytest.fixture
def cfsync(site, capfd, monkeypatch):
    """With the files applied once."""
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setenv(TOKEN_VARIABLE, TOKEN)
    run = console(site.folder, capfd)
    run("apply", "--yes", code=0)
    site.api.count_anew()
    return run


def edit_a_text(designer):
    designer.edit(f"{HERO}/title", content="Good morning")


def add_an_element(designer):
    designer.add(HERO, name="badge", type="text", content="New", position=1)


def delete_an_element(designer):
    designer.delete(f"{HERO}/cta")


def reorder(designer):
    designer.move(f"{HERO}/cta", position=1)


def rename(designer):
    designer.edit(f"{HERO}/title", name="headline")


OURS = {"title": "Hello", "text": "We bake.", "cta": "Pricing"}
THEIRS = {
    edit_a_text: OURS | {"title": "Good morning"},
    add_an_element: {"badge": "New"} | OURS,
    delete_an_element: {"title": "Hello", "text": "We bake."},
    reorder: {"cta": "Pricing", "title": "Hello", "text": "We bake."},
    rename: {"headline": "Hello", "text": "We bake.", "cta": "Pricing"},
}
REPORTED = {
    edit_a_text: "Good morning",
    add_an_element: "1 unmanaged",
    delete_an_element: "deleted on the site",
    reorder: "acme:index#hero  what stands in it has another order there",
    rename: "headline",
}
EVERY_EDIT = pytest.mark.parametrize("edit", THEIRS, ids=lambda edit: edit.__name__)


def same(hero, expected):
    return list(hero.items()) == list(expected.items())


@EVERY_EDIT
def test_an_edit_on_the_site_is_kept_and_reported(cfsync, site, edit):
    edit(site.api.designer)

    planned = cfsync("plan", "--detailed-exitcode", code=0)
    cfsync("apply", "--yes", code=0)

    assert REPORTED[edit] in planned.out
    assert site.api.log.writes == 0
    assert same(site.hero(), THEIRS[edit])
    assert REPORTED[edit] in cfsync("plan", code=0).out, "told until somebody decides"


@EVERY_EDIT
def test_an_edit_on_the_site_is_kept_while_something_else_is_applied(cfsync, site, edit):
    edit(site.api.designer)
    site.write(text="We bake at night.")

    cfsync("apply", "--yes", code=0)

    assert site.api.log.writes == 1
    assert same(site.hero(), THEIRS[edit] | {"text": "We bake at night."})


@EVERY_EDIT
def test_where_git_wins_an_edit_on_the_site_is_taken_back(cfsync, site, edit):
    edit(site.api.designer)
    site.write(live_edits="overwrite")

    cfsync("apply", "--yes", code=0)

    # what nobody declared is never touched, whoever wins
    kept = {"badge": "New"} if edit is add_an_element else {}
    assert same(site.hero(), kept | OURS)
    assert "No changes." in cfsync("plan", "--detailed-exitcode", code=0).out


def test_an_element_that_a_designer_added_goes_where_the_files_say_all(cfsync, site):
    add_an_element(site.api.designer)
    config = site.folder / "cfsync.yaml"
    config.write_text(
        config.read_text().replace("live_edits: keep", "live_edits: keep\n    manage: mirror")
    )

    assert cfsync("apply", "--yes").code == 6
    cfsync("apply", "--yes", "--allow-deletes", 1, code=0)

    assert same(site.hero(), OURS)


def test_a_kept_edit_is_one_entry_of_the_plans_json(cfsync, site):
    edit_a_text(site.api.designer)

    planned = json.loads(cfsync("plan", "--json", code=0).out)

    assert planned["summary"]["keepLive"] == 1
    assert planned["writes"] == []


def test_what_git_renames_back_is_shown_with_the_name_that_the_site_gave_it(cfsync, site):
    rename(site.api.designer)
    site.write(live_edits="overwrite")

    assert "hero/title  was hero/headline" in cfsync("plan", code=0).out
