"""Gives back memory that the process no longer uses."""

import contextlib
import ctypes


def give_back() -> None:
    """Give free memory back to the system, where the C library can (glibc).

    Otherwise it keeps what a session took for the next one, which on a speaker may be far away.
    """
    with contextlib.suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)
