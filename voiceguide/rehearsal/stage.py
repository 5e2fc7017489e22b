"""Runs the whole assistant in the simulated room; the clock is the samples.

The ends of sentences and the deadlines reach the session at their exact samples; the sound of the
microphone comes in blocks, as from a device.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from voiceguide.core.commands import Phrase, Phrasebook
from voiceguide.core.decision.audibility import QUIET, NoiseWatch
from voiceguide.core.decision.guide_sound import SpokenWord
from voiceguide.core.effects import Cue
from voiceguide.core.events import CommandHeard, NoiseChanged, Started, WordMissed, as_heard
from voiceguide.core.rates import BLOCK_SAMPLES, EAR_RATE_HZ
from voiceguide.core.session.session import Session
from voiceguide.core.table import ASKING, State
from voiceguide.edge.ears.listener import Hearing
from voiceguide.loop import Conductor, Moment
from voiceguide.performer import NoKeeper, Performer
from voiceguide.rehearsal.air import Air
from voiceguide.rehearsal.entries import Entry
from voiceguide.rehearsal.person import Person, SpokenLine
from voiceguide.rehearsal.screenplay import Line
from voiceguide.rehearsal.scribe import Scribe
from voiceguide.sound.background import Background
from voiceguide.sound.clip import Clip, Samples
from voiceguide.sound.echo.cleaner import Front
from voiceguide.sound.echo.overheard import sounding
from voiceguide.sound.mixer import Mixer
from voiceguide.sound.voice_port import VoicePort, Waiting

LONGEST_SECONDS = 2 * 3600.0
PERSON_WORDS_PER_MINUTE = (140, 170)
PERSON_LEVEL_DB = 1.5
"""By how many dB the person varies in loudness, up and down."""

ANSWERABLE = frozenset({*ASKING, State.WAITING, State.PAUSED})
"""States that an answer ends."""


class Placements:
    """Where each clip of narration was placed on a mixer's timeline."""

    def __init__(self, sample_rate_hz: int) -> None:
        self._rate = sample_rate_hz
        self._seconds: dict[int, tuple[float, float]] = {}
        self._said: dict[float, tuple[SpokenWord, ...]] = {}

    def take(self, tag: int, start: int, end: int, words: tuple[SpokenWord, ...]) -> None:
        """Note that the mixer has placed a clip (`OnPlaced`)."""
        begins = start / self._rate
        self._seconds[tag] = begins, end / self._rate
        self._said[begins] = tuple(
            SpokenWord(word.text, word.start_seconds + begins, word.end_seconds + begins)
            for word in words
        )

    def words_from(self, start_seconds: float) -> tuple[SpokenWord, ...]:
        """The words of the clip that begins there, with their times on the timeline."""
        return self._said.get(start_seconds, ())

    def seconds_of(self, tag: int) -> tuple[float, float] | None:
        """Start and end of a clip."""
        return self._seconds.get(tag)


@dataclass(frozen=True, slots=True)
class Performance:
    """What happened in a rehearsal."""

    entries: tuple[Entry, ...]
    length_seconds: float
    ended: bool
    """Whether the session ended by itself (or fell asleep), and not because nobody answered."""


class Stage:
    """One rehearsal.

    Args:
        find_clip: gives the sound of a line of the screenplay at a speech rate (words a minute).
        cancels: whether the guide's own voice is taken out before the ears hear.
        masks: whether the ears are told the guide's own words, and how well its echo is known.
        ducks: whether narration becomes softer while somebody speaks over it.
        noise: tells how far a voice would stand out of the noise; asked after every block.
        limit_seconds: how long the guide may wait for an answer before the rehearsal ends.
        background: the quiet sound behind everything, at ``EAR_RATE_HZ``.
        listener: is given every block that the microphone records.
        progress: is told the time of the room about once for each second of it.
    """

    def __init__(
        self,
        session: Session,
        book: Phrasebook,
        *,
        voice: VoicePort,
        cues: Mapping[Cue, Clip],
        ears: Hearing,
        air: Air,
        person: Person,
        find_clip: Callable[[Line, int], Clip],
        cancels: bool = False,
        masks: bool = True,
        ducks: bool = True,
        noise: NoiseWatch = QUIET,
        seed: int = 0,
        limit_seconds: float = 180.0,
        background: Background | None = None,
        listener: Callable[[NDArray[np.int16]], None] | None = None,
        progress: Callable[[float], None] | None = None,
    ) -> None:
        self._session = session
        self._book = book
        self._ears = ears
        self._air = air
        self._person = person
        self._find_clip = find_clip
        self._masks = masks
        self._ducks = ducks
        self._noise = noise
        self._random = np.random.default_rng([seed, 2])
        self._limit_seconds = limit_seconds
        self._listener = listener
        self._progress = progress
        self._placements = Placements(EAR_RATE_HZ)
        self._mixer = Mixer(EAR_RATE_HZ, self._placements.take)
        self._mixer.set_background(background)
        self._front = Front(self._mixer, BLOCK_SAMPLES, EAR_RATE_HZ) if cancels else None
        self._recorder = Scribe(self._placements.seconds_of)
        self._conductor = Conductor(
            session,
            lambda post: Performer(self._mixer, Waiting(voice), cues, NoKeeper(), post),
            self._watch,
        )
        self._state: State | None = None
        self._listening: tuple[Phrase, ...] | None = None
        self._moved_seconds = 0.0
        """When the session last went on by itself, or the person last spoke."""

    def run(self) -> Performance:
        """Play it to its end."""
        self._conductor.handle(Started(), 0.0)
        while not self._is_over():
            if self._gives_up():
                break
            self._utter()
            played = self._play_block()
            self._hear(played)
            if self._progress and self._mixer.position % EAR_RATE_HZ == 0:
                self._progress(self._now)
        return Performance(self._recorder.entries(self._now), self._now, self._has_ended)

    @property
    def _has_ended(self) -> bool:
        return self._session.has_ended or self._session.state is State.ASLEEP

    @property
    def _now(self) -> float:
        return self._mixer.position / EAR_RATE_HZ

    def _is_over(self) -> bool:
        if self._session.state is State.ASLEEP and self._person.is_done:
            return not self._mixer.busy
        return self._conductor.performer.finished and not self._mixer.busy

    def _gives_up(self) -> bool:
        minutes = self._limit_seconds / 60
        if self._now > LONGEST_SECONDS:
            self._recorder.note(self._now, "the rehearsal is broken off after two hours")
            return True
        waited = self._now - self._moved_seconds
        if waited < self._limit_seconds or self._session.state not in ANSWERABLE:
            return False
        if self._person.has_more or waited < self._limit_seconds + self._timer_seconds():
            return False
        self._recorder.note(
            self._now,
            f"nobody has answered the guide for {minutes:g} minutes; the rehearsal ends here",
        )
        return True

    def _timer_seconds(self) -> float:
        """How long the present wait lasts by itself; 0 if only a word ends it."""
        step = self._session.snapshot().step
        if self._session.state is not State.WAITING or step is None or step.wait is None:
            return 0.0
        return step.wait.timer_seconds or 0.0

    def _utter(self) -> None:
        """Let the person begin to say what is due before the end of the next block."""
        while due := self._person.due(self._now + BLOCK_SAMPLES / EAR_RATE_HZ):
            at, line = due
            slowest, fastest = PERSON_WORDS_PER_MINUTE
            clip = self._find_clip(line, int(self._random.integers(slowest, fastest + 1)))
            level = float(self._random.uniform(-PERSON_LEVEL_DB, PERSON_LEVEL_DB))
            at_sample = max(round(at * EAR_RATE_HZ), self._mixer.position)
            start, end = self._air.speak(clip, at_sample, level)
            self._person.uttered(end)
            self._moved_seconds = max(self._moved_seconds, end)
            command = self._person.command_of(line)
            utterance = SpokenLine(line, self._session.state, start, end)
            self._recorder.utter(utterance, command, command in self._session.commands())

    def _play_block(self) -> Samples:
        """Render a block of what the guide plays, and stop wherever the session has to act."""
        parts = []
        stop = self._mixer.position + BLOCK_SAMPLES
        while self._mixer.position < stop:
            due = self._conductor.next_seconds()
            at = stop if due is None else int(np.ceil(due * EAR_RATE_HZ - 1e-6))
            parts.append(self._mixer.render(max(1, min(at, stop) - self._mixer.position)))
            self._conductor.advance(self._now)
        return np.concatenate(parts)

    def _hear(self, played: Samples) -> None:
        recorded = self._air.hear(played)
        if self._listener:
            self._listener(recorded)
        if self._front:
            recorded = self._front.clean(recorded, self._now)
        guide = sounding(self._mixer, self._now, self._front)
        if not self._masks:
            guide = replace(guide, words=(), trusted=True)
        for heard in self._ears.hear(recorded, self._now, guide):
            self._recorder.hear(heard)
            if heard.phrase:
                self._conductor.handle(as_heard(heard.phrase), self._now)
            elif heard.was_nearly(self._listening or ()):
                self._conductor.handle(WordMissed(), self._now)
        if self._ducks and self._ears.spoken_over:
            self._conductor.performer.make_room()
        if self._mixer.softened_db:
            self._recorder.soften(self._now)
        self._conductor.listen_to_noise(self._noise, self._now)

    def _watch(self, moment: Moment) -> None:
        said, hushed = self._recorder.watch(moment)
        if isinstance(moment.event, CommandHeard) and moment.was_obeyed:
            self._person.was_obeyed(moment.event.command)
        if isinstance(moment.event, NoiseChanged):
            loud = moment.event.is_loud
            text = "it is too loud to hear a word" if loud else "it is quiet enough again"
            self._recorder.note(moment.at_seconds, text)
        if hushed:
            self._person.guide_hushed(moment.at_seconds)
        if moment.state is not self._state:
            self._state = moment.state
            self._person.entered(moment.state, moment.at_seconds)
        for sentence in said:
            start, end = sentence.at_seconds, sentence.end_seconds
            words = self._placements.words_from(start)
            self._person.guide_spoke(sentence.text, start, end, words)
        if moment.was_obeyed or moment.state not in ANSWERABLE:
            self._moved_seconds = moment.at_seconds
        live = self._session.phrases(self._book)
        if live != self._listening:
            self._listening = live
            self._ears.listen_for(live)
