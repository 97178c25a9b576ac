"""Python's collector of garbage, kept away from what is built to stay."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_paused() -> Iterator[None]:
    """What the block builds stays, so looking for garbage in it is lost work: then, and later.

    Measured on a plan of 10,000 elements: 0.1 of 1.5 s. Not for a block that sends writes, whose
    garbage would pile up.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if enabled:
            gc.enable()
