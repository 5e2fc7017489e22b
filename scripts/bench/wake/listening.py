"""The ears of a sleeping guide, from the microphone on: what wakes them, and what that costs."""

import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from bench.wake.material import Material, Scene, sound
from numpy.typing import NDArray

from voiceguide.core.commands import Command, Phrase
from voiceguide.core.decision.heard import Reason
from voiceguide.core.decision.thresholds import Thresholds
from voiceguide.core.rates import BLOCK_SAMPLES, EAR_RATE_HZ
from voiceguide.edge.ears.ears import Ears
from voiceguide.edge.ears.hearing import hear_with
from voiceguide.edge.ears.recogniser import Recogniser
from voiceguide.edge.files.phrase_file import load_phrasebook
from voiceguide.sound.clip import Samples
from voiceguide.sound.echo.cleaner import Front
from voiceguide.sound.echo.overheard import sounding
from voiceguide.sound.mixer import Mixer

MIXER_RATE_HZ = 44_100


@dataclass(frozen=True, slots=True)
class Waking:
    """One time that the ears woke."""

    at_seconds: float
    score: float
    second_look: bool
    snr_db: float


@dataclass(frozen=True, slots=True)
class Listened:
    """What the ears did with some sound."""

    seconds: float
    cpu_seconds: float
    """Processor time of the whole chain: mixer, echo canceller, meter, gate, recogniser."""
    open_seconds: float
    """How long the gate was open."""
    wakings: tuple[Waking, ...]


@dataclass(frozen=True, slots=True)
class Sleeper:
    """How a guide sleeps: model and call; can be sent to another process."""

    model: Path
    texts: tuple[str, ...]
    any_score: bool = False
    """Without a bar, for the curve."""

    def ears(self) -> Ears:
        """New ears, asleep."""
        bars = (
            Thresholds(wake_confidence=0.0, wake_noisy_confidence=0.0, second_look_confidence=0.0)
            if self.any_score
            else None
        )
        made = Ears(_recogniser(self.model, self.texts), load_phrasebook().decoys, bars)
        made.listen_for(tuple(Phrase(text, Command.WAKE) for text in self.texts))
        return made


@cache
def _recogniser(model: Path, texts: tuple[str, ...]) -> Recogniser:
    made = Recogniser(model)
    made.check(Phrase(text, Command.WAKE) for text in texts)
    return made


def listen(sleeper: Sleeper, heard: Samples) -> Listened:
    """Let sleeping ears hear some sound, 16 kHz within ±1, as in the live guide."""
    ears = sleeper.ears()
    mixer = Mixer(MIXER_RATE_HZ)
    front = Front(mixer, BLOCK_SAMPLES, EAR_RATE_HZ)
    blocks: NDArray[np.int16] = (np.clip(heard, -1, 1) * 32767).round().astype(np.int16)
    wakings: list[Waking] = []
    opened, count = 0, len(blocks) // BLOCK_SAMPLES
    began = time.process_time()
    for number in range(count):
        block = blocks[number * BLOCK_SAMPLES : (number + 1) * BLOCK_SAMPLES]
        end = (number + 1) * BLOCK_SAMPLES / EAR_RATE_HZ
        mixer.render(MIXER_RATE_HZ // 20)
        cleaned = front.clean(block, end)
        for one in ears.hear(cleaned, end, sounding(mixer, end, front)):
            if one.accepted:
                second = one.why is Reason.AGREED_SECOND_LOOK
                wakings.append(Waking(one.decided_seconds, one.confidence, second, one.snr_db))
        opened += ears.is_roused
    step = BLOCK_SAMPLES / EAR_RATE_HZ
    return Listened(count * step, time.process_time() - began, opened * step, tuple(wakings))


def listen_to_scene(sleeper: Sleeper, scene: Scene, material: Material) -> Listened:
    """The same for a scene; made for a process of its own."""
    return listen(sleeper, sound(scene, material))


def called(sleeper: Sleeper, heard: Samples) -> tuple[float, float] | None:
    """(Score, seconds after the last word) with which a single call wakes; None if it does not."""
    for one in hear_with(sleeper.ears(), heard):
        if one.accepted:
            return one.confidence, one.decided_seconds - one.end_seconds
    return None
