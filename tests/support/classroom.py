"""A simulated room in which a synthetic person answers the lesson's knocks."""

import io
import re
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest
import soundfile

from voiceguide.core.commands import Phrase
from voiceguide.core.decision.thresholds import Thresholds
from voiceguide.core.rates import EAR_RATE_HZ
from voiceguide.edge.voice.voice import Voice
from voiceguide.rehearsal.acoustics import BATHROOM, DRY
from voiceguide.rehearsal.air import Air
from voiceguide.sound.clip import Clip, Samples
from voiceguide.sound.mixer import Mixer
from voiceguide.teaching.measuring import Measuring

BLOCK = EAR_RATE_HZ // 20
PERSON_VOICE = "gmw/en-us+m3"
NAMED = re.compile(r"^\d+ of \d+: (.+)$")
KNOCKED = "say it … "


def a_second_of(noise: Path, folder: Path) -> Path:
    """The beginning of a noise, in a file of its own: what is heard of it alone takes its time."""
    path = folder / "noise" / noise.name
    path.parent.mkdir(exist_ok=True)
    rate = soundfile.info(noise).samplerate
    sound, _ = soundfile.read(noise, frames=rate)
    soundfile.write(path, sound, rate)
    return path


class Person:
    """Reads what the lesson shows; says the word it names after each knock.

    Args:
        slips: what is done instead at a knock, by its number from 0 on: other words, a level in
            dB over the usual one, or None for nothing.
    """

    said: ClassVar[str] = ""
    """What was said last."""

    def __init__(self, folder: Path, slips: dict[int, str | float | None] | None = None) -> None:
        self._folder = folder
        self._slips = slips or {}
        self.word = ""
        self.knocks = 0

    def utterance(self) -> tuple[Clip, float] | None:
        """What is said at this knock, and its level in dB over the usual one."""
        slip = self._slips.get(self.knocks, 0.0)
        self.knocks += 1
        if slip is None:
            return None
        words, level = (slip, 0.0) if isinstance(slip, str) else (self.word, slip)
        Person.said = words
        with Voice(voice_name=PERSON_VOICE, cache_dir=self._folder) as voice:
            return voice.render(words, 140 + 10 * (self.knocks % 3)), level


def understand(patch: pytest.MonkeyPatch) -> None:
    """In place of the ears: a take is understood, with the best score, for what was said before it
    was heard first.
    """
    said: dict[bytes, str] = {}

    def obeyed(
        measuring: Measuring, sound: Samples, limits: Thresholds
    ) -> tuple[tuple[Phrase, float], ...]:
        if sound is measuring._noise:
            return ()
        words = said.setdefault(sound.tobytes(), Person.said)
        return tuple((phrase, 1.0) for phrase in measuring._live if phrase.text == words)

    patch.setattr(Measuring, "_obeyed", obeyed)


class Screen(io.StringIO):
    """Shows what is printed to the person as well."""

    def __init__(self, person: Person) -> None:
        super().__init__()
        self.knocked = False
        self._person = person

    def write(self, text: str) -> int:
        for line in text.splitlines():
            if named := NAMED.match(line.strip()):
                self._person.word = named[1]
        self.knocked = self.knocked or KNOCKED in text
        return super().write(text)


class Classroom:
    """The lesson's world on the clock of its samples."""

    def __init__(self, person: Person, *, dry: bool = False) -> None:
        self.mixer = Mixer(EAR_RATE_HZ)
        self.screen = Screen(person)
        self.heard: list[np.ndarray] = []
        self._person = person
        self._air = Air(
            DRY if dry else BATHROOM,
            block_samples=BLOCK,
            echo_db=-6.0,
            narration_db=-20.0,
            noise=None,
            seed=0,
        )

    def now_seconds(self) -> float:
        return self.mixer.position / EAR_RATE_HZ

    def read(self, timeout: float) -> np.ndarray | None:
        if timeout == 0:
            return None
        if self.screen.knocked:
            self.screen.knocked = False
            said = self._person.utterance()
            if said:
                clip, level = said
                self._air.speak(clip, self.mixer.position + round(0.7 * EAR_RATE_HZ), level)
        block = self._air.hear(self.mixer.render(BLOCK))
        self.heard.append(block)
        return block
