"""Measures how even the pace of a pack is, and how long it speaks without a pause."""

from dataclasses import asdict, dataclass

import numpy as np

from voiceguide.core.timeline.speech import spoken_seconds
from voiceguide.edge.voice.pack import VoicePack
from voiceguide.sound.stretch import breaths

FEWEST_WORDS = 5
"""The shortest sentence whose pace is measured."""


@dataclass(frozen=True, slots=True)
class Spread:
    """A figure over all sentences: its median, and the range of nine in ten."""

    what: str
    sentences: int
    middle: float
    low: float
    high: float
    lowest: float
    highest: float


def spreads(pack: VoicePack) -> list[Spread]:
    """The pace of a pack's sentences, by words, by letters, and by the measure it was set to."""
    by: dict[str, list[float]] = {
        "words a minute, pauses counted": [],
        "words a minute of sound": [],
        "letters a minute of sound": [],
        "longest stretch without a pause, s": [],
        "seconds of sound, of those wanted": [],
    }
    for text in sorted(pack.texts):
        clip = pack.get(text)
        if clip is None or len(clip.words) < FEWEST_WORDS:
            continue
        whole = clip.words[-1].end_seconds - clip.words[0].start_seconds
        stretches = breaths(clip.words)
        sound = sum(stretches)
        letters = sum(character.isalpha() for word in clip.words for character in word.text)
        wanted = spoken_seconds(text, pack.head.words_per_minute)
        words = len(clip.words)
        by_words, by_letters = 60 * words / sound, 60 * letters / sound
        figures = (60 * words / whole, by_words, by_letters, max(stretches), sound / wanted)
        for some, figure in zip(by.values(), figures, strict=True):
            some.append(figure)
    return [_spread(what, some) for what, some in by.items() if some]


def _spread(what: str, some: list[float]) -> Spread:
    low, middle, high = (float(each) for each in np.percentile(some, (5, 50, 95)))
    return Spread(what, len(some), middle, low, high, min(some), max(some))


def as_rows(found: list[Spread]) -> list[tuple[str, ...]]:
    """The rows of the table."""
    return [
        (
            one.what,
            str(one.sentences),
            f"{one.middle:.3g}",
            f"{one.low:.3g} to {one.high:.3g}",
            f"{one.low / one.middle - 1:+.0%} to {one.high / one.middle - 1:+.0%}",
            f"{one.lowest:.3g}, {one.highest:.3g}",
        )
        for one in found
    ]


def as_json(found: list[Spread]) -> list[dict[str, object]]:
    """The same for the JSON file."""
    return [asdict(one) for one in found]
