"""Writes a cfsync configuration of N elements: `configuration.py DIR N [--files F] [...]`.

A folder with the root file, and one file for each page, or for every few of them. Runs as a
process of its own, so that its memory is not counted to whoever measures.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.elements import PER_PAGE, Element, tree

PROJECT: Final = "bench"
TOKEN: Final = "CFSYNC_TOKEN_BENCH"
"""The environment variable that holds the key."""


def write(
    folder: Path,
    count: int,
    url: str,
    *,
    files: int | None = None,
    changed: bool = False,
    options: str = "",
) -> None:
    """`files`: None is one a page. `options` is YAML for the environment: `rate: 100/s`."""
    (folder / "sites").mkdir(parents=True, exist_ok=True)
    (folder / "cfsync.yaml").write_text(_root(url, options), encoding="utf-8")
    pages = list(range(0, count, PER_PAGE))
    each = -(-len(pages) // (files or len(pages)))
    for index in range(0, len(pages), each):
        lines = [f"project: {PROJECT}", "pages:"]
        for first in pages[index : index + each]:
            lines += _page(first, min(PER_PAGE, count - first), changed)
        name = f"sites/pages-{index:04d}.yaml"
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


def page_slug(first: int) -> str:
    return f"page-{first // PER_PAGE:04d}"


def _root(url: str, options: str) -> str:
    more = f", {options}" if options else ""
    return (
        "version: 1\nname: bench\ninclude: [sites/*.yaml]\n"
        f"environments:\n  bench: {{url: '{url}', token: {{env: {TOKEN}}}{more}}}\n"
        "default_environment: bench\n"
        f"projects:\n  - {{slug: {PROJECT}, name: Benchmark}}\n"
    )


def _page(first: int, count: int, changed: bool) -> Iterator[str]:
    slug = page_slug(first)
    yield f"  - slug: {slug}"
    yield f"    name: Page {slug[5:]}"
    yield "    elements:"
    for each in tree(first, count, changed=changed):
        yield from element_lines(each, 6)


def element_lines(element: Element, indent: int) -> Iterator[str]:
    before = " " * indent
    yield f"{before}- name: {element['name']}"
    yield f"{before}  type: {element['type']}"
    yield f"{before}  content: {element['content']}"
    yield f"{before}  props:"
    for key, value in element["props"].items():
        yield f"{before}    {key}: {json.dumps(value)}"
    yield f"{before}  styles:"
    yield f"{before}    desktop:"
    for key, value in element["styles"]["desktop"].items():
        yield f"{before}      {key}: {json.dumps(value)}"
    if "children" in element:
        yield f"{before}  children:"
        for child in element["children"]:
            yield from element_lines(child, indent + 4)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("count", type=int)
    parser.add_argument("--url", required=True)
    parser.add_argument("--files", type=int)
    parser.add_argument("--changed", action="store_true", help="one in a hundred elements")
    parser.add_argument("--options", default="")
    given = parser.parse_args()
    write(
        given.folder, given.count, given.url,
        files=given.files, changed=given.changed, options=given.options,
    )  # fmt: skip


if __name__ == "__main__":
    main()
