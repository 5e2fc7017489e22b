"""Free memory goes back to the system."""

import platform

import pytest

from voiceguide.edge.service.memory import give_back
from voiceguide.edge.service.status_socket import resident_bytes

MB = 1_000_000


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc can be told to")
def test_what_is_free_below_something_that_is_used_is_given_back():
    held = [bytearray(2000) for _ in range(50_000)]
    del held[:-1]
    before = resident_bytes()
    give_back()
    assert before - resident_bytes() > 50 * MB
