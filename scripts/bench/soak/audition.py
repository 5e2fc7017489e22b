"""Finds the words of synthetic voices that the ears know, by hearing them before a row.

Every voice says every phrase of the commands that the row needs, in the room, while the guide is
silent. A phrase is known if it is obeyed every time, well above the score it needs. So another
model gets other words.
"""

from collections.abc import Mapping
from contextlib import closing

import numpy as np
from numpy.typing import NDArray

from voiceguide.core.commands import Command, Phrasebook
from voiceguide.core.decision.heard import Heard
from voiceguide.core.live_commands import live_commands
from voiceguide.core.rates import BLOCK_SAMPLES, EAR_RATE_HZ
from voiceguide.core.table import State
from voiceguide.edge.ears.ears import Ears
from voiceguide.edge.voice.voice import Voice
from voiceguide.rehearsal.acoustics import BATHROOM
from voiceguide.rehearsal.air import Air
from voiceguide.rehearsal.stage import PERSON_LEVEL_DB, PERSON_WORDS_PER_MINUTE
from voiceguide.sound.clip import Clip, Samples
from voiceguide.sound.resample import resample

VOICES = tuple(
    f"gmw/{accent}+{variant}"
    for variant in ("m1", "f2", "m3", "f1", "m7", "f4")
    for accent in ("en-us", "en-gb-x-rp", "en")
)
"""The voices to try, in this order, unless others are named: of the guide's own engine, but none
like the guide's voice."""
SURE = 0.9
"""The least score of every hearing of a known phrase; in quiet 0.75 is needed."""
SLOW, FAST = PERSON_WORDS_PER_MINUTE
MANNERS = ((SLOW, PERSON_LEVEL_DB), ((SLOW + FAST) // 2, 0.0), (FAST, -PERSON_LEVEL_DB))
"""How each phrase is said: (words a minute, dB over the person's usual level)."""
SETTLING_SECONDS, BEFORE_SECONDS, AFTER_SECONDS = 1.0, 0.6, 1.2
"""Seconds of silence: for the ears to know the room, before each word, and after it."""
ECHO_DB, NARRATION_DB = -6.0, -20.0
"""The levels of a silent guide, which do not matter."""

WIRE_GAIN = 0.6
"""The sampling rate of what is played into a virtual microphone."""

Known = Mapping[Command, tuple[str, ...]]
"""For each command, the words of a voice that the ears know; the taught ones come first."""


class Wire:
    """A microphone that gets the sound as it is, like a virtual one: no room, no noise."""

    def __init__(self) -> None:
        self._coming = np.zeros(0, np.float32)
        self._position = 0

    def speak(self, clip: Clip, at_sample: int, level_db: float) -> tuple[float, float]:
        """See ``Air.speak``."""
        samples = resample(clip, EAR_RATE_HZ).samples * WIRE_GAIN * 10 ** (level_db / 20)
        before = np.zeros(at_sample - self._position, np.float32)
        self._coming = np.concatenate((before, samples.astype(np.float32)))
        return at_sample / EAR_RATE_HZ, (at_sample + len(samples)) / EAR_RATE_HZ

    def hear(self, played: Samples) -> NDArray[np.int16]:
        """See ``Air.hear``."""
        block, self._coming = self._coming[: len(played)], self._coming[len(played) :]
        self._position += len(played)
        heard = np.pad(block, (0, len(played) - len(block)))
        return np.rint(heard * 32767).astype(np.int16)


def room() -> Air:
    """The room, in which only the person makes a sound."""
    return Air(
        BATHROOM,
        block_samples=BLOCK_SAMPLES,
        echo_db=ECHO_DB,
        narration_db=NARRATION_DB,
        noise=None,
        seed=0,
    )


class Listener:
    """The ears, with the room or the wire through which they hear."""

    def __init__(self, ears: Ears, book: Phrasebook, air: Air | Wire) -> None:
        self._ears, self._book, self._air = ears, book, air
        self._blocks = 0

    def listen(self, state: State) -> None:
        """Listen for what can be said in a state from now on."""
        self._ears.listen_for(self._book.live(live_commands(state)))
        self._pass(SETTLING_SECONDS)

    def score(self, clip: Clip, level_db: float, command: Command) -> float:
        """The score with which a clip is obeyed; 0 if it is not, or something else is."""
        at_sample = round((self._now + BEFORE_SECONDS) * EAR_RATE_HZ)
        _, end = self._air.speak(clip, at_sample, level_db)
        heard = self._pass(end - self._now + AFTER_SECONDS)
        right = [one.confidence for one in heard if one.phrase and one.phrase.command is command]
        return right[0] if len(heard) == len(right) == 1 else 0.0

    @property
    def _now(self) -> float:
        return self._blocks * BLOCK_SAMPLES / EAR_RATE_HZ

    def _pass(self, seconds: float) -> list[Heard]:
        """Let time pass; return what was obeyed meanwhile."""
        until = self._now + seconds
        silence = np.zeros(BLOCK_SAMPLES, np.float32)
        found: list[Heard] = []
        while self._now < until:
            self._blocks += 1
            found += self._ears.hear(self._air.hear(silence), self._now)
        return [one for one in found if one.accepted]


def known_words(
    voice_name: str, wanted: Mapping[Command, State], book: Phrasebook, listener: Listener
) -> Known:
    """The words of a voice that the ears know, for each command in the state in which it is said.

    Raises:
        SpeechError: there is no such voice.
    """
    known: dict[Command, tuple[str, ...]] = {}
    with closing(Voice(voice_name=voice_name)) as voice:
        for command, state in wanted.items():
            listener.listen(state)
            texts = [
                phrase.text
                for phrase in book.of(command)
                if all(
                    listener.score(voice.render(phrase.text, rate), level_db, command) >= SURE
                    for rate, level_db in MANNERS
                )
            ]
            if texts:
                known[command] = tuple(texts)
    return known
