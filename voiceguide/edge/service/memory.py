"""Memory of the process that nothing uses any more."""

import contextlib
import ctypes


def give_back() -> None:
    """Give free memory back to the system, where the C library can (glibc).

    It keeps what a session took for a next one otherwise, which on a speaker may be far away.
    """
    with contextlib.suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)
