"""Keeps Python from looking for garbage where there is none."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_collecting() -> Iterator[None]:
    """While this lasts, for imports and set-up, nothing is looked for; what was made meanwhile is
    never looked at again. It stays until the end anyway, and to look at it all takes as long as a
    tenth of the imports.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_on:
            gc.enable()
