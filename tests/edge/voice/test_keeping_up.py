"""A voice too slow for the machine: found out by its first sentences, told before the session."""

import numpy as np
import pytest

from voiceguide.edge.voice.keeping_up import slowness
from voiceguide.sound.clip import Clip

RATE = 16_000
TEXTS = tuple(f"This is sentence number {number} of the routine." for number in range(100))


class Engine:
    """Takes ``factor`` seconds for each second of speech, and longer to start."""

    is_piper = True

    def __init__(self, factor: float, ready: frozenset[str] = frozenset()) -> None:
        self.factor = factor
        self.ready = ready
        self.rendered: list[str] = []
        self.now = 0.0

    def render(self, text, words_per_minute):
        self.now += (3.0 if self.rendered else 60.0) * self.factor
        self.rendered.append(text)
        return Clip(np.zeros(3 * RATE, np.float32), RATE)

    def is_ready(self, text, words_per_minute):
        return text in self.ready

    def told(self, texts=TEXTS):
        return slowness(self, texts, 150, lambda: self.now)


def test_a_slow_engine_is_told_of_with_its_figure_and_what_can_be_done():
    engine = Engine(2.5)
    told = engine.told()
    assert told.startswith("this machine takes 2.5 s to render a second of this voice")
    assert "in about 10 minutes, sooner on a PC" in told
    assert told.endswith("or take the voice engine")
    assert engine.rendered == list(TEXTS[:3])


@pytest.mark.parametrize("factor", [0.05, 0.5, 0.85])
def test_one_that_keeps_up_is_not_told_of_however_slow_it_starts(factor):
    assert Engine(factor).told() == ""


def test_what_is_rendered_already_is_neither_tried_nor_waited_for():
    engine = Engine(2.5, frozenset(TEXTS[:98]))
    assert "about 1 minutes" not in Engine(2.5, frozenset(TEXTS[:90])).told()
    engine.told()
    assert engine.rendered == list(TEXTS[98:])
    whole = Engine(2.5, frozenset(TEXTS))
    assert whole.told() == ""
    assert whole.rendered == []


def test_what_is_no_engine_is_not_tried():
    class Pack:
        """Says what it holds."""

    assert slowness(Pack(), TEXTS, 150) == ""
    quick = Engine(2.5)
    quick.is_piper = False
    assert quick.told() == ""
    assert quick.rendered == []
