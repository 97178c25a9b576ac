"""The files are broken, and somebody wants to know what the last run has done."""

import pytest

NO_YAML = "projects: [\n"


@pytest.fixture
def run(cfsync, served):
    assert cfsync("apply", "--yes").code == 0
    return cfsync("history", "--json").json["runs"][0]["run"]


@pytest.mark.parametrize("damage", ["a page", "the whole file"])
def test_history_and_show_tell_it_all_the_same(cfsync, run, site, damage):
    if damage == "a page":
        site.replace("name: Home", "nmae: Home")
    else:
        site.write(NO_YAML)
    history = cfsync("history")
    assert history.code == 0
    assert run in history.out
    assert " in the configuration (cfsync" in history.err
    assert f"(cfsync -C {site.path} validate); this is what {site.path}" in history.err
    assert "has of staging." in history.err
    assert "my-website:index#hero/title" in cfsync("show", run).out
    assert cfsync("show", run, "--json").json["run"]["environment"] == "staging"
    for command in (("plan",), ("apply", "--yes"), ("recover",), ("undo", run)):
        assert cfsync(*command).code == 1


def test_the_journal_is_found_where_the_files_or_the_surroundings_say(
    cfsync, served, site, tmp_path, monkeypatch
):
    site.replace("version: 1\n", "version: 1\njournal: elsewhere.db\n")
    assert cfsync("apply", "--yes").code == 0
    site.replace("name: Home", "nmae: Home")
    assert len(cfsync("history", "--json").json["runs"]) == 1
    site.write(NO_YAML)
    assert cfsync("history").code == 1
    monkeypatch.setenv("CFSYNC_JOURNAL", "elsewhere.db")
    assert len(cfsync("history", "--json").json["runs"]) == 1


def test_of_several_environments_one_has_to_be_named(cfsync, run, site):
    site.replace("        name: Home", "        name: Home page")
    assert cfsync("apply", "--yes", "-e", "local").code == 0
    site.write(NO_YAML)
    refused = cfsync("history")
    assert refused.code == 1
    assert "cfsync.yaml:2:1" in refused.err
    assert "can be asked all the same, with -e local or staging." in refused.err
    assert run in cfsync("history", "-e", "staging").out
    local = cfsync("history", "-e", "local", "--json").json["runs"]
    assert [one["environment"] for one in local] == ["local"]
    assert cfsync("history", "-e", "nowhere").code == 1


def test_without_a_journal_the_files_problems_are_what_is_told(cfsync, site):
    site.write(NO_YAML)
    assert "cfsync.yaml:2:1" in cfsync("history").err
    site.write("version: 1\nname: acme\nenvironments: {}\n")
    assert cfsync("show", "x").code == 1
    assert not (site.path / ".cfsync").exists()
