"""What the guide says, and what people say into it."""

import math
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from bench.barge_in.rig import Word
from bench.ears.clips import COMMANDS, LIVE_TELLING, live_phrases, recordings
from bench.ears.mixing import QUIET, word_end
from bench.ears.rendering import synthetic

from voiceguide.core import wording
from voiceguide.core.commands import Phrasebook
from voiceguide.core.routine.routine import Routine, Section, Side, Step
from voiceguide.core.session.length import FILLING
from voiceguide.core.table import State, live_commands
from voiceguide.edge.ears.recogniser import SAMPLE_RATE_HZ
from voiceguide.edge.files.routine_file import load_bundled
from voiceguide.edge.files.sound_file import read_sound
from voiceguide.edge.voice.voice import Voice
from voiceguide.rehearsal.acoustics import active_level_db
from voiceguide.sound.clip import Clip
from voiceguide.sound.mixer import Mixer
from voiceguide.sound.resample import resample

WORDS_PER_MINUTE = 150
HELP_PAGES = 4
WORDING = "wording"
"""What the guide says of itself, as a part beside the routines."""
SECONDS_LEFT = (*range(1, 21), *range(25, 60, 5), 60, 120, 180, 240, 300)
"""Of a timer, as it says them by itself or after a pause."""


def said_of(routine: Routine) -> Iterator[str]:
    """Every sentence of a routine, for every person, those that the guide makes of its names and
    numbers included.
    """
    yield routine.summary
    yield from (*routine.why, *wording.introduction(routine, 720.0, on_breath=True))
    yield wording.at_beginning(routine)
    for section in (*routine.sections, FILLING):
        yield wording.zone(section)
        yield from (*section.why, *wording.offer(routine, section))
        for step in section.steps:
            for_skin = (sentence for _, sentences in step.say_for for sentence in sentences)
            yield from (*step.told, *for_skin, *step.why)
            yield from _said_in(routine, section, step)
    yield from routine.closing


def _said_in(routine: Routine, section: Section, step: Step) -> Iterator[str]:
    if section in routine.sections:
        for done in dict.fromkeys((None, 1, step.count * len(step.sides))):
            yield wording.where(routine, section, step, done)
    if step.wait:
        yield wording.reminder(step)
        if step.wait.timer_seconds:
            yield wording.timer(step.wait.timer_seconds)
    if step.count or step.hold:
        for side in Side:
            counts = range(1, max(1, step.count) + 1)
            yield from (wording.resumed(step, side, left) for left in counts)


def said_by_guide(book: Phrasebook) -> Iterator[str]:
    """The guide's own sentences, every page of help in every state and every count included."""
    for name, value in vars(wording).items():
        if name.isupper() and isinstance(value, str):
            yield value
    yield from (*wording.FAULTS.values(), *wording.RECOVERIES.values())
    for count in range(len(wording.NUMBERS) + 1):
        yield from (*wording.streak(count), wording.how_long(60.0 * count), wording.number(count))
    yield from (wording.seconds_left(count) for count in SECONDS_LEFT)
    names = [routine.name for routine in load_bundled().values()]
    for state in State:
        live = live_commands(state)
        yield from (
            wording.help_words(state, live, book, names, page) for page in range(HELP_PAGES)
        )


def narration(book: Phrasebook, parts: Sequence[str] = ()) -> list[Clip]:
    """All of it, each sentence once; or only what belongs to some routines, or to `WORDING`."""
    library = load_bundled()
    texts: list[str] = []
    for part in parts or (*library, WORDING):
        texts += said_by_guide(book) if part == WORDING else said_of(library[part])
    with Voice() as voice:
        return [
            resample(voice.render(text, WORDS_PER_MINUTE), SAMPLE_RATE_HZ)
            for text in dict.fromkeys(texts)
        ]


def played_db(clips: Sequence[Clip], gain_db: float) -> float:
    """Active level of these as they are played at a volume."""
    mixer = Mixer(SAMPLE_RATE_HZ)
    mixer.set_gain_db(gain_db)
    played = []
    for clip in clips:
        mixer.play(clip.samples, None, tag=None)
        played.append(mixer.render(len(clip.samples)))
    return active_level_db(np.concatenate(played))


def spoken(audio: Path | None, scratch: Path) -> Iterator[Word]:
    """Commands by synthetic voices, and by people where there are recordings."""
    live = {phrase.text for phrase in live_phrases(LIVE_TELLING)}
    clips = [clip for clip in synthetic(scratch) if clip.text in live]
    if audio is not None:
        clips += [clip for clip in recordings(audio) if clip.group == COMMANDS]
    for clip in clips:
        sound = read_sound(clip.path, SAMPLE_RATE_HZ)
        ends = word_end(sound.samples, QUIET)
        begins = sound.seconds - word_end(sound.samples[::-1], QUIET)
        yield Word(sound, clip.group, clip.text, str(clip.wanted), begins, ends, clip)


def about(words: list[Word], count: int) -> list[Word]:
    """An even choice of the words, each group apart, in an order that mixes them."""
    chosen = []
    for group in dict.fromkeys(word.group for word in words):
        of_group = [word for word in words if word.group == group]
        step = max(1, math.ceil(len(of_group) / count))
        chosen += of_group[::step] if count < len(of_group) else of_group
    return sorted(chosen, key=lambda word: (hash_of(word), word.text))


def hash_of(word: Word) -> int:
    """The same in every run."""
    import zlib

    return zlib.crc32(word.sound.samples.tobytes()[:4000])
