"""The live loop asks the ears about the noise and tells the session."""

import numpy as np

from voiceguide.core.commands import Command, Phrasebook
from voiceguide.core.decision.audibility import NoiseNow
from voiceguide.core.effects import Cue
from voiceguide.core.events import CommandHeard, Interrupted, NoiseChanged, Started, TapClosed
from voiceguide.core.routine.routine import Mode, Routine, Section, Step, Wait
from voiceguide.core.session.preferences import Manner
from voiceguide.core.session.session import Session
from voiceguide.core.table import State
from voiceguide.core.wording_faults import LOUD
from voiceguide.loop import Conductor, Loop
from voiceguide.performer import NoKeeper, Performer
from voiceguide.sound.background import Background, drone
from voiceguide.sound.clip import Clip
from voiceguide.sound.mixer import Mixer
from voiceguide.sound.voice_port import AtOnce

RATE = 8000
ROUTINE = Routine(
    id="rest",
    name="rest",
    summary="Rest.",
    sections=(
        Section("all", "all", (Step("rest", "rest", Mode.WAIT, ("Rest.",), wait=Wait(9.0)),)),
    ),
)


class Beep(AtOnce):
    """Renders every sentence as half a second of tone, at once."""

    def render(self, text, words_per_minute):
        return Clip(np.full(RATE // 2, 0.2, np.float32), RATE)


class Clock:
    """Time passes by what the mixer has rendered: a tenth of a second each time it is read."""

    def __init__(self, mixer):
        self._mixer = mixer

    def __call__(self):
        self._mixer.render(RATE // 10)
        return self._mixer.position / RATE


def conduct(session, mixer, watch=None):
    """A conductor whose sentences are tones and whose cues are short."""
    cues = {cue: Clip(np.full(80, 0.5, np.float32), RATE) for cue in Cue}
    return Conductor(session, lambda post: Performer(mixer, Beep(), cues, NoKeeper(), post), watch)


def run(loud_from, loud_until, seconds):
    """What a session was told of noise, and the sentences it said."""
    mixer, moments = Mixer(RATE), []
    session = Session({"rest": ROUTINE}, Phrasebook("en", ()), routine_id="rest")
    conductor = conduct(session, mixer, moments.append)

    def tend():
        loop.post(Interrupted()) if mixer.position / RATE > seconds else loop.call(lambda: None)

    class Noisy:
        snr_db = 30.0
        taps_closed = 0

        @property
        def loud(self):
            return loud_from <= mixer.position / RATE < loud_until

    loop = Loop(conductor, Clock(mixer), tend, Noisy())
    loop.post(Started())
    loop.run()
    told = [moment.event for moment in moments if isinstance(moment.event, NoiseChanged)]
    return told, [effect.text for m in moments for effect in m.effects if hasattr(effect, "text")]


def test_noise_that_comes_and_goes_is_told_once_each_way():
    told, said = run(6.0, 15.0, 20.0)
    assert told == [NoiseChanged(True), NoiseChanged(False)]
    assert said.count(LOUD) == 1


def test_each_tap_that_is_closed_is_told_once_whichever_ears_hear_it():
    mixer, moments = Mixer(RATE), []
    session = Session({"rest": ROUTINE}, Phrasebook("en", ()), routine_id="rest")
    conductor = conduct(session, mixer, moments.append)
    conductor.handle(Started(), 0.0)
    for closed in (0, 1, 1, 2, 0, 0, 1):  # other ears count anew
        conductor.listen_to_noise(NoiseNow(taps_closed=closed), 1.0)
    assert [moment.event for moment in moments].count(TapClosed()) == 3


def test_without_noise_nothing_is_told():
    told, said = run(99.0, 100.0, 10.0)
    assert told == []
    assert LOUD not in said


def test_a_background_is_heard_behind_a_session_and_not_while_it_sleeps():
    mixer = Mixer(RATE)
    mixer.set_background(Background(drone(RATE), RATE))
    session = Session({"rest": ROUTINE}, Phrasebook("en", ()), manner=Manner(sleep_seconds=600))
    conductor = conduct(session, mixer)

    def heard(event):
        conductor.handle(event, mixer.position / RATE)
        mixer.render(5 * RATE)
        return bool(mixer.render(RATE).any())

    assert not heard(Started())
    assert heard(CommandHeard(Command.WAKE))
    heard(CommandHeard(Command.STOP))
    assert not heard(CommandHeard(Command.STOP))
    assert session.state is State.ASLEEP
