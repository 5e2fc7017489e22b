"""Fixtures for every test."""

import os
from collections.abc import Iterator

import pytest
from bench import pulse

pytest_plugins = ("pytester", "support.left_out")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What runs in real time on virtual sound devices is told apart: it mostly waits."""
    for item in items:
        if "virtual_sound" in getattr(item, "fixturenames", ()):
            item.add_marker("live")


@pytest.fixture(autouse=True)
def _no_packs(monkeypatch, tmp_path_factory) -> None:
    """The speech engine speaks in tests, whatever packs there are."""
    monkeypatch.setattr("voiceguide.edge.voice.pack_store.shipped_packs", list)
    if "VOICEGUIDE_VOICES_DIR" not in os.environ:
        monkeypatch.setenv("VOICEGUIDE_VOICES_DIR", str(tmp_path_factory.getbasetemp() / "voices"))


@pytest.fixture
def virtual_sound(tmp_path) -> Iterator[pulse.VirtualSound]:
    """A private PulseAudio with a virtual speaker and microphone; skipped where there is none."""
    reason = pulse.missing()
    if reason is not None:
        pytest.skip(reason)
    with pulse.VirtualSound(tmp_path / "pulse") as sound:
        yield sound
