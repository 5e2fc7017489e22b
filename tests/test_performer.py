"""Effects performed on a real mixer: order, exact positions, and failures that are told."""

from concurrent.futures import Future

import numpy as np
import pytest

from voiceguide.core.effects import (
    SWELLS,
    Cue,
    Hush,
    KeepPlace,
    Place,
    PlayCue,
    Prepare,
    Say,
    SetSpeechRate,
)
from voiceguide.core.errors import SpeechError
from voiceguide.core.events import Fault, Faulted, Recovered, SpeechEnded, SpeechFailed
from voiceguide.performer import NoKeeper, Performer
from voiceguide.sound.clip import Clip
from voiceguide.sound.mixer import Mixer

RATE = 8000


class Renderer:
    """Renders when told to: a second of tone for any text but "mute"."""

    def __init__(self):
        self.jobs = []
        self.prepared = []

    def submit(self, text, words_per_minute):
        self.jobs.append((text, words_per_minute, Future()))
        return self.jobs[-1][2]

    def prepare(self, texts, words_per_minute):
        self.prepared.append((texts, words_per_minute))

    def finish(self, index=0):
        text, _, future = self.jobs.pop(index)
        if text == "mute":
            future.set_exception(SpeechError("no voice"))
        else:
            future.set_result(Clip(np.full(RATE, 0.25, np.float32), RATE))

    def close(self):
        pass


class Full(NoKeeper):
    """A disk without room, until ``room`` is set."""

    def __init__(self):
        self.room = False

    def keep(self, effect):
        if not self.room:
            raise OSError(28, "No space left on device")


@pytest.fixture
def parts():
    mixer, renderer, keeper, posted = Mixer(RATE), Renderer(), Full(), []
    cues = {cue: Clip(np.full(80, 0.5, np.float32), RATE) for cue in set(Cue) - SWELLS}
    return Performer(mixer, renderer, cues, keeper, posted.append), mixer, renderer, keeper, posted


def first_sound(samples):
    return int(np.flatnonzero(samples)[0])


def test_a_cue_sounds_on_its_exact_sample(parts):
    performer, mixer, *_ = parts
    performer.perform(PlayCue(Cue.TICK, 0.123))
    assert first_sound(mixer.render(RATE)) == round(0.123 * RATE)


def test_a_swell_sounds_from_its_exact_sample_as_long_as_its_phase(parts):
    performer, mixer, *_ = parts
    performer.perform(PlayCue(Cue.BREATHE_IN, 0.5, 1.25))
    heard = np.flatnonzero(mixer.render(2 * RATE))
    assert RATE // 2 <= heard[0] < RATE // 2 + 40
    assert RATE * 1.75 - 40 < heard[-1] < RATE * 1.75


def test_sentences_follow_one_another_however_they_are_timed(parts):
    performer, mixer, renderer, *_ = parts
    performer.perform(Say(1, "one", 0.5))
    performer.perform(Say(2, "two", 0.6))
    renderer.finish()
    renderer.finish()
    assert performer.next_end_seconds() == 1.5
    mixer.render(3 * RATE)
    assert performer.ended() == [SpeechEnded(1, 1.5), SpeechEnded(2, 2.5)]
    assert performer.next_end_seconds() is None


def test_sentences_keep_their_order_when_the_second_is_rendered_first(parts):
    performer, mixer, renderer, *_ = parts
    performer.perform(Say(1, "one", 0.0))
    performer.perform(Say(2, "two", 0.0))
    renderer.finish(1)
    assert first_sound_or_none(mixer.render(100)) is None
    renderer.finish(0)
    mixer.render(3 * RATE)
    assert [event.utterance_id for event in performer.ended()] == [1, 2]


def first_sound_or_none(samples):
    return first_sound(samples) if samples.any() else None


def test_a_hush_drops_what_sounds_what_is_scheduled_and_what_is_being_rendered(parts):
    performer, mixer, renderer, *_ = parts
    performer.perform(Say(1, "one", 0.0))
    renderer.finish()
    performer.perform(Say(2, "late", 0.0))
    performer.perform(PlayCue(Cue.TICK, 0.5))
    mixer.render(RATE // 4)
    performer.perform(Hush())
    renderer.finish()
    sound = mixer.render(2 * RATE)
    assert not sound[round(0.05 * RATE) :].any()
    assert performer.ended() == []
    assert performer.next_end_seconds() is None


def test_a_sentence_after_a_hush_does_not_wait_for_the_one_that_was_cut(parts):
    performer, mixer, renderer, *_ = parts
    performer.perform(Say(1, "one", 0.0))
    renderer.finish()
    performer.perform(Hush())
    performer.perform(Say(2, "two", 0.2))
    renderer.finish()
    assert first_sound(mixer.render(RATE)) == round(0.2 * RATE)


def test_the_end_of_a_sentence_before_a_hush_is_not_taken_for_that_of_the_one_after_it(parts):
    performer, mixer, renderer, *_ = parts
    performer.perform(Say(1, "one", 0.0))
    renderer.finish()
    mixer.render(RATE)
    performer.perform(Hush())
    performer.perform(Say(2, "two", 1.5))
    renderer.finish()
    assert performer.ended() == [SpeechEnded(1, 1.0)]
    assert performer.next_end_seconds() == 2.5


def test_a_failed_sentence_is_told_and_so_is_the_voice_until_it_works(parts):
    performer, _, renderer, _, posted = parts
    for utterance_id in (1, 2):
        performer.perform(Say(utterance_id, "mute", 0.0))
        renderer.finish()
    performer.perform(Say(3, "well", 0.0))
    renderer.finish()
    assert posted == [
        SpeechFailed(1),
        Faulted(Fault.VOICE),
        SpeechFailed(2),
        Recovered(Fault.VOICE),
    ]


def test_a_full_disk_is_told_once_and_its_end_too(parts):
    performer, _, _, keeper, posted = parts
    for strokes in range(3):
        performer.perform(KeepPlace(Place("r", "s", "t", strokes)))
    assert posted == [Faulted(Fault.DISK)]
    keeper.room = True
    performer.perform(KeepPlace(Place("r", "s", "t", 3)))
    assert posted == [Faulted(Fault.DISK), Recovered(Fault.DISK)]


def test_a_new_rate_is_used_from_the_following_sentence_on(parts):
    performer, _, renderer, *_ = parts
    performer.perform(Say(1, "one", 0.0))
    performer.perform(SetSpeechRate(120))
    performer.perform(Say(2, "two", 0.0))
    performer.perform(Prepare(("three",)))
    assert [rate for _, rate, _ in renderer.jobs] == [150, 120]
    assert renderer.prepared == [(("three",), 120)]


def test_beside_noise_the_sentences_that_come_are_spoken_clearly(parts):
    performer, mixer, renderer, *_ = parts

    def said(utterance_id):
        performer.perform(Say(utterance_id, "one", mixer.position / RATE))
        renderer.finish()
        return mixer.render(RATE)

    plain = said(1)
    performer.follow_noise(3.0)
    clear = said(2)
    assert np.abs(clear - plain).max() > 0.01
    performer.follow_noise(30.0)
    assert np.array_equal(said(3), plain)


def test_a_hush_ends_the_softness_so_that_what_follows_is_as_loud_as_ever(parts):
    performer, mixer, renderer, *_ = parts
    performer.perform(Say(1, "one", 0.0))
    renderer.finish()
    mixer.render(RATE // 10)
    performer.make_room()
    mixer.render(RATE // 10)
    assert mixer.softened_db == -12
    performer.perform(Hush())
    performer.perform(Say(2, "two", 0.45))
    renderer.finish()
    sound = mixer.render(RATE)
    assert sound[round(0.3 * RATE) : round(0.9 * RATE)] == pytest.approx(0.25)
