"""The spoken part: names each word, cues and records it, and asks again if a take is of no use."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from voiceguide.core.commands import Phrase
from voiceguide.core.decision.personal import Verdict
from voiceguide.core.effects import Cue
from voiceguide.core.errors import DeviceError
from voiceguide.sound.clip import Clip
from voiceguide.sound.resample import resample
from voiceguide.sound.voice_port import VoicePort, speak
from voiceguide.teaching import prompts
from voiceguide.teaching.measuring import NamedTake
from voiceguide.teaching.studio import Studio
from voiceguide.teaching.takes import Flaw, Take, TakeCutter, flaw_of

EXTRA_TRIES = 2
"""How often a take is asked for again."""
ROOM_SECONDS = 0.35
"""How long after its last sample the guide's own sound may still be recorded, because of buffers
and the room."""
BREATH_SECONDS = 0.35
"""Time between the guide's words and the knock that asks for the person's word."""
KNOCK_SECONDS = 0.15
"""Listening begins this long after the knock: its echo is then over, and nobody answers sooner."""
STUCK_SECONDS = 10.0
"""A microphone that has given no block for this long counts as gone."""
READ_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Told:
    """A text for the screen."""

    text: str
    more: bool = False
    """Whether the next text continues on the same line."""


class Lesson:
    """A lesson with one person; everything stays in memory.

    Args:
        check: gives what the ears decide on a take with the usual scores.
        show: shows a text on the screen.
    """

    def __init__(
        self,
        studio: Studio,
        voice: VoicePort,
        cues: Mapping[Cue, Clip],
        words_per_minute: int,
        check: Callable[[NamedTake], Verdict],
        show: Callable[[Told], None],
    ) -> None:
        self._studio = studio
        self._voice = voice
        self._cues = cues
        self._rate = words_per_minute
        self._check = check
        self._show = show
        self._cutter = TakeCutter()
        self._over = 0.0
        """When the guide's last sound has died away."""
        self.repeats: list[Flaw] = []
        """Why takes were asked for again."""

    def run(self, phrases: Sequence[Phrase], takes: int, took: Callable[[NamedTake], None]) -> None:
        """Have every phrase said `takes` times; ``took`` is given each good take.

        Raises:
            DeviceError: the microphone is gone, or hears nothing at all.
            SpeechError: the voice failed.
        """
        introduction = prompts.introduction(len(phrases), takes)
        names = [prompts.naming(each, each is phrases[0]) for each in phrases]
        self._voice.prepare((*introduction, *names, *prompts.AGAIN.values()), self._rate)
        for sentence in introduction:
            self.say(sentence)
        for number, (phrase, name) in enumerate(zip(phrases, names, strict=True), 1):
            self._show(Told(f"{number} of {len(phrases)}: {prompts.spoken(phrase)}"))
            self.say(name, shown=False)
            for take in range(1, takes + 1):
                said = self._take(phrase, f"  take {take} of {takes}")
                if said is not None:
                    took(said)

    def say(self, text: str, *, shown: bool = True) -> None:
        """Speak a sentence and wait until it is over."""
        if shown:
            self._show(Told(text))
        self._play(speak(self._voice, text, self._rate))
        self._wait(self._over + ROOM_SECONDS)

    def _take(self, phrase: Phrase, label: str) -> NamedTake | None:
        """One good take; None if there was none after all tries."""
        silences = 0
        for left in range(EXTRA_TRIES, -1, -1):
            outcome = self._listen(label)
            silences += outcome is Flaw.SILENT
            flaw, heard = self._judged(outcome, phrase)
            # Said three times and still taken for another word: that is a mistake of the ears.
            if isinstance(outcome, Take) and (flaw is None or (flaw is Flaw.OTHER and not left)):
                self._show(Told("got it"))
                self._play(self._cues[Cue.HEARD])
                return NamedTake(phrase, outcome)
            if flaw is not None:
                self._flawed(flaw, heard, phrase, left)
        if silences > EXTRA_TRIES:
            self.say(prompts.NOTHING_HEARD)
            raise DeviceError(
                "nothing was heard three times in a row, so nothing was changed; "
                "see which microphones there are: voiceguide devices"
            )
        self.say(prompts.GIVEN_UP)
        return None

    def _judged(self, outcome: Take | Flaw, phrase: Phrase) -> tuple[Flaw | None, Phrase | None]:
        """(What is wrong with a take, the other word that it was taken for); each may be None."""
        if isinstance(outcome, Flaw):
            return outcome, None
        flaw = flaw_of(outcome, phrase)
        if flaw is not None:
            return flaw, None
        wrong = self._check(NamedTake(phrase, outcome)).wrong
        return (Flaw.OTHER, wrong[0]) if wrong else (None, None)

    def _flawed(self, flaw: Flaw, heard: Phrase | None, phrase: Phrase, left: int) -> None:
        """Say why a take is of no use, and ask for it again if any tries are left."""
        self.repeats.append(flaw)
        self._play(self._cues[Cue.UNDONE])
        reason = f"{flaw.value} (“{prompts.spoken(heard)}”)" if heard else flaw.value
        self._show(Told(reason + ("" if left else ", left out")))
        if left:
            self.say(prompts.again(flaw, heard, phrase), shown=False)

    def _listen(self, label: str) -> Take | Flaw:
        """Knock, and wait for a word until one came or the time is over."""
        self._wait(self._over + BREATH_SECONDS)
        self._show(Told(f"{label}: say it … ", more=True))
        self._play(self._cues[Cue.TICK])
        self._wait(self._over + KNOCK_SECONDS)
        self._cutter.open()
        silent_since = self._studio.now_seconds()
        while self._studio.now_seconds() - silent_since < STUCK_SECONDS:
            block = self._studio.read(READ_SECONDS)
            if block is None:
                continue
            silent_since = self._studio.now_seconds()
            outcome = self._cutter.feed(block)
            if outcome is not None:
                return outcome
        return Flaw.SILENT

    def _play(self, clip: Clip) -> None:
        mixer = self._studio.mixer
        samples = resample(clip, mixer.sample_rate_hz).samples
        start = round(max(self._over, self._studio.now_seconds()) * mixer.sample_rate_hz)
        _, end = mixer.play(samples, start, tag=None)
        self._over = end / mixer.sample_rate_hz

    def _wait(self, until_seconds: float) -> None:
        """Read the microphone until this time, so that the noise meter hears all of it."""
        while self._studio.now_seconds() < until_seconds:
            block = self._studio.read(READ_SECONDS)
            if block is not None:
                self._cutter.feed(block)
        while (block := self._studio.read(0)) is not None:
            self._cutter.feed(block)
