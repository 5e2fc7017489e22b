"""Gives a word's pronunciation to ears and voice, whichever way a person writes it.

The ears need phones (``S K W EY L EY N``); every speech engine here reads a spelling
(``squay-lane``). All of them read by the rules of espeak-ng, which tells what a spelling sounds
like: so phones are found from a spelling, and a spelling from phones.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice, product
from math import prod

from voiceguide.edge.lexicon.guessing import guess
from voiceguide.edge.lexicon.pronouncing import encode

_MOST_TRIED = 600
"""How many spellings of a word are tried; that takes a tenth of a second."""
_SPELLED = {
    "AA": "ah o aa", "AE": "a", "AH": "u uh a", "AO": "aw au", "AW": "ow ou", "AY": "y igh ye",
    "CH": "ch", "DH": "th", "EH": "e eh", "ER": "er ur", "EY": "ay ai ey", "HH": "h",
    "IH": "i ih", "IY": "ee ea", "JH": "j", "NG": "ng", "OW": "oh oa o", "OY": "oy", "SH": "sh",
    "TH": "th", "UH": "oo u", "UW": "oo ue", "Y": "y", "ZH": "zh", "K": "k c", "S": "s ss",
    "G": "g gh", "KW": "qu kw",
}  # fmt: skip
"""How each phone may be written, the plainest way first; a phone that is not here is its letter."""
_ALIKE = {"IH": "AH", "AO": "AA", "UH": "AH"}
"""Vowels that are nearly alike where they are not stressed."""
_VOWEL = re.compile(r"[AEIOU]")
_SPELLING = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


def as_phones(written: str) -> str:
    """What a person wrote, as phones without stress.

    Raises:
        ValueError: it is neither phones nor a readable spelling; one plain sentence.
    """
    try:
        return _checked(written)
    except ValueError:
        if not _SPELLING.fullmatch(written.strip()) or written.strip().isupper():
            raise
    read = guess([written.strip()])
    if not read:
        raise ValueError(
            f"{written!r} cannot be read as a spelling here; write phones, as in S IH R AH M"
        )
    return next(iter(read.values()))


def _checked(written: str) -> str:
    """Phones without their stress. Raises ValueError where something is no phone."""
    phones = " ".join(phone.rstrip("012") for phone in written.upper().split())
    encode(phones)
    return phones


def spellings(written: Mapping[str, str]) -> dict[str, str]:
    """Word to the spelling that makes a speech engine say it as a person wrote. A word is left out
    where the engine says it like that anyway, or where no spelling comes closer.

    Args:
        written: word to its phones or its spelling.
    """
    found = {}
    for word, how in written.items():
        try:
            phones = _checked(how)
        except ValueError:
            found[word] = how.strip()
            continue
        spelling = respell(word, phones)
        if spelling:
            found[word] = spelling
    return found


def respell(word: str, phones: str) -> str | None:
    """A spelling that espeak-ng reads as these phones, or nearly. None where it reads the word like
    that anyway, or where no spelling comes closer than the word itself.
    """
    wanted = phones.split()
    best = _apart(guess([word]).get(word, "").split(), wanted)
    chosen = None
    if not best:
        return None
    for some in _batches(islice(_written(wanted), _MOST_TRIED)):
        for spelling, read in guess(some).items():
            apart = _apart(read.split(), wanted)
            if apart < best:
                best, chosen = apart, spelling
            if not best:
                return chosen
    return chosen


def _batches(spelled: Iterator[str]) -> Iterator[list[str]]:
    while some := list(islice(spelled, 50)):
        yield some


def _written(phones: list[str]) -> Iterator[str]:
    """Spellings, the plainest first. Each comes without hyphens, with one before every later
    syllable, and with one before a single syllable.
    """
    phones = " ".join(phones).replace("K W", "KW").split()
    choices = [_SPELLED.get(phone, phone.lower()).split() for phone in phones]
    while prod(map(len, choices)) > _MOST_TRIED:
        max(choices, key=len).pop()
    vowels = [at for at, phone in enumerate(phones) if _VOWEL.match(phone)]
    # A syllable begins with the consonant before its vowel.
    begins = [max(1, at - 1) if at - 1 not in vowels else at for at in vowels[1:]]
    hyphens = dict.fromkeys([(), tuple(begins), *((begin,) for begin in begins)])
    for parts in sorted(product(*choices), key=lambda parts: _rarity(parts, choices)):
        for before in hyphens:
            yield "".join(f"-{part}" if at in before else part for at, part in enumerate(parts))


def _rarity(parts: Iterable[str], choices: Iterable[list[str]]) -> int:
    return sum(options.index(part) for part, options in zip(parts, choices, strict=True))


def _apart(one: list[str], other: list[str]) -> float:
    """The edit distance between phones; to replace one by a similar one costs a quarter."""
    row = [float(at) for at in range(len(other) + 1)]
    for place, phone in enumerate(one, 1):
        before, row[0] = row[0], float(place)
        for at, against in enumerate(other, 1):
            alike = _ALIKE.get(phone, phone) == _ALIKE.get(against, against)
            replaced = before + (0.0 if phone == against else 0.25 if alike else 1.0)
            before, row[at] = row[at], min(row[at] + 1, row[at - 1] + 1, replaced)
    return row[-1]
