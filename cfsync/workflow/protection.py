"""What the files protect, whether it was applied yet or not."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from msgspec import structs

from cfsync.model.address import Address
from cfsync.model.base import BaseState
from cfsync.model.desired import Desired
from cfsync.model.mark import Mark
from cfsync.workflow.wiring import Site


def declared_protection(site: Site) -> dict[str, Mark]:
    """By address: where `protect: true` was written."""
    return {
        str(address): node.mark
        for project in site.configuration.state.projects
        for address, node in _walk(site, project, _root(site, project))
        if node.protect
    }


def protected_by_files(site: Site, base: BaseState) -> BaseState:
    """The base as if the files' protection had been applied already."""
    declared = declared_protection(site)
    rows = {
        id_: structs.replace(row, protect=True) if row.address in declared else row
        for id_, row in base.rows.items()
    }
    return replace(base, rows=rows)


def _root(site: Site, project: Desired) -> Address:
    return Address(str(project.fields[site.contract.kind("project").key]))


def _walk(site: Site, node: Desired, address: Address) -> Iterator[tuple[Address, Desired]]:
    yield address, node
    seen: Counter[str] = Counter()
    for child in node.children or ():
        name = str(child.fields[site.contract.kind(child.kind).key])
        seen[name] += 1
        yield from _walk(site, child, address.child(name, seen[name]))
