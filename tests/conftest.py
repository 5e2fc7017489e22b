"""Fixtures for every test."""

from collections.abc import Iterator

import pytest
from bench import pulse


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What runs in real time on virtual sound devices is told apart: it mostly waits."""
    for item in items:
        if "virtual_sound" in getattr(item, "fixturenames", ()):
            item.add_marker("live")


@pytest.fixture
def virtual_sound(tmp_path) -> Iterator[pulse.VirtualSound]:
    """A private PulseAudio with a virtual speaker and microphone; skipped where there is none."""
    reason = pulse.missing()
    if reason is not None:
        pytest.skip(reason)
    with pulse.VirtualSound(tmp_path / "pulse") as sound:
        yield sound
