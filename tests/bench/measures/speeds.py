"""Starting up, and requests a second: of the emulator, below a limit, and with a slow answer."""

import json
import statistics
from functools import partial
from typing import Final
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from bench.elements import element
from bench.interleaved import interleaved, say
from bench.load import KEY, Load
from bench.measures.settings import Settings
from bench.process import measure
from bench.report import Goal
from bench.server import Counts
from bench.site import CFSYNC, site
from bench.venvs import OCTODNS

_STARTS: Final = 11
_LATENCY: Final = 0.02
_OWN: Final = 0.0015
"""Seconds that a call may take beside the latency."""
_AT_ONCE: Final = 16
_RATE: Final = 200
_COUNT: Final = 2000
"""Elements below a limit, and with slow answers."""


def measure_help(settings: Settings) -> None:
    output = settings.folder / "help.txt"
    programs = {"cfsync": [CFSYNC, "--help"]}
    if "octodns" in settings.peers:
        programs["octoDNS"] = [str(OCTODNS.bin / "octodns-sync"), "--help"]
    starts = {name: partial(measure, command, output) for name, command in programs.items()}
    figures = interleaved("help", _STARTS, starts)
    for name, each in figures.items():
        settings.report.add("--help", name, each)
    ours = figures["cfsync"].wall
    settings.report.goal(Goal("--help", ours * 1000, 80, 60, unit=" ms"))
    if "octoDNS" in figures:
        against = ours / figures["octoDNS"].wall
        settings.report.goal(Goal("--help against octodns-sync", against, 0.6, unit=" times"))


def measure_emulator(settings: Settings, sent: Counts) -> None:
    """`sent` is what cfsync sent when it applied everything."""
    rates = emulator_rates(settings)
    for what, rate in rates.items():
        settings.report.notes.append(f"the emulator alone, {what}: {rate:,.0f} requests a second")
    settings.report.notes.append(f"cfsync while applying all: {sent.write_rate:,.0f} writes/s")
    against = rates["POST of an element"] / sent.write_rate
    goal = "the emulator's POSTs against what cfsync sends"
    settings.report.goal(Goal(goal, against, 2, least=True, unit=" times"))


def emulator_rates(settings: Settings) -> dict[str, float]:
    """Of a database on a file, as `cfsync emulator` has it, on 16 connections."""
    folder = settings.folder / "load"
    with site(folder, 200) as filled:
        filled.byhand("apply")
        url = filled.server.url
        elements = _elements_of_a_page(url)
        loads = {
            "GET of 100 elements": Load("GET", f"{elements}?limit=100"),
            "POST of an element": Load("POST", elements, json.dumps(element(5))),
        }
        return {what: load.rate(url, folder) for what, load in loads.items()}


def _elements_of_a_page(url: str) -> str:
    """Path of their collection."""
    base = urlsplit(url).path
    project = _first(f"{url}/projects")
    page = _first(f"{url}/projects/{project}/pages")
    return f"{base}/pages/{page}/elements"


def _first(url: str) -> str:
    with urlopen(Request(url, headers={"Authorization": f"Bearer {KEY}"})) as answer:
        id_: str = json.load(answer)["data"][0]["id"]
        return id_


def measure_rate(settings: Settings) -> None:
    """Below a limit of requests a second, which cfsync is not told and has to find out."""
    for options, how, refusals in (("", "not told", _AT_ONCE), (f"rate: {_RATE}/s", "told", 0)):
        runs = [_at_a_rate(settings, options, how) for _ in range(settings.runs)]
        times = statistics.median(time for time, _ in runs)
        limited = max(refused for _, refused in runs)
        what = f"{_COUNT:,} elements at {_RATE} calls/s, {how}"
        shown = f"{times:.2f} times"
        settings.report.goal(
            Goal(f"{what}: time against calls/{_RATE}", times, 1.1, 1.03, shown=shown)
        )
        # the one time that it learns the limit refuses what is under way then
        settings.report.goal(Goal(f"{what}: answers of 429, at most", limited, refusals))


def _at_a_rate(settings: Settings, options: str, how: str) -> tuple[float, int]:
    """How many times as long as the calls have to take, and how many were refused."""
    faults = [f"rate={_RATE}/s"]
    with site(settings.folder / "rate", _COUNT, options=options, faults=faults) as ours:
        measured = ours.cfsync("apply", "--yes")
        sent = ours.counts
    calls = sent.reads + sent.writes - sent.limited
    say(f"rate, {how}: {measured.wall:.2f} s, {sent}, {sent.limited} times 429")
    return measured.wall / (calls / _RATE), sent.limited


def measure_latency(settings: Settings) -> None:
    rate = statistics.median(_rate_of_slow_answers(settings) for _ in range(settings.runs))
    ideal = _AT_ONCE / (_LATENCY + _OWN)
    goal = f"rate with answers after {_LATENCY * 1000:.0f} ms, {_AT_ONCE} at once ({rate:,.0f}/s)"
    settings.report.goal(
        Goal(goal, rate / ideal * 100, 90, 95, least=True, unit=f"% of {ideal:,.0f}/s")
    )


def _rate_of_slow_answers(settings: Settings) -> float:
    faults = [f"latency={_LATENCY * 1000:.0f}ms"]
    with site(settings.folder / "latency", _COUNT, faults=faults) as ours:
        measured = ours.cfsync("apply", "--yes")
        rate = ours.counts.write_rate
        say(f"latency: {measured.wall:.2f} s, {rate:,.0f} writes/s, {ours.counts}")
    return rate
