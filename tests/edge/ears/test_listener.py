"""Blocks go to the ears with the right times; what breaks is told."""

import queue

import numpy as np
import pytest

from voiceguide.core.commands import Command, Phrase
from voiceguide.core.decision.guide_sound import SILENT
from voiceguide.core.rates import EAR_RATE_HZ
from voiceguide.edge.ears.listener import DOZE_SECONDS, EarState, Listener
from voiceguide.sound.mixer import Mixer

BLOCK = np.zeros(800, np.int16)
NEXT = (Phrase("next", Command.NEXT),)


class Source:
    """Blocks handed in by the test; None asks the listener to look up."""

    def __init__(self):
        self.blocks = queue.SimpleQueue()

    def read(self, timeout):
        try:
            return self.blocks.get(timeout=timeout)
        except queue.Empty:
            return None


class Ears:
    """Notes what it was given, and decides each block's time."""

    is_roused = True
    spoken_over = False
    state = EarState.WELL

    def __init__(self):
        self.heard = queue.SimpleQueue()
        self.phrases = ()

    def listen_for(self, phrases):
        self.phrases = phrases

    def hear(self, block, end_seconds, guide=SILENT):
        if self.phrases == ():
            raise RuntimeError("nothing to listen for")
        return ((end_seconds, guide.level_dbfs, self.phrases),)


@pytest.fixture
def listening():
    source, decided, failed, clock = Source(), queue.SimpleQueue(), queue.SimpleQueue(), [10.0]
    mixer = Mixer(48_000)
    listener = Listener(source, Ears(), lambda: clock[0], mixer, decided.put, failed.put)
    yield listener, source, decided, failed, clock, mixer
    listener.close()


def test_times_are_counted_in_samples_until_they_are_far_off_the_timeline(listening):
    listener, source, decided, failed, clock, _ = listening

    def no_doze(seconds):
        raise AssertionError("nobody sleeps")

    listener._closing.wait = no_doze
    listener.listen_for(NEXT)
    listener.start()
    ends = []
    for now in (10.0, 10.06, 10.2, 20.0):
        clock[0] = now
        source.blocks.put(BLOCK)
        ends.append(decided.get(timeout=5)[0])
    step = len(BLOCK) / EAR_RATE_HZ
    assert ends == pytest.approx([10.0, 10.0 + step, 10.0 + 2 * step, 20.0])
    assert failed.empty()


def test_blocks_that_had_gathered_at_the_beginning_do_not_run_ahead_of_the_timeline(listening):
    listener, source, decided, failed, clock, _ = listening
    for _ in range(5):
        source.blocks.put(BLOCK)
    listener.listen_for(NEXT)
    listener.start()
    assert [decided.get(timeout=5)[0] for _ in range(5)] == [10.0] * 5
    step = len(BLOCK) / EAR_RATE_HZ
    ends = []
    for now in (10.0 + step, 10.0 + 4 * step, 12.1, 12.1):
        clock[0] = now
        source.blocks.put(BLOCK)
        ends.append(decided.get(timeout=5)[0])
    # The third is far off the timeline, so time is set anew; at the fourth it has not settled yet.
    assert ends == pytest.approx([10.0 + step, 10.0 + 2 * step, 12.1, 12.1])
    assert failed.empty()


def test_a_timeline_that_begins_with_the_first_block_settles_too(listening):
    listener, source, decided, _, clock, _ = listening
    clock[0] = 0.1
    listener.listen_for(NEXT)
    listener.start()
    source.blocks.put(BLOCK)
    assert decided.get(timeout=5)[0] == pytest.approx(0.1)
    clock[0] = 2.15
    source.blocks.put(np.tile(BLOCK, 40))
    assert [decided.get(timeout=5)[0] for _ in range(40)][-1] == pytest.approx(2.1)
    for _ in range(2):
        source.blocks.put(BLOCK)
    ends = [decided.get(timeout=5)[0] for _ in range(2)]
    assert ends == pytest.approx([2.15, 2.2])


def test_two_seconds_later_blocks_that_come_early_change_no_times(listening):
    listener, source, decided, _, clock, _ = listening
    listener.listen_for(NEXT)
    listener.start()
    source.blocks.put(BLOCK)
    assert decided.get(timeout=5)[0] == 10.0
    clock[0] = 12.05
    source.blocks.put(np.tile(BLOCK, 40))
    assert [decided.get(timeout=5)[0] for _ in range(40)][-1] == pytest.approx(12.0)
    for _ in range(3):
        source.blocks.put(BLOCK)
    ends = [decided.get(timeout=5)[0] for _ in range(3)]
    assert ends == pytest.approx([12.05, 12.1, 12.15])


def test_asleep_blocks_gather_and_all_of_them_are_heard(listening):
    listener, source, decided, _, clock, _ = listening
    listener._ears.is_roused = False
    dozes = queue.SimpleQueue()
    doze = listener._closing.wait

    def noted(seconds):
        dozes.put(seconds)
        return doze(0.0)

    listener._closing.wait = noted
    listener.listen_for(NEXT)
    for _ in range(3):
        source.blocks.put(BLOCK)
    listener.start()
    ends = [decided.get(timeout=5)[0] for _ in range(3)]
    step = len(BLOCK) / EAR_RATE_HZ
    assert np.diff(ends) == pytest.approx([step, step])
    assert dozes.get(timeout=5) == DOZE_SECONDS
    listener._ears.is_roused = True
    clock[0] += step
    source.blocks.put(BLOCK)
    assert decided.get(timeout=5)[0] == pytest.approx(ends[-1] + step)


def test_the_level_of_what_is_played_comes_along(listening):
    listener, source, decided, _, clock, mixer = listening
    mixer.play(np.full(48_000, 0.1, np.float32), 0, tag=None)
    mixer.render(48_000)
    clock[0] = 0.9
    listener.listen_for(NEXT)
    listener.start()
    source.blocks.put(BLOCK)
    _, playing_db, phrases = decided.get(timeout=5)
    assert (playing_db, phrases) == (pytest.approx(-20, abs=0.1), NEXT)


def test_blocks_of_any_length_reach_the_ears_as_blocks_of_50_ms(listening):
    listener, source, decided, _, clock, _ = listening

    def read(timeout):
        block = Source.read(source, timeout)
        clock[0] += 0 if block is None else len(block) / EAR_RATE_HZ
        return block

    source.read = read
    listener.listen_for(NEXT)
    listener.start()
    for length in (700, 700, 200):
        source.blocks.put(BLOCK[:length])
    first, second = decided.get(timeout=5)[0], decided.get(timeout=5)[0]
    assert second - first == pytest.approx(0.05)
    assert decided.empty()


def test_ears_that_break_are_told_once_and_end_the_thread(listening):
    listener, source, decided, failed, *_ = listening
    listener.start()
    source.blocks.put(BLOCK)
    assert str(failed.get(timeout=5)) == "nothing to listen for"
    assert decided.empty()


def test_who_speaks_over_the_guide_is_passed_on_for_every_such_block():
    source, told, decided = Source(), queue.SimpleQueue(), queue.SimpleQueue()
    ears = Ears()
    listener = Listener(
        source,
        ears,
        lambda: 10.0,
        Mixer(48_000),
        decided.put,
        told.put,
        spoken_over=lambda: told.put("softer"),
    )
    listener.listen_for(NEXT)
    listener.start()
    source.blocks.put(BLOCK)
    decided.get(timeout=5)
    assert told.empty()
    ears.spoken_over = True
    source.blocks.put(BLOCK)
    source.blocks.put(BLOCK)
    assert [told.get(timeout=5) for _ in range(2)] == ["softer"] * 2
    listener.close()


class ChangingEars(Ears):
    """Ears that are in another state after each block."""

    state = EarState.COMING

    def __init__(self, *states):
        super().__init__()
        self._states = iter(states)

    def hear(self, block, end_seconds, guide=SILENT):
        self.state = next(self._states)
        return super().hear(block, end_seconds, guide)


def test_ears_that_come_are_no_news_and_those_that_go_are():
    source, told, decided = Source(), queue.SimpleQueue(), queue.SimpleQueue()
    states = (EarState.COMING, EarState.WELL, EarState.AWAY, EarState.WELL)
    listener = Listener(
        source, ChangingEars(*states), lambda: 10.0, Mixer(48_000), decided.put, told.put,
        ears_are=told.put,
    )  # fmt: skip
    listener.listen_for(NEXT)
    listener.start()
    for _ in states:
        source.blocks.put(BLOCK)
    assert [told.get(timeout=60) for _ in range(2)] == [EarState.AWAY, EarState.WELL]
    listener.close()
    assert told.empty()
