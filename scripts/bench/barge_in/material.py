"""What the guide says, and what people say into it."""

import math
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
from bench.barge_in.rig import Word
from bench.ears.clips import COMMANDS, LIVE_TELLING, NEAR, live_phrases, recordings
from bench.ears.mixing import QUIET, word_end
from bench.ears.rendering import synthetic

from voiceguide.core.commands import Phrasebook
from voiceguide.core.rates import EAR_RATE_HZ
from voiceguide.core.session.sayings import general_sayings, routine_sayings
from voiceguide.edge.files.routine_file import load_bundled
from voiceguide.edge.files.sound_file import read_sound
from voiceguide.edge.voice.choice import local_voice
from voiceguide.edge.voice.pack_store import AUTO
from voiceguide.rehearsal.acoustics import active_level_db
from voiceguide.sound.clip import Clip
from voiceguide.sound.mixer import Mixer
from voiceguide.sound.resample import resample
from voiceguide.sound.voice_port import speak

WORDS_PER_MINUTE = 150
WORDING = "wording"
"""The part with what the guide says apart from routines."""


def narration(book: Phrasebook, parts: Sequence[str] = (), voice_name: str = AUTO) -> list[Clip]:
    """Every sentence of the guide once; or only those of some routines, or of `WORDING`."""
    library = load_bundled()
    texts: list[str] = []
    for part in parts or (*library, WORDING):
        texts += general_sayings(book) if part == WORDING else routine_sayings(library[part])
    texts = list(dict.fromkeys(texts))
    voice, _ = local_voice(voice_name, texts)
    with closing(voice):
        return [resample(speak(voice, text, WORDS_PER_MINUTE), EAR_RATE_HZ) for text in texts]


def played_db(clips: Sequence[Clip], gain_db: float) -> float:
    """The active level of these clips when played at this volume."""
    mixer = Mixer(EAR_RATE_HZ)
    mixer.set_gain_db(gain_db)
    played = []
    for clip in clips:
        mixer.play(clip.samples, None, tag=None)
        played.append(mixer.render(len(clip.samples)))
    return active_level_db(np.concatenate(played))


def spoken(audio: Path | None, scratch: Path) -> Iterator[Word]:
    """Commands by synthetic voices, and by people and near-human voices if there are recordings."""
    live = {phrase.text for phrase in live_phrases(LIVE_TELLING)}
    clips = [clip for clip in synthetic(scratch) if clip.text in live]
    if audio is not None:
        groups = (COMMANDS, NEAR)
        clips += [one for one in recordings(audio) if one.group in groups and one.text in live]
    for clip in clips:
        sound = read_sound(clip.path, EAR_RATE_HZ)
        ends = word_end(sound.samples, QUIET)
        begins = sound.seconds - word_end(sound.samples[::-1], QUIET)
        yield Word(sound, clip.group, clip.text, str(clip.wanted), begins, ends, clip)


def about(words: list[Word], count: int) -> list[Word]:
    """An even choice of words from each group, in mixed order."""
    chosen = []
    for group in dict.fromkeys(word.group for word in words):
        of_group = [word for word in words if word.group == group]
        step = max(1, math.ceil(len(of_group) / count))
        chosen += of_group[::step] if count < len(of_group) else of_group
    return sorted(chosen, key=lambda word: (hash_of(word), word.text))


def hash_of(word: Word) -> int:
    """A number that is the same in every run."""
    import zlib

    return zlib.crc32(word.sound.samples.tobytes()[:4000])
