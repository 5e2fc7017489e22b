"""The recordings that the bench plays to the ears, and the words in them."""

import csv
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

from voiceguide.core.commands import Command, Phrase, Phrasebook
from voiceguide.core.live_commands import live_commands
from voiceguide.core.table import State
from voiceguide.edge.files.phrase_file import load_phrasebook
from voiceguide.edge.files.routine_file import load_bundled

SOUNDS = (".flac", ".opus", ".ogg", ".wav")
WAKE_WORDS = frozenset({"alexa", "computer", "jarvis", "smart mirror", "snowboy", "view glass"})
"""Texts in ``words/`` that are not from Speech Commands; their speakers are unknown."""

COMMANDS, SHORT_WORDS = "people: commands", "people: short words"
NEAR, SYNTHETIC = "near-human voices", "synthetic voices"
WORDS, ORDERS, NARRATION = "talk: single words", "talk: orders", "talk: narration"
AN4, BOOKS, SENTENCES = "talk: spelled (AN4)", "talk: read books", "talk: read sentences"
WEB = "talk: people of the web"
NOISE, EVENTS = "noise alone", "events"
PEOPLE = (COMMANDS, SHORT_WORDS)
TALK = (WORDS, ORDERS, AN4, BOOKS, SENTENCES, WEB)
"""Talk by people; ``NARRATION`` is a device's voice."""
_SPEECH = {"an4": AN4, "librispeech": BOOKS, "vctk": SENTENCES}

LIVE_ALL, LIVE_TELLING, LIVE_PACED = "all", "telling", "while strokes are paced"
SEVEN = (
    Command.YES, Command.NO, Command.START, Command.STOP, Command.HELP, Command.REPEAT,
)  # fmt: skip
"""What the seven words of the recorded commands ask for; "go" and "start" ask for the same."""


@dataclass(frozen=True, slots=True)
class Clip:
    """A recording."""

    path: Path
    group: str
    source: str
    speaker: str
    text: str
    wanted: str | None
    """The meaning of its command (`meaning`); None if it has none."""

    @property
    def key(self) -> int:
        """A number that depends on the file name alone."""
        return zlib.crc32(self.path.name.encode())


def meaning(phrase: Phrase) -> str:
    """What a phrase asks for: ``back``, ``choose serum-ritual``."""
    return f"{phrase.command} {phrase.routine_id}" if phrase.routine_id else str(phrase.command)


@cache
def everything() -> Phrasebook:
    """A book of everything that can be said in any state."""
    return load_phrasebook().with_library(load_bundled())


@cache
def live_phrases(live: str) -> tuple[Phrase, ...]:
    """The phrases of a state.

    ``LIVE_ALL`` gives every phrase and ``LIVE_PACED`` those that are live while strokes are paced.
    ``LIVE_TELLING`` gives those that are live while a step is told, with the seven recorded words.
    """
    book = everything()
    if live == LIVE_ALL:
        return book.phrases
    if live == LIVE_PACED:
        return book.live(live_commands(State.PACING))
    return book.live(live_commands(State.TELLING) | set(SEVEN))


def recordings(audio: Path) -> Iterator[Clip]:
    """Every recording of people under ``audio``; none from folders that are missing."""
    book = everything()
    for folder, table in (
        ("commands", "commands.tsv"),
        ("words", "words.tsv"),
        ("speech", "transcripts.tsv"),
        ("people", "people.tsv"),
        ("near", "near.tsv"),
    ):
        for row in table_rows(audio / folder / table):
            path, text = audio / folder / row["file"], row["text"].strip().lower()
            phrase = book.find(text)
            wanted = meaning(phrase) if phrase else None
            if folder == "commands":
                group, source = COMMANDS, "an4"
            elif folder == "words":
                group = SHORT_WORDS if wanted else WORDS
                source = "wake-words" if text in WAKE_WORDS else "speech-commands"
            elif folder == "near":
                group, source = NEAR, NEAR
            elif folder == "people":
                group, source = WEB, "people"
            else:
                source = row["file"].split("/")[0]
                group = _SPEECH.get(source, SENTENCES)
            if wanted and group in (AN4, BOOKS, SENTENCES, WEB):
                continue  # a command among talk, which is a test of neither
            yield Clip(path, group, source, row["speaker"].strip() or path.stem, text, wanted)
    yield from sounds_in(audio / "orders", ORDERS)


def sounds_in(folder: Path, group: str) -> Iterator[Clip]:
    """Every sound file of a folder, with no command in it."""
    for path in sorted(folder.rglob("*")):
        if path.suffix in SOUNDS:
            yield Clip(path, group, folder.name, path.stem, "", None)


_T = TypeVar("_T")


def every(items: Sequence[_T], share: float, offset: int = 0) -> list[_T]:
    """An evenly spread share of a sequence, in order; the same in every run."""
    return [
        item
        for number, item in enumerate(items, offset)
        if int((number + 1) * share + 1e-9) > int(number * share + 1e-9)
    ]


def stratified(clips: Sequence[Clip], share: float, turn: int = 0) -> list[Clip]:
    """A share of the clips, at least one, with the words in the same proportions as among all.

    It is the same in every run. Another ``turn`` takes the clips that come next, so that over many
    turns all are heard.
    """
    count = min(len(clips), max(1, round(len(clips) * share)) if share else 0)
    words: dict[tuple[str, str], list[Clip]] = {}
    for clip in sorted(clips, key=lambda clip: (clip.key, clip.path)):
        words.setdefault((clip.group, clip.text), []).append(clip)
    places = sorted(
        ((number + 0.5) / len(same), clip.key, name, number)
        for name, same in words.items()
        for number, clip in enumerate(same)
    )
    next_ones = [places[(turn * count + step) % len(places)] for step in range(count)]
    return [words[name][number] for *_, name, number in next_ones]


def spread(clips: Iterable[Clip], count: int) -> list[Clip]:
    """At most ``count`` clips, chosen by their names, with the texts as evenly as possible."""
    by_text: dict[str, list[Clip]] = {}
    for clip in sorted(clips, key=lambda clip: (clip.key, clip.path)):
        by_text.setdefault(clip.text if clip.group == WORDS else "", []).append(clip)
    chosen: list[Clip] = []
    turn = 0
    while len(chosen) < count and any(turn < len(same) for same in by_text.values()):
        chosen += [same[turn] for same in by_text.values() if turn < len(same)]
        turn += 1
    return chosen[:count]


def table_rows(table: Path) -> Iterator[dict[str, str]]:
    """The rows of a table of recordings; none where there is none. A quote means nothing in it."""
    if table.is_file():
        with table.open(encoding="utf-8", newline="") as lines:
            yield from csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
