"""What is to be recognised, and how the words of all corpora are pronounced."""

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from train.corpus import Corpus

from voiceguide.core.decision.thresholds import COSTLY
from voiceguide.edge.files.phrase_file import load_phrasebook
from voiceguide.edge.files.routine_file import load_bundled
from voiceguide.edge.lexicon.joined import JOINER, joined_lexicon, said_in_one_go
from voiceguide.edge.lexicon.pronouncing import pronounce
from voiceguide.settings.speaker import WakeSettings

EXTRA_WORDS = {
    "alexa": ("AH L EH K S AH",),
    "gua": ("G W AA",),
    "jarvis": ("JH AA R V IH S",),
    "resume": ("R IH Z UW M", "R IY Z UW M", "R IH Z Y UW M"),
    "rubout": ("R AH B AW T",),
    "snowboy": ("S N OW B OY",),
}
"""Words of the recordings that the dictionary lacks or has otherwise."""
LINKED_WORDS = {"am": ("R AE M",)}
"""How words sound behind another one, for the graph only: the r of "where am I" is said with the
am. Of nine synthetic voices 3 were obeyed without it, 7 with it."""

OTHERWISE_SAID = {"yeah": ("Y EH AH",)}
"""How near-human voices were heard to say a phrase, for the graph only."""
VOWELS = ("A", "E", "I", "O", "U")
HALF_VOWELS = frozenset({"L", "R", "W", "Y"})
"""These are half vowels where they end, and not let go of with another."""
LET_GO = "AH"
"""The vowel with which a consonant at the end is let go of."""


@cache
def command_phrases() -> tuple[str, ...]:
    """Every phrase of the bundled language, every bundled routine's names, and what calls the
    guide when it sleeps; sorted."""
    book = load_phrasebook().with_library(load_bundled())
    return tuple(sorted({phrase.text for phrase in book.phrases} | set(WakeSettings().calls)))


NAMED = (
    "anna", "ben", "clara", "daniel", "emma", "frank", "george", "hannah", "ian", "julia", "kate",
    "leo", "maria", "nick", "oliver", "peter", "rachel", "sam", "tom", "victor",
)  # fmt: skip
"""Names whose own call is taught; other names are made of the same phones."""


@cache
def taught_phrases() -> tuple[str, ...]:
    """What is to be told from everything else in training: `command_phrases` and some own calls."""
    return (*command_phrases(), *(f"hey guide it is {name}" for name in NAMED))


def spoken_ways(words: Iterable[str]) -> dict[str, list[list[str]]]:
    """Pronunciations as lists of phones; guessed ones are left out: labels must be sure."""
    found = pronounce(words, EXTRA_WORDS)
    return {
        word: [way.split() for way in one.spoken] for word, one in found.items() if not one.guessed
    }


def write_vocabulary(work: Path, corpora: Iterable[str]) -> None:
    """Write ``vocabulary.json`` (phrase → words → pronunciations) and ``lexicon.json``."""
    phrases = taught_phrases()
    ways = spoken_ways(word for phrase in phrases for word in phrase.split())
    vocabulary = {
        phrase: [ways[word] for word in phrase.split()]
        for phrase in phrases
        if all(word in ways for word in phrase.split())
    }
    _write(work / "vocabulary.json", vocabulary)
    words = {
        word
        for name in corpora
        for clip in Corpus(work / "corpora", name)
        for word in clip.text.split()
    }
    _write(work / "lexicon.json", spoken_ways(sorted(words)))


def read_vocabulary(work: Path) -> dict[str, list[list[list[str]]]]:
    """What `write_vocabulary` wrote: phrase → words → pronunciations; a phrase's number in training
    is its place."""
    found: dict[str, list[list[list[str]]]] = json.loads(
        (work / "vocabulary.json").read_text(encoding="utf-8")
    )
    return found


@cache
def joined_phrases(*, costly: bool = True) -> tuple[str, ...]:
    """What the vocabulary holds as one word, if it is of several; perhaps without the commands that
    cost something where they were not meant."""
    book = load_phrasebook().with_library(load_bundled())
    phrases = [one for one in book.phrases if costly or one.command not in COSTLY]
    return tuple(sorted({whole for one in phrases if (whole := said_in_one_go(one))}))


def model_lexicon(work: Path) -> dict[str, tuple[str, ...]]:
    """The words that a new graph is built with: all that is said in recordings, and those of
    `phrase_lexicon`. Any other word is added on the person's own machine when it is needed."""
    lexicon = json.loads((work / "lexicon.json").read_text(encoding="utf-8"))
    said = {word: tuple(" ".join(way) for way in found) for word, found in lexicon.items()}
    return dict(sorted((said | phrase_lexicon()).items()))


def phrase_lexicon() -> dict[str, tuple[str, ...]]:
    """The words of phrases and decoys, and `joined_phrases`, with their pronunciations."""
    decoys = {word for decoy in load_phrasebook().decoys for word in decoy.split()}
    phrases = {word for phrase in command_phrases() for word in phrase.split()}
    ways = {
        word: [" ".join(way) for way in found]
        for word, found in spoken_ways(sorted(decoys | phrases)).items()
    }
    for word, linked in LINKED_WORDS.items():
        ways[word] = [*ways.get(word, ()), *linked]
    missing = sorted(phrases - ways.keys())
    if missing:
        raise ValueError(f"{', '.join(missing)}: no pronunciation; add it to EXTRA_WORDS")
    ways |= {word: list(spoken) for word, spoken in joined_lexicon(joined_phrases(), ways)}
    return {word: tuple(dict.fromkeys(found)) for word, found in sorted(ways.items())}


def further_ways() -> dict[str, tuple[str, ...]]:
    """How phrases are said too, for the graph only: with a short vowel behind their last consonant,
    "back" as "backa", as with emphasis or by people whose own language has it so; and
    `OTHERWISE_SAID`.

    Commands that cost something must sound as usual. A way that is another phrase is left out; one
    that is another word ("repeater") is not.

    Returns:
        a phrase as the vocabulary has it, and its further pronunciations.
    """
    lexicon = phrase_lexicon()
    taken = {way for ways in lexicon.values() for way in ways}
    found = {
        whole: [f"{way} {LET_GO}" for way in lexicon[whole] if _ends_hard(way)]
        for whole in (phrase.replace(" ", JOINER) for phrase in joined_phrases(costly=False))
    }
    for word, ways in OTHERWISE_SAID.items():
        found.setdefault(word, []).extend(ways)
    new = {whole: tuple(way for way in ways if way not in taken) for whole, ways in found.items()}
    return {whole: ways for whole, ways in new.items() if ways}


def _ends_hard(way: str) -> bool:
    last = way.split()[-1]
    return not last.startswith(VOWELS) and last not in HALF_VOWELS


def spoken_sentences(work: Path, corpora: Iterable[str]) -> list[list[str]]:
    """The usual pronunciation of every word of every sentence that is said, for the filler."""
    lexicon = json.loads((work / "lexicon.json").read_text(encoding="utf-8"))
    found = []
    for name in corpora:
        for clip in Corpus(work / "corpora", name):
            words = clip.text.split()
            if len(words) > 2 and all(word in lexicon for word in words):
                found.append([" ".join(lexicon[word][0]) for word in words])
    return found


def _write(path: Path, value: object) -> None:
    part = path.with_suffix(".part")
    part.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
    part.replace(path)
