"""Narration, a person who speaks into it, a room and the ears: a session without its logic.

Sentences follow one another; a person who is to speak begins on a word in the middle of a sentence.
A command that the ears accept breaks the sentence off, as in a session, and the next one follows.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from bench.barge_in.cancellers import OURS, Beside, EarsOfBoth, canceller
from bench.ears.clips import Clip as Recording

from voiceguide.core.commands import Phrase
from voiceguide.core.decision.heard import Heard
from voiceguide.core.decision.thresholds import Thresholds
from voiceguide.core.effects import FADE_SECONDS
from voiceguide.core.rates import BLOCK_SAMPLES, EAR_RATE_HZ
from voiceguide.edge.ears.ears import Ears
from voiceguide.edge.ears.recogniser import Recogniser
from voiceguide.rehearsal.acoustics import BATHROOM, Shoebox
from voiceguide.rehearsal.air import Air
from voiceguide.rehearsal.wire import Devices
from voiceguide.sound.clip import Clip, Samples
from voiceguide.sound.echo.cleaner import Front
from voiceguide.sound.echo.overheard import sounding
from voiceguide.sound.mixer import Mixer

GAP_SECONDS = 0.4
AFTER_COMMAND_SECONDS = 1.0
FIRST_SENTENCES = 4
"""How many sentences come first that nobody speaks over, so that the guide learns its echo."""
MARGIN_SECONDS = 0.4
"""How much of the sentence must sound before and after the person's word."""
LATE_SECONDS = 0.9
"""A decision this soon after a word may still be about that word."""
LEVEL_DB = 1.5
"""By how many dB the person varies in loudness."""


@dataclass(frozen=True, slots=True)
class Setting:
    """The room, and the parts of the guide that work."""

    name: str
    echo_db: float
    noise: Samples | None = None
    devices: Devices = field(default_factory=Devices)
    metres: float = 2.0
    """Distance from the microphone to the person's mouth."""
    narrates: bool = True
    """Whether the guide narrates at all; if not, the same words are said into silence."""
    cancels: bool = True
    canceller: str = OURS
    """The name of a canceller of `cancellers`."""
    masks: bool = True
    """Whether the guide knows its own words."""
    trusts: bool = True
    """Whether what is obeyed depends on how well its echo is known."""
    ducks: bool = True
    gain_db: float = 0.0
    """The volume that the guide is set to."""


@dataclass(frozen=True, slots=True)
class Word:
    """A command that a person says."""

    sound: Clip
    group: str
    text: str
    wanted: str
    """The command, by its name."""
    begins_seconds: float
    ends_seconds: float
    """True start and end of the word in its recording."""
    recording: Recording | None = None

    @property
    def key(self) -> str:
        """A name that tells this word from all others."""
        return self.recording.path.name if self.recording else self.text


@dataclass(slots=True)
class Spoken:
    """A word that was said, and how it was taken."""

    word: Word
    start_seconds: float
    end_seconds: float
    heard: list[Heard] = field(default_factory=list)
    refused: list[Heard] = field(default_factory=list)
    """What was heard but not obeyed, with the reason."""
    softer_seconds: float | None = None
    """How long after the start of the word the narration became softer."""

    @property
    def obeyed(self) -> bool:
        """Whether this command was accepted."""
        return any(one.phrase and one.phrase.command == self.word.wanted for one in self.heard)

    @property
    def wrong(self) -> bool:
        """Whether another command was accepted."""
        return bool(self.heard) and not self.obeyed

    @property
    def decided_seconds(self) -> float:
        """From the true end of the word to the decision."""
        return self.heard[0].decided_seconds - self.end_seconds


@dataclass(slots=True)
class Take:
    """What happened in one take."""

    spoken: list[Spoken] = field(default_factory=list)
    self_triggers: list[str] = field(default_factory=list)
    seconds: float = 0.0
    false_ducks: int = 0
    clipped: int = 0
    """How many samples from the microphone were at full scale."""
    front_seconds: float = 0.0
    """Processor time of aligner and canceller."""

    def add(self, other: "Take") -> None:
        """Add what happened in another take."""
        self.spoken += other.spoken
        self.self_triggers += other.self_triggers
        self.seconds += other.seconds
        self.false_ducks += other.false_ducks
        self.clipped += other.clipped
        self.front_seconds += other.front_seconds

    def silent_seconds(self, one: Spoken, devices: Devices) -> float:
        """From the true end of the word until the narration is silent in the room."""
        return one.decided_seconds + FADE_SECONDS + devices.delay_seconds


class Rig:
    """One take in one setting; deterministic."""

    def __init__(
        self,
        setting: Setting,
        recogniser: Recogniser,
        phrases: tuple[Phrase, ...],
        decoys: Sequence[str],
        narration_db: float,
        thresholds: Thresholds | None = None,
        seed: int = 0,
    ) -> None:
        self._setting = setting
        self._mixer = Mixer(EAR_RATE_HZ)
        self._mixer.set_gain_db(setting.gain_db)
        way = canceller(setting.canceller)
        self._front = (
            Front(self._mixer, BLOCK_SAMPLES, EAR_RATE_HZ, way) if setting.cancels else None
        )
        self._ears = Ears(recogniser, decoys, thresholds)
        if isinstance(way, Beside):
            self._ears = EarsOfBoth(way, recogniser, decoys, thresholds)
        self._ears.listen_for(phrases)
        self._air = Air(
            _at(setting.metres),
            block_samples=BLOCK_SAMPLES,
            echo_db=setting.echo_db,
            narration_db=narration_db,
            noise=setting.noise,
            seed=seed,
            devices=setting.devices,
        )
        self._random = np.random.default_rng(seed)
        self._take = Take()

    def play(self, sentences: Sequence[Clip], words: Sequence[Word]) -> Take:
        """Say all sentences, or as many as are needed for the words to be said into them."""
        left = list(words)
        self._run(0.5)
        number = 0
        while left if words else number < len(sentences):
            sentence = sentences[number % len(sentences)]
            word = left[0] if left and number >= FIRST_SENTENCES else None
            if self._say(sentence, word):
                left.pop(0)
            number += 1
        self._run(1.0)
        self._take.seconds = self._now
        return self._take

    @property
    def _now(self) -> float:
        return self._mixer.position / EAR_RATE_HZ

    def _say(self, sentence: Clip, word: Word | None) -> bool:
        """Say a sentence to its end, or until a command; return whether the word was said too."""
        mixer = self._mixer
        if self._setting.narrates:
            start, end = mixer.play(sentence.samples, None, tag=1, words=sentence.words)
        else:
            start, end = mixer.position, mixer.position + len(sentence.samples)
        spoken = self._speak(sentence, word, start) if word else None
        until = end / EAR_RATE_HZ + GAP_SECONDS
        while self._now < until or (spoken and self._now < spoken.end_seconds + LATE_SECONDS):
            if self._block():
                mixer.fade_out(round(FADE_SECONDS * EAR_RATE_HZ))
                mixer.unduck()
                self._run(AFTER_COMMAND_SECONDS)
                break
        return spoken is not None

    def _speak(self, sentence: Clip, word: Word, start: int) -> Spoken | None:
        latest = sentence.seconds - word.ends_seconds - MARGIN_SECONDS
        places = [
            one.start_seconds
            for one in sentence.words
            if MARGIN_SECONDS <= one.start_seconds <= latest
        ]
        if not places:
            return None
        begin = start / EAR_RATE_HZ + float(self._random.choice(places))
        level = float(self._random.uniform(-LEVEL_DB, LEVEL_DB))
        self._air.speak(word.sound, round(begin * EAR_RATE_HZ), level)
        first = begin + word.begins_seconds
        spoken = Spoken(word, first, begin + word.ends_seconds)
        self._take.spoken.append(spoken)
        return spoken

    def _run(self, seconds: float) -> None:
        for _ in range(round(seconds * EAR_RATE_HZ / BLOCK_SAMPLES)):
            self._block()

    def _block(self) -> bool:
        """Play and hear one block; return whether a command was accepted in it."""
        setting = self._setting
        recorded = self._air.hear(self._mixer.render(BLOCK_SAMPLES))
        self._take.clipped += int(np.count_nonzero(np.abs(recorded.astype(np.int32)) >= 32767))
        if self._front:
            began = time.process_time()
            recorded = self._front.clean(recorded, self._now)
            self._take.front_seconds += time.process_time() - began
        guide = sounding(self._mixer, self._now, self._front)
        if not setting.masks:
            guide = replace(guide, words=())
        if not setting.trusts:
            guide = replace(guide, trusted=True)
        decided = self._ears.hear(recorded, self._now, guide)
        accepted = [one for one in decided if one.phrase]
        for one in decided:
            self._attribute(one)
        if setting.ducks and self._ears.spoken_over:
            self._duck()
        return bool(accepted)

    def _attribute(self, heard: Heard) -> None:
        last = self._take.spoken[-1] if self._take.spoken else None
        if (
            last
            and last.start_seconds - 0.2 <= heard.end_seconds <= last.end_seconds + LATE_SECONDS
        ):
            (last.heard if heard.phrase else last.refused).append(heard)
        elif heard.phrase:
            self._take.self_triggers.append(f"{heard.text} at {heard.end_seconds:.1f} s")

    def _duck(self) -> None:
        last = self._take.spoken[-1] if self._take.spoken else None
        if not self._mixer.softened_db:
            if last is None or not last.start_seconds <= self._now <= last.end_seconds + 0.5:
                self._take.false_ducks += 1
            elif last.softer_seconds is None:
                last.softer_seconds = self._now - last.start_seconds
        self._mixer.duck()


def _at(metres: float) -> Shoebox:
    """The bathroom, with the person this far from the microphone."""
    microphone, mouth = np.array(BATHROOM.microphone), np.array(BATHROOM.mouth)
    way = (mouth - microphone) / np.linalg.norm(mouth - microphone)
    x, y, z = microphone + metres * way
    return replace(BATHROOM, mouth=(float(x), float(y), float(z)))
