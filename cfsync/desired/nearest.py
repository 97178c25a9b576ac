"""Did you mean: the known name that a wrong one most looks like."""

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(name: str, known: Iterable[str]) -> str:
    """The nearest known name, or nothing where none is near. Case and `-`/`_` do not count."""
    folded = {_fold(candidate): candidate for candidate in known}
    # difflib is quadratic: a name that long is no slip of the pen
    found = get_close_matches(_fold(name[:80]), folded, n=1, cutoff=0.6)
    return folded[found[0]] if found else ""


def _fold(name: str) -> str:
    return name.lower().replace("-", "").replace("_", "")
