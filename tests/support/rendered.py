"""A session rendered to samples without a voice or ears: the output timeline is the clock."""

import numpy as np

from voiceguide.core.commands import Command, Phrasebook
from voiceguide.core.effects import SWELLS, Cue
from voiceguide.core.events import CommandHeard, Started
from voiceguide.core.routine.routine import Routine, Section, Step
from voiceguide.core.session.preferences import Manner
from voiceguide.core.session.session import Session
from voiceguide.loop import Conductor
from voiceguide.performer import NoKeeper, Performer
from voiceguide.sound.clip import Clip
from voiceguide.sound.mixer import Mixer
from voiceguide.sound.voice_port import AtOnce

RATE = 8000
PULSES = {Cue.TICK: 0.5, Cue.LAST: 0.5, Cue.BREATHE_IN: 0.4, Cue.BREATHE_OUT: 0.3}
"""A single sample of this height stands for the cue; every other cue is silent."""
SPOKEN = 0.01


class Drone(AtOnce):
    """Speaks every sentence as a second of something soft, at once."""

    def render(self, text, words_per_minute):
        return Clip(np.full(RATE, SPOKEN, np.float32), RATE)


def pulse(height: float) -> Clip:
    samples = np.zeros(8, np.float32)
    samples[0] = height
    return Clip(samples, RATE)


class RenderedSession:
    """Plays a routine of these steps; ``pulses`` are the samples at which a cue began."""

    def __init__(self, *steps: Step, manner: Manner | None = None, block: int = 400) -> None:
        zone = Section("zone", "zone", steps)
        routine = Routine("tiny", "tiny", "Tiny.", (zone,), closing=("Bye.",))
        book = Phrasebook("en", ())
        self.session = Session({"tiny": routine}, book, routine_id="tiny", manner=manner)
        self.mixer = Mixer(RATE)
        cues = {cue: pulse(PULSES.get(cue, 0.0)) for cue in Cue}
        assert set(cues) >= SWELLS
        self._conductor = Conductor(
            self.session,
            lambda post: Performer(self.mixer, Drone(), cues, NoKeeper(), post),
        )
        self._block = block
        self._heard: list[tuple[int, float]] = []
        self._conductor.handle(Started(), 0.0)

    @property
    def now(self) -> float:
        return self.mixer.position / RATE

    def pulses(self, cue: Cue) -> list[int]:
        """Where this cue began, in samples."""
        return [at for at, height in self._heard if abs(height - PULSES[cue]) < 0.05]

    def say(self, command: Command) -> None:
        self._conductor.handle(CommandHeard(command), self.now)

    def until(self, seconds: float) -> None:
        """Render up to there in blocks, handling what falls due between them, as the loop does."""
        while self.mixer.position < round(seconds * RATE):
            self._render(self._block)
            self._conductor.advance(self.now)

    def sleep(self, seconds: float) -> None:
        """The machine is suspended in the middle of the sound: nobody handles anything."""
        self._render(round(seconds * RATE))
        self._conductor.advance(self.now)

    def _render(self, count: int) -> None:
        start, out = self.mixer.position, self.mixer.render(count)
        for at in np.flatnonzero(out > 0.2):
            self._heard.append((start + int(at), float(out[at])))
