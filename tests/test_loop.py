"""The live loop asks the ears about the noise and tells the session."""

import numpy as np
import pytest

from voiceguide.core.commands import Command, Phrasebook
from voiceguide.core.decision.audibility import NoiseNow
from voiceguide.core.effects import Cue, Say
from voiceguide.core.errors import ModelError
from voiceguide.core.events import (
    CommandHeard,
    Fault,
    Faulted,
    Interrupted,
    NoiseChanged,
    Started,
    TapClosed,
)
from voiceguide.core.routine.routine import Mode, Routine, Section, Step, Wait
from voiceguide.core.session.preferences import Manner
from voiceguide.core.session.session import Session
from voiceguide.core.table import State
from voiceguide.core.wording import HELLO
from voiceguide.core.wording_faults import FAULTS, LOUD
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


def conduct(session, mixer, watch=None, may_go_on=lambda: True):
    """A conductor whose sentences are tones and whose cues are short."""
    cues = {cue: Clip(np.full(80, 0.5, np.float32), RATE) for cue in Cue}
    return Conductor(
        session,
        lambda post: Performer(mixer, Beep(), cues, NoKeeper(), post),
        watch,
        may_go_on,
    )


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


class Beginning:
    """A guide whose ears still load, in virtual time."""

    def __init__(self, **session):
        self.mixer, self.said, self.ears_have_come = Mixer(RATE), [], False
        self.session = Session({"rest": ROUTINE}, Phrasebook("en", ()), **session)
        self.conductor = conduct(self.session, self.mixer, self._watch, lambda: self.ears_have_come)
        self.conductor.handle(Started(), 0.0)

    def _watch(self, moment):
        said = (effect for effect in moment.effects if isinstance(effect, Say))
        self.said += [(round(moment.at_seconds, 1), effect.text) for effect in said]

    def go_on(self, seconds):
        for _ in range(round(seconds * 10)):
            self.mixer.render(RATE // 10)
            self.conductor.advance(self.mixer.position / RATE)

    @property
    def texts(self):
        return [text for _, text in self.said]


@pytest.mark.parametrize("asked", [{"routine_id": "rest"}, {}])
def test_the_guide_greets_while_the_ears_load_and_asks_nothing_before_they_listen(asked):
    guide = Beginning(**asked)
    guide.go_on(8)
    assert guide.said == [(0.0, HELLO)]
    assert guide.conductor.next_seconds() is None, "nothing is due"
    guide.ears_have_come = True
    guide.go_on(0.1)
    assert [at for at, _ in guide.said] == [0.0, 8.1]
    assert len(guide.said) == 2
    guide.go_on(60)
    assert any("?" in text or "Say" in text for text in guide.texts)


def test_what_happens_while_the_ears_load_is_answered_at_once_and_no_more():
    guide = Beginning(routine_id="rest")
    guide.go_on(2)
    guide.conductor.handle(Faulted(Fault.MICROPHONE), 2.0)
    guide.go_on(8)
    assert guide.said == [(0.0, HELLO), (2.0, FAULTS[Fault.MICROPHONE])]
    guide.conductor.handle(Interrupted(), 10.0)
    assert guide.session.has_ended


def test_ears_that_cannot_be_opened_end_the_loop_with_their_error():
    mixer, said = Mixer(RATE), []

    def have_come():
        if mixer.position / RATE > 1.0:
            raise ModelError("the model is broken")
        return False

    session = Session({"rest": ROUTINE}, Phrasebook("en", ()), routine_id="rest")
    conductor = conduct(session, mixer, said.append, have_come)
    loop = Loop(conductor, Clock(mixer), lambda: loop.call(lambda: None))
    loop.post(Started())
    with pytest.raises(ModelError, match="the model is broken"):
        loop.run()
    assert [effect.text for effect in said[0].effects if isinstance(effect, Say)] == [HELLO]
    assert len(said) == 1
