"""A plan that finds nothing, and one that finds a change in one element of a hundred."""

import socket
from collections.abc import Callable
from contextlib import ExitStack
from typing import Final

from bench.interleaved import interleaved, say
from bench.measures.settings import Settings
from bench.peers.diffsync import plan as diffsync_plan
from bench.peers.octodns import OctoDns
from bench.peers.terraform import Terraform
from bench.process import Figures, Measured
from bench.report import Goal, ratio
from bench.site import Site, site

_NO_OP: Final = {"by hand": (7, 11), "Terraform": (15, 26), "octoDNS": (2, 3.7)}
"""We take at most one so-manyth: must and stretch."""
_FEW: Final = 1


def measure_plans(settings: Settings) -> None:
    with ExitStack() as stack:
        ours = stack.enter_context(site(settings.folder / "plans", settings.count))
        few = stack.enter_context(site(settings.folder / "few", _FEW))
        for each in (ours, few):
            each.cfsync("apply", "--yes")
        peers = _peers(settings, stack)
        figures = interleaved("no-op plan", settings.runs, {
            "cfsync": lambda: no_op(ours),
            "cfsync, cold cache": lambda: no_op(ours, cold=True),
            "cfsync, 1% changed, cold cache": lambda: _changed(ours),
            "cfsync, 1 element": lambda: no_op(few),
            "floor": ours.floor,
            "by hand": ours.byhand,
            **peers,
        })  # fmt: skip
        no_op(ours)
        _report(settings, figures, str(ours.counts))


def no_op(ours: Site, *, cold: bool = False) -> Measured:
    """Ends with 2, which raises Failed, if there is anything to do."""
    return ours.cfsync("plan", "--detailed-exitcode", cold=cold)


def _changed(ours: Site) -> Measured:
    """One element in a hundred is one in each file, so that no cache knows any of them."""
    with ours.swapped():
        measured = ours.cfsync("plan", cold=True)
        if " to update" not in ours.output:
            raise RuntimeError(f"no change was found: {ours.output[-500:]}")
    no_op(ours)  # the cache is warm again, for whoever is next
    return measured


def _peers(settings: Settings, stack: ExitStack) -> dict[str, Callable[[], Measured]]:
    runs: dict[str, Callable[[], Measured]] = {}
    if "terraform" in settings.peers:
        terraform = Terraform(settings.folder / "terraform")
        say("making Terraform's state")
        terraform.prepare(settings.count)
        runs["Terraform"] = terraform.plan
    if "octodns" in settings.peers:
        octodns = OctoDns(settings.folder / "octodns", _free_port())
        say("filling PowerDNS")
        stack.enter_context(octodns.prepared(settings.count))
        runs["octoDNS"] = octodns.plan
    if "diffsync" in settings.peers:
        runs["diffsync"] = lambda: diffsync_plan(settings.folder, settings.count)
    return runs


def _report(settings: Settings, figures: dict[str, Figures], requests: str) -> None:
    report, count = settings.report, settings.count
    for name, each in figures.items():
        who, _, what = name.partition(", ")
        asked = requests if who == "cfsync" and what != "1 element" else ""
        report.add(f"no-op plan of {count:,}" if not what else f"plan, {what}", who, each, asked)
    warm, cold = figures["cfsync"], figures["cfsync, cold cache"]
    for cache, ours in (("cold", cold), ("warm", warm)):
        for name, (must, stretch) in _NO_OP.items():
            if name in figures:
                what = f"no-op plan of {count:,} against {name}, cache {cache}"
                report.goal(ratio(what, ours.wall, figures[name].wall, must, stretch))
        floor = ours.wall / figures["floor"].wall
        what = f"no-op plan of {count:,} against the floor, cache {cache}"
        report.goal(Goal(what, floor, 2.5, 1.6, unit=" times"))
    changed = figures["cfsync, 1% changed, cold cache"].wall / cold.wall
    what = "plan with 1% changed against no-op, cache cold"
    report.goal(Goal(what, changed, 1.1, 1.03, unit=" times"))
    peak = max(warm.peak, cold.peak)
    memory = (peak - figures["cfsync, 1 element"].peak) * 1024 / count
    report.goal(Goal("memory of a plan, an element", memory, 6, 4, unit=" KiB"))


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port
