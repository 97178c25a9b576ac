"""Terraform's core: builtin `terraform_data`, a module a page, no provider, no network.

The state of N elements is made from the state of a few, of the same shape, because an apply of
10,000 takes most of an hour.
"""

import json
from pathlib import Path
from typing import Any, Final

from bench.configuration import element_lines, page_slug
from bench.elements import PER_PAGE, element, flat
from bench.process import Measured, measure
from bench.venvs import TERRAFORM

_MAIN: Final = """\
module "page" {
  source   = "./page"
  for_each = fileset("${path.root}/pages", "*.yaml")
  file     = "${path.root}/pages/${each.value}"
}
"""
_PAGE: Final = """\
variable "file" { type = string }
locals { items = yamldecode(file(var.file)) }
resource "terraform_data" "element" {
  for_each = local.items
  input    = each.value
}
"""
_FEW: Final = 20


class Terraform:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._output = folder / "output.txt"

    def prepare(self, count: int) -> None:
        """As if N elements had been applied."""
        (self._folder / "page").mkdir(parents=True)
        (self._folder / "pages").mkdir()
        (self._folder / "main.tf").write_text(_MAIN, encoding="utf-8")
        (self._folder / "page" / "main.tf").write_text(_PAGE, encoding="utf-8")
        self._write(_FEW)
        self._run("init")
        self._run("apply")
        self._grow(count)
        self._write(count)

    def plan(self) -> Measured:
        measured = self._run("plan")
        output = self._output.read_text(encoding="utf-8")
        if "No changes" not in output:
            raise RuntimeError(f"Terraform's state was not made right: {output}")
        return measured

    def version(self) -> str:
        self._run("version")
        return self._output.read_text(encoding="utf-8").split("\n")[0]

    def _run(self, command: str) -> Measured:
        script = str(Path(__file__).with_name("terraform_run.py"))
        return measure([TERRAFORM.python, script, str(self._folder), command], self._output)

    def _write(self, count: int) -> None:
        for first in range(0, count, PER_PAGE):
            lines: list[str] = []
            for each in flat(first, min(PER_PAGE, count - first)):
                lines.append(f"{each['name']}:")
                body = list(element_lines(each, 0))
                lines += [f"  name: {each['name']}", *body[1:]]
            path = self._folder / "pages" / f"{page_slug(first)}.yaml"
            path.write_text("\n".join(lines) + "\n", encoding="utf-8")

    def _grow(self, count: int) -> None:
        path = self._folder / "terraform.tfstate"
        state = json.loads(path.read_text(encoding="utf-8"))
        resource = state["resources"][0]
        like = json.dumps(resource["instances"][0])
        state["resources"] = [
            resource
            | {
                "module": f'module.page["{page_slug(first)}.yaml"]',
                "instances": [
                    _instance(like, number) for number in range(first, min(first + PER_PAGE, count))
                ],
            }
            for first in range(0, count, PER_PAGE)
        ]
        path.write_text(json.dumps(state, indent=2), encoding="utf-8")


def _instance(like: str, number: int) -> dict[str, Any]:
    instance: dict[str, Any] = json.loads(like)
    attributes, value = instance["attributes"], element(number)
    instance["index_key"] = value["name"]
    attributes["id"] = f"00000000-0000-4000-8000-{number:012x}"
    for key in ("input", "output"):
        attributes[key] = {"value": value, "type": attributes[key]["type"]}
    return instance
