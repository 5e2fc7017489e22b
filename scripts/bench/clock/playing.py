"""Plays strokes on the default speaker over a soft noise: ``python -m bench.clock.playing``.


Its arguments are the number of strokes and the seconds of each; it prints how many blocks came too
late.
"""

import sys

import numpy as np
from bench.clock.onsets import pilot

from voiceguide.core.commands import Command, Phrasebook
from voiceguide.core.effects import Cue
from voiceguide.core.events import CommandHeard, Started
from voiceguide.core.routine.routine import Mode, Routine, Section, Step, Stroke
from voiceguide.core.session.session import Session
from voiceguide.edge.devices.speaker import Speaker
from voiceguide.loop import Conductor, Loop
from voiceguide.performer import NoKeeper, Performer
from voiceguide.sound.background import Background
from voiceguide.sound.clip import Clip
from voiceguide.sound.voice_port import AtOnce

CLICK = 0.5


class Silent(AtOnce):
    """A voice that renders every sentence as a tenth of a second of silence."""

    def __init__(self, silence: Clip) -> None:
        self._silence = silence

    def render(self, text: str, words_per_minute: int) -> Clip:  # noqa: ARG002
        """See ``AtOnce``."""
        return self._silence


def play(count: int, period: float) -> int:
    """Play all strokes in real time; return how many blocks came too late for the device."""
    with Speaker() as speaker:
        assert speaker.settle(10.0)
        rate = speaker.mixer.sample_rate_hz
        speaker.mixer.set_background(Background(pilot(rate).astype(np.float32), rate))
        silence = Clip(np.zeros(rate // 10, np.float32), rate)
        click = np.zeros(rate // 100, np.float32)
        click[: rate // 500] = CLICK
        cues = dict.fromkeys(Cue, silence)
        cues[Cue.TICK] = cues[Cue.LAST] = Clip(click, rate)
        step = Step("up", "up", Mode.STROKE, ("Up.",), stroke=Stroke(count, period))
        routine = Routine("t", "t", "T.", (Section("z", "z", (step,)),))
        session = Session({"t": routine}, Phrasebook("en", ()), routine_id="t")
        conductor = Conductor(
            session, lambda post: Performer(speaker.mixer, Silent(silence), cues, NoKeeper(), post)
        )
        loop = Loop(conductor, speaker.now_seconds)
        loop.post(Started())
        loop.post(CommandHeard(Command.START))
        loop.run()
        return speaker.underflows


if __name__ == "__main__":
    print(play(int(sys.argv[1]), float(sys.argv[2])))
