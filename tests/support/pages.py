"""Page files as `cfsync import html` writes them: read, changed and written again by tests."""

from collections.abc import Iterator
from pathlib import Path

import yaml

from cfsync.authoring.dump import dump
from cfsync.model.values import Json


def read(path: Path) -> dict:
    """The file's one page, `$${` read as the literal `${` that it stands for."""
    (page,) = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)["pages"]
    return literal(page)


def write(path: Path, project: str, page: dict) -> None:
    path.write_text(dump({"project": project, "pages": [page]}), encoding="utf-8")


def walk(elements: list[dict]) -> Iterator[dict]:
    for element in elements:
        yield element
        yield from walk(element.get("children", []))


def literal(value: Json) -> Json:
    match value:
        case str():
            return value.replace("$${", "${")
        case dict():
            return {key: literal(inner) for key, inner in value.items()}
        case list():
            return [literal(inner) for inner in value]
    return value
