"""Fixtures for every test."""

import gc
import os
from collections.abc import Generator, Iterator

import hypothesis
import pytest
from bench import pulse

pytest_plugins = ("pytester", "support.left_out")

hypothesis.settings.register_profile("few", max_examples=25)
hypothesis.settings.load_profile("few")


FIRST = (
    "tests/live/test_live_session.py",
    "tests/teaching/",
    "tests/show/page/",
    "tests/rehearsal/",
    "tests/scripts/",
    "tests/cli/",
    "tests/live/",
    "tests/edge/",
    "tests/home/",
    "tests/sound/",
)
"""Whole sessions are heard and pages drawn there: they come first, in this order, so that no worker
ends long after the others."""


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Collect thousands of tests that stay: nothing of that is garbage, nor looked at as such."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What runs in real time on virtual sound devices is told apart: it mostly waits."""
    for item in items:
        if "virtual_sound" in getattr(item, "fixturenames", ()):
            item.add_marker("live")
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> int:
    """Where it stands among what comes first; behind all of that for any other test."""
    turns = (turn for turn, start in enumerate(FIRST) if item.nodeid.startswith(start))
    return next(turns, len(FIRST))


@pytest.fixture(scope="session", autouse=True)
def _at_home_here(tmp_path_factory) -> Iterator[None]:
    """The speech engine speaks in tests, whatever packs there are, and it renders a sentence once
    in a run, in whatever process; never the user's own cache. A test that looks at a cache names
    its own.
    """
    # Below the folder of the whole run, which workers beside each other share.
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(shared / "cache"))
        patch.setattr("voiceguide.edge.voice.pack_store.shipped_packs", list)
        if "VOICEGUIDE_VOICES_DIR" not in os.environ:
            patch.setenv("VOICEGUIDE_VOICES_DIR", str(base / "voices"))
        yield


@pytest.fixture
def virtual_sound(tmp_path) -> Iterator[pulse.VirtualSound]:
    """A private PulseAudio with a virtual speaker and microphone; skipped where there is none."""
    reason = pulse.missing()
    if reason is not None:
        pytest.skip(reason)
    with pulse.VirtualSound(tmp_path / "pulse") as sound:
        yield sound
