"""`diffsync_run.py N`: both sides made in memory, no YAML, no network; then the difference.

Runs in a virtual environment of its own, with `tests` as its path.
"""

import sys

from bench.elements import PER_PAGE, flat
from diffsync import Adapter, DiffSyncModel

# ruff: noqa: RUF012 - how diffsync declares its models


class Element(DiffSyncModel):
    _modelname = "element"
    _identifiers = ("name",)
    _attributes = ("type", "content", "props", "styles")
    name: str
    type: str
    content: str
    props: dict
    styles: dict


class Page(DiffSyncModel):
    _modelname = "page"
    _identifiers = ("slug",)
    _children = {"element": "elements"}
    slug: str
    elements: list = []


class Side(Adapter):
    page = Page
    element = Element
    top_level = ["page"]

    def fill(self, count):
        for first in range(0, count, PER_PAGE):
            page = Page(slug=f"page-{first}")
            self.add(page)
            for each in flat(first, min(PER_PAGE, count - first)):
                element = Element(**each)
                self.add(element)
                page.add_child(element)
        return self


count = int(sys.argv[1])
sys.stdout.write(f"{Side().fill(count).diff_from(Side().fill(count)).summary()}\n")
