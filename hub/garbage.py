"""What the garbage collector is told. It knows nothing of what is made."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def kept() -> Iterator[None]:
    """Let no garbage be looked for while things are made that stay: there is none, and a million objects to look at.

    Modules and compiled mappings took twice as long with it. Whoever is inside it last, in whatever thread, sets it
    going again.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
