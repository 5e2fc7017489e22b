"""Fixtures for every test."""

from collections.abc import Iterator

import pulse
import pytest


@pytest.fixture
def virtual_sound(tmp_path) -> Iterator[pulse.VirtualSound]:
    """A private PulseAudio with a virtual speaker and microphone; skipped where there is none."""
    reason = pulse.missing()
    if reason is not None:
        pytest.skip(reason)
    with pulse.VirtualSound(tmp_path / "pulse") as sound:
        yield sound
