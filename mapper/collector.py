"""Memory: the search for reference cycles, held off where a million values are made that form none, as each search walks
all of them; and what C libraries have freed, given back to the system.
"""

from __future__ import annotations

import ctypes
import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_paused() -> Iterator[None]:
    """Without Python's cyclic garbage collector; what nobody refers to any more is freed all the same."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def give_back() -> None:
    """Hand free memory back to the system, where the C library is glibc; elsewhere nothing happens.

    GEOS leaves a hundred megabytes of holes behind when it has cut 20,000 cells, and glibc keeps them.
    """
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # musl has none
        if trim is not None:
            trim(0)
