"""An apply of everything, and one of a change in one element of a hundred."""

from bench.interleaved import interleaved, say
from bench.measures.plans import no_op
from bench.measures.settings import Settings
from bench.process import Measured
from bench.report import Goal, ratio
from bench.server import Counts
from bench.site import site


def measure_applies(settings: Settings) -> Counts:
    """What cfsync sent when it applied everything."""
    counts: dict[str, Counts] = {}

    def everything(who: str, *words: str) -> Measured:
        with site(settings.folder / "applies", settings.count) as new:
            measured: Measured = getattr(new, who)(*words)
            counts[who] = new.counts
            say(f"  {new.counts}, {new.counts.write_rate:,.0f} writes a second")
        return measured

    figures = interleaved("apply all", settings.runs, {
        "cfsync": lambda: everything("cfsync", "apply", "--yes"),
        "floor": lambda: everything("floor", "apply"),
        "by hand": lambda: everything("byhand", "apply"),
    })  # fmt: skip
    what = f"apply of all {settings.count:,}"
    for name, each in figures.items():
        settings.report.add(what, name, each, counts["byhand" if name == "by hand" else name])
    ours = figures["cfsync"]
    settings.report.goal(ratio(f"{what} against by hand", ours.wall, figures["by hand"].wall, 2, 4))
    return counts["cfsync"]


def measure_few_changes(settings: Settings) -> None:
    with site(settings.folder / "changes", settings.count) as ours:
        ours.cfsync("apply", "--yes")

        def changes() -> Measured:
            ours.swap()  # back and forth: one in a hundred differs either way
            return ours.cfsync("apply", "--yes")

        figures = interleaved("apply of few", settings.runs, {
            "plan": lambda: no_op(ours),
            "apply": changes,
        })  # fmt: skip
        requests = ours.counts
    what = f"apply of {settings.count // 100} changes"
    settings.report.add(f"{what} on {settings.count:,}", "cfsync", figures["apply"], requests)
    more = figures["apply"].wall - figures["plan"].wall
    settings.report.goal(Goal(f"{what}, above the plan", more, 0.5, 0.1, unit=" s"))
