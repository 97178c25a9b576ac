"""A project over several files: a file may add pages to a project that is declared elsewhere.

`{project: my-website, pages: [...]}` in an included file; the project's own fields, and what holds
for all of its pages, stand in one place only.
"""

from collections.abc import Iterable, Iterator

from cfsync.contract import Contract
from cfsync.desired.frame import CHILDREN
from cfsync.desired.marked import MarkedMap
from cfsync.desired.nearest import nearest
from cfsync.desired.yaml_tree import Document
from cfsync.errors import Problem
from cfsync.model.values import Json

PROJECT, PAGES = "project", CHILDREN["project"]


def join(
    projects: Iterable[Json], documents: Iterable[Document], contract: Contract
) -> Iterator[Problem]:
    """Give each project the pages that other files hold for it, after its own, in order of files.

    In place. A problem for every file whose project nobody declares. Takes anything: what is not
    of the schema is reported elsewhere.
    """
    key = contract.kind("project").key
    known = {
        node[key]: node
        for node in reversed(list(projects))
        if isinstance(node, MarkedMap) and isinstance(node.get(key), str)
    }
    for document in documents:
        root = document.root
        name = root.get(PROJECT) if isinstance(root, MarkedMap) else None
        if not isinstance(name, str):
            continue
        if name in known:
            _add(known[name], root.get(PAGES))
        else:
            yield document.source.problem(
                root.place_of(PROJECT),
                f"the project '{name}' is declared nowhere",
                expected=f"the {key} of a project under `projects`, in any file",
                suggestion=nearest(name, known),
            )


def _add(project: MarkedMap, pages: Json) -> None:
    own = project.get(PAGES, [])
    if not isinstance(own, list) or not isinstance(pages, list):
        return
    numbers = {name: project.number_of(name) for name in project}
    entries = {name: (value, numbers[name]) for name, value in project.items()}
    # a page knows its own file; the list as a whole is placed where the project is
    entries[PAGES] = ([*own, *pages], numbers.get(PAGES, project.start))
    project.become(entries)
