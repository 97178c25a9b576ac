import gc
import time

import pytest

from cfsync import limits
from cfsync.desired.loader import load
from cfsync.errors import CfsyncError, ConfigError
from cfsync.model.mark import mark_at

HEAD = "version: 1\nname: acme\nenvironments: {local: {url: 'local:x.db'}}\n"


def site(slug: str, more: str = "") -> str:
    return f"projects:\n  - slug: {slug}\n    name: Site {slug}\n{more}"


def test_a_folder_without_a_configuration_is_told_with_the_way_to_make_one(folder):
    with pytest.raises(CfsyncError) as caught:
        folder.load()
    assert caught.value.next_step == "cfsync init"
    assert caught.value.where == str(folder.path.resolve())


def test_a_folder_that_is_not_there_is_not_one_without_a_configuration(folder):
    folder.path.rmdir()
    with pytest.raises(CfsyncError, match="no such folder"):
        folder.load()


def test_the_root_file_may_end_in_yml_but_there_is_one(folder):
    folder.write_all({"cfsync.yml": HEAD})
    assert folder.load().files == ("cfsync.yml",)
    folder.write_all({"cfsync.yaml": HEAD})
    with pytest.raises(CfsyncError) as caught:
        folder.load()
    assert caught.value.next_step == "rm cfsync.yml"


def test_a_root_file_that_cannot_be_read_is_a_problem_of_the_whole_file(folder):
    (folder.path / "cfsync.yaml").mkdir()
    problem = folder.problem()
    assert (problem.line, problem.column) == (0, 0)
    assert problem.message == "cfsync.yaml is not a regular file"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the file is empty"),
        ("- a\n", "the file is a list"),
        ("text\n", "the file is a text"),
        ("7\n", "the file is a number"),
    ],
)
def test_a_file_that_is_no_mapping_is_told(folder, text, message):
    problem = folder.root(text).problem()
    assert (problem.line, problem.column, problem.message) == (1, 1, message)
    assert "vars" not in problem.expected


def test_a_configuration_without_projects_is_fine(folder):
    loaded = folder.root(HEAD).load()
    assert loaded.name == "acme"
    assert loaded.state.projects == ()
    assert loaded.counts == {"project": 0, "page": 0, "element": 0}


def test_included_files_are_read_sorted_each_once_and_never_the_root_itself(folder):
    folder.root(
        HEAD + "include: ['**/*.yaml', sites/b.yaml, ./sites/a.yaml]\n",
        **{"sites/b.yaml": site("b"), "sites/a.yaml": site("a")},
    )
    (folder.path / "link.yaml").symlink_to("sites/a.yaml")
    (folder.path / "sites" / "round").symlink_to("..")
    loaded = folder.load()
    assert loaded.files == ("cfsync.yaml", "link.yaml", "sites/b.yaml")
    assert [each.fields["slug"] for each in loaded.state.projects] == ["a", "b"]


@pytest.mark.parametrize(
    ("include", "message"),
    [
        ("nothing/*.yaml", "'nothing/*.yaml' matches no file"),
        ("nothing.yaml", "'nothing.yaml' does not exist"),
        ("../x.yaml", "'../x.yaml' is not below the folder of the configuration"),
        ("/etc/*.yaml", "'/etc/*.yaml' is not below the folder of the configuration"),
        ("sub", "'sub' is not a regular file"),
        ("a**/x", "is not a pattern"),
        ("out.yaml", "'out.yaml' is not below the folder of the configuration"),
        ("o*.yaml", "'out.yaml' is not below the folder of the configuration"),
    ],
)
def test_an_include_that_names_nothing_readable_is_told_at_its_place(folder, include, message):
    (folder.path / "sub").mkdir()
    (folder.path / "out.yaml").symlink_to("/etc/hostname")
    problem = folder.root(HEAD + f"include:\n  - '{include}'\n").problem()
    assert message in problem.message
    assert (problem.line, problem.column) == (5, 5)


def test_too_many_included_files_are_refused(folder, monkeypatch):
    monkeypatch.setattr(limits, "MAX_FILES", 2)
    files = {f"s{i}.yaml": "" for i in range(3)}
    problem = folder.root(HEAD + "include: [s*.yaml]\n", **files).problem()
    assert problem.message == "3 files are included; the limit is 2"


def test_an_included_file_holds_projects_and_nothing_of_the_root(folder):
    folder.root(HEAD + "include: [a.yaml]\n", **{"a.yaml": "include: [b]\nname: x\nprojcts: []\n"})
    assert [each.message for each in folder.problems()] == [
        "'include' belongs in cfsync.yaml, not in a file that it includes",
        "'name' belongs in cfsync.yaml, not in a file that it includes",
        "unknown key 'projcts'",
    ]
    assert folder.problems()[2].suggestion == "projects"


def test_all_problems_of_all_files_are_told_at_once_in_order(folder):
    folder.root(
        HEAD + "include: ['*.yaml']\nnam: x\n",
        **{
            "a.yaml": "projects: [",
            "b.yaml": site("Not A Slug"),
            "c.yaml": site(
                "c",
                "    pages: [{slug: p, name: P, elements: "
                "[{name: e, type: text, content: {file: no.md}}]}]\n",
            ),
            "d.yaml": b"\xff\xfe",
            "e.yaml": site("c"),
            "f.yaml": "projects: [{slug: f, slug: f, name: Fff}]",
        },
    )
    found = [(each.file, each.line) for each in folder.problems()]
    assert found == [
        ("a.yaml", 1),
        ("b.yaml", 2),
        ("c.yaml", 4),
        ("cfsync.yaml", 5),
        ("d.yaml", 1),
        ("e.yaml", 2),
        ("f.yaml", 1),
    ]


def test_a_broken_root_file_is_told_alone(folder):
    assert "expected node content" in folder.root(HEAD + "include: [").problem().message


def test_problems_of_one_file_are_cut_where_nobody_reads_on(folder):
    pages = "".join(f"      - {{slug: p{i}, nam: x}}\n" for i in range(200))
    folder.root(HEAD + site("a", "    pages:\n" + pages))
    assert len(folder.problems()) == limits.MAX_PROBLEMS


def test_two_projects_of_one_slug_are_refused_naming_both_places(folder):
    folder.root(HEAD + "include: [a.yaml]\n" + site("x"), **{"a.yaml": site("x")})
    problem = folder.problem()
    assert str(problem.message) == "the project 'x' is declared twice; first at cfsync.yaml:6:11"
    assert (problem.file, problem.line, problem.column) == ("a.yaml", 2, 11)


def test_two_pages_of_one_slug_are_refused_and_two_elements_of_one_name_are_not(folder):
    folder.root(
        HEAD
        + site("x", "    pages:\n      - {slug: p, name: P}\n      - {slug: p, delete: true}\n")
    )
    assert folder.problem().message == "the page 'p' is declared twice; first at cfsync.yaml:8:16"
    folder.root(
        HEAD
        + site(
            "x",
            "    pages: [{slug: p, name: P, elements: [{name: e, type: t}, {name: e, type: t}]}]\n",
        )
    )
    assert folder.load().counts["element"] == 2


def test_the_digest_names_files_contents_and_environment_and_nothing_else(folder, tmp_path):
    two = (
        "version: 1\nname: a\nenvironments: {x: {url: 'local:x'}, y: {url: 'local:y'}}\n"
        "default_environment: x\ninclude: [a.yaml]\n"
    )
    page = (
        "    pages: [{slug: p, name: P, elements: [{name: e, type: t, content: {file: t.md}}]}]\n"
    )
    folder.root(two, **{"a.yaml": site("a", page), "t.md": "one"})
    first = folder.load().state.digest
    assert first == folder.load().state.digest == folder.load("x").state.digest
    assert len(first) == 64
    digests = {first, folder.load("y").state.digest}
    for name, text in (
        ("t.md", "two"),
        ("a.yaml", site("a", page) + "# a comment\n"),
        ("cfsync.yaml", two + "\n"),
    ):
        folder.write_all({name: text})
        digests.add(folder.load().state.digest)
    assert len(digests) == 5
    (folder.path / "sub").mkdir()
    for name in ("cfsync.yaml", "a.yaml", "t.md"):
        (folder.path / name).rename(folder.path / "sub" / name)
    moved = load(folder.path / "sub", environment=None, environ={}, contract=folder.contract)
    assert moved.state.digest in digests


def test_the_collector_is_as_it_was_afterwards(folder):
    folder.root(HEAD).load()
    assert gc.isenabled()
    gc.disable()
    try:
        folder.load()
        assert not gc.isenabled()
        folder.root("").problems()
    finally:
        gc.enable()


def test_leaves_of_the_desired_state_know_where_they_were_written(folder):
    folder.root(HEAD + site("x", "    settings: {seo: {index: true}}\n    pages: []\n"))
    project = folder.load().state.projects[0]
    assert str(mark_at(project.fields, ("settings", "seo", "index"))) == "cfsync.yaml:7:29"
    assert str(mark_at(project.fields, ("settings", "gone"))) == "cfsync.yaml:7:15"
    assert mark_at(project.fields, ("status",)) is None
    assert mark_at({"name": "x"}, ("name",)) is None
    assert str(project.mark) == "cfsync.yaml:5:5"


def test_a_file_of_hundreds_of_elements_loads_in_a_blink(folder):
    elements = "".join(
        f"          - {{name: e{i}, type: text, props: {{n: {i}}}}}\n" for i in range(500)
    )
    page = "    pages:\n      - slug: p\n        name: P\n        elements:\n"
    folder.root(HEAD + site("x", page + elements))
    began = time.process_time()
    assert folder.load().counts["element"] == 500
    assert time.process_time() - began < 1


def test_problems_are_raised_before_hosts_are_judged(folder):
    folder.root(
        "version: 1\nname: a\nenvironments: {e: {url: 'https://x.example', token: {keyring: k}}}\n"
        + site("X")
    )
    with pytest.raises(ConfigError):
        folder.load()


def test_what_can_be_checked_of_a_file_that_has_problems_is_told_in_the_same_go(folder):
    text = (
        "version: 1\nname: a\nenvironments: {local: {url: 'local:x.db'}}\n"
        "default_environment: lcoal\nprojects:\n"
        "  - slug: acme\n    nmae: Acme\n    pages:\n      - slug: index\n        name: Home\n"
        "        elements:\n"
        "          - {name: a, type: text, content: {file: missing.md}}\n"
        "          - {name: b, type: text, content: {file: ../outside.md}}\n"
    )
    folder.write_all({"cfsync.yaml": text})
    told = sorted(problem.message for problem in folder.problems())
    assert told == [
        "'../outside.md' is not below the folder of the configuration",
        "'missing.md' does not exist",
        "'name' is missing",
        "there is no environment 'lcoal'",
        "unknown key 'nmae'",
    ]


def test_environments_that_are_wrong_themselves_are_not_looked_at_twice(folder):
    text = (
        "version: 1\nname: a\nenvironments: {local: {ulr: 'local:x.db'}}\n"
        "default_environment: lcoal\nprojects: []\n"
    )
    folder.write_all({"cfsync.yaml": text})
    told = sorted(problem.message for problem in folder.problems())
    assert told == ["'url' is missing", "unknown key 'ulr'"]
