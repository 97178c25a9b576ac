from pathlib import Path

import pytest

from cfsync.contract import load as contract
from cfsync.desired.loader import Configuration, load
from cfsync.errors import ConfigError, Problem

ROOT = """\
version: 1
name: acme
include: [sites/**/*.yaml]
environments: {local: {url: "local:x.db"}}
default_environment: local
"""
PROJECT = "projects: [{slug: my-website, name: My Website, manage: mirror}]\n"


def loaded(folder: Path, **files: str) -> Configuration:
    for name, text in files.items():
        path = folder / "sites" / f"{name}.yaml" if name != "root" else folder / "cfsync.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return load(folder, environment=None, environ={}, contract=contract())


def problems(folder: Path, **files: str) -> tuple[Problem, ...]:
    with pytest.raises(ConfigError) as caught:
        loaded(folder, **files)
    return caught.value.problems


def page(slug: str, project: str = "my-website") -> str:
    return f"project: {project}\npages:\n  - {{slug: {slug}, name: {slug}}}\n"


def test_files_add_pages_to_a_project_in_their_order_after_its_own(tmp_path: Path) -> None:
    own = (
        "projects:\n  - slug: my-website\n    name: My Website\n"
        "    pages: [{slug: index, name: Home}]\n    description: x\n"
    )

    configuration = loaded(tmp_path, root=ROOT + own, b=page("b"), a=page("a"))

    (project,) = configuration.state.projects
    assert [page.fields["slug"] for page in project.children or ()] == ["index", "a", "b"]
    assert [str(page.mark) for page in project.children or ()] == [
        "cfsync.yaml:9:13",
        "sites/a.yaml:3:5",
        "sites/b.yaml:3:5",
    ]
    assert configuration.counts == {"project": 1, "page": 3, "element": 0}


def test_a_project_without_pages_of_its_own_passes_on_how_it_is_managed(tmp_path: Path) -> None:
    (project,) = loaded(tmp_path, root=ROOT + PROJECT, a=page("a")).state.projects

    assert [page.manage for page in project.children or ()] == ["mirror"]


def test_a_file_may_declare_a_project_and_add_pages_to_another(tmp_path: Path) -> None:
    other = "projects: [{slug: other, name: Other}]\n" + page("a")

    state = loaded(tmp_path, root=ROOT + PROJECT, other=other).state

    assert [(p.fields["slug"], len(p.children or ())) for p in state.projects] == [
        ("my-website", 1),
        ("other", 0),
    ]


def test_no_pages_at_all_are_declared_as_none(tmp_path: Path) -> None:
    text = "project: my-website\npages: []\n"

    (project,) = loaded(tmp_path, root=ROOT + PROJECT, a=text).state.projects

    assert project.children == ()


def test_a_slug_that_two_files_declare_is_refused_naming_both_places(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, root=ROOT + PROJECT, a=page("team"), b=page("team"))

    assert (problem.file, problem.line) == ("sites/b.yaml", 3)
    assert problem.message == "the page 'team' is declared twice; first at sites/a.yaml:3:12"


def test_a_project_that_nobody_declares_is_named_with_the_nearest_known(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, root=ROOT + PROJECT, a=page("a", "my-webiste"))

    assert (problem.file, problem.line, problem.column) == ("sites/a.yaml", 1, 10)
    assert problem.message == "the project 'my-webiste' is declared nowhere"
    assert problem.suggestion == "my-website"


@pytest.mark.parametrize(
    ("text", "missing"),
    [("project: my-website\n", "pages"), ("pages: []\n", "project")],
)
def test_project_and_pages_need_each_other(tmp_path: Path, text: str, missing: str) -> None:
    (problem,) = problems(tmp_path, root=ROOT + PROJECT, a=text)

    assert problem.file == "sites/a.yaml"
    assert problem.message == f"'{missing}' is missing"


def test_the_root_file_declares_pages_below_their_project(tmp_path: Path) -> None:
    first, second = problems(
        tmp_path, root=ROOT + PROJECT + "project: my-website\npages: []\n", a="{}"
    )

    assert first.message == "unknown key 'project'"
    assert second.message == "unknown key 'pages'"


@pytest.mark.parametrize("own", ["pages: 5", "slug: 5", "pages: {}"])
def test_what_is_of_no_schema_is_reported_once(tmp_path: Path, own: str) -> None:
    root = ROOT + f"projects:\n  - name: My Website\n    slug: my-website\n    {own}\n"

    found = problems(tmp_path, root=root, a=page("a"))

    assert len(found) >= 1
    assert {problem.file for problem in found} <= {"cfsync.yaml", "sites/a.yaml"}


def test_pages_of_a_project_to_be_deleted_are_not_looked_at(tmp_path: Path) -> None:
    root = ROOT + "projects: [{slug: my-website, delete: true}]\n"

    configuration = loaded(tmp_path, root=root, a=page("a"))

    assert configuration.counts == {"project": 0, "page": 0, "element": 0}
