"""How English words are pronounced: as a person writes, as the dictionary has it, or as guessed."""

import gzip
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from voiceguide.edge.lexicon.guessing import guess

PHONES = (  # noqa: SIM905
    "AA AE AH AO AW AY B CH D DH EH ER EY F G HH IH IY JH K "
    "L M N NG OW OY P R S SH T TH UH UW V W Y Z ZH"
).split()
"""CMUdict's ARPAbet without stress, in the order of the network's outputs 1–39."""
DICTIONARY_FILE = Path(__file__).resolve().parents[2] / "pronunciations" / "en.txt.gz"
"""CMUdict's words, one line for each pronunciation: ``stop S T AA P``."""

_NUMBER = {phone: number for number, phone in enumerate(PHONES, 1)}
_VOWELS = frozenset("AEIOU")


@dataclass(frozen=True, slots=True)
class Pronunciation:
    """How one word may be said."""

    spoken: tuple[str, ...]
    """Its pronunciations, the most common first: ``("S T AA P",)``."""
    guessed: bool = False
    """Whether they were guessed from the spelling."""


def encode(pronunciation: str) -> bytes:
    """``S T AA P`` as the numbers of its phones, one byte each.

    Raises:
        ValueError: it is empty, or something in it is no phone.
    """
    try:
        numbers = bytes([_NUMBER[phone] for phone in pronunciation.split()])
    except KeyError as error:
        raise ValueError(f"{error.args[0]!r} is no phone; phones: {' '.join(PHONES)}") from None
    if not numbers:
        raise ValueError("a pronunciation needs at least one phone")
    return numbers


def pronounce(
    words: Iterable[str], own: Mapping[str, Sequence[str]] | None = None
) -> dict[str, Pronunciation]:
    """Word to its pronunciations; words for which none is found are left out.

    They are taken from ``own`` as they stand, else from the dictionary (part by part for a word
    with a hyphen), else guessed. To the last two come those of a person who drops the R
    (`with_variants`).
    """
    found: dict[str, Pronunciation] = {}
    unknown: list[str] = []
    for word in dict.fromkeys(words):
        given = (own or {}).get(word)
        listed = dictionary(word)
        if given:
            found[word] = Pronunciation(tuple(given))
        elif listed:
            found[word] = Pronunciation(with_variants(listed))
        else:
            unknown.append(word)
    guesses = guess(word.replace("’", "'") for word in unknown)
    for word in unknown:
        guessed = guesses.get(word.replace("’", "'"))
        if guessed:
            found[word] = Pronunciation(with_variants([guessed]), guessed=True)
    return found


def dictionary(word: str) -> tuple[str, ...]:
    """The dictionary's pronunciations of a word; empty where it has none."""
    plain = word.lower().replace("’", "'")
    listed = _listed(plain)
    if listed or "-" not in plain:
        return listed
    parts = [_listed(part) for part in plain.split("-")]
    return (" ".join(part[0] for part in parts),) if all(parts) else ()


def dictionary_words() -> dict[str, list[str]]:
    """Every word of the dictionary with its pronunciations."""
    words: dict[str, list[str]] = {}
    for line in _dictionary().decode().splitlines():
        word, _, spoken = line.partition(" ")
        if word:
            words.setdefault(word, []).append(spoken)
    return words


def with_variants(pronunciations: Iterable[str]) -> tuple[str, ...]:
    """The pronunciations, and those of a person who drops every R that no vowel follows."""
    both = [form for one in pronunciations for form in (one, _non_rhotic(one))]
    return tuple(dict.fromkeys(both))


def _non_rhotic(pronunciation: str) -> str:
    phones = pronunciation.split()
    said: list[str] = []
    for before, phone, after in zip(["", *phones], phones, [*phones[1:], ""], strict=False):
        if after[:1] in _VOWELS or phone not in ("ER", "R"):
            said.append(phone)
        elif phone == "ER":
            said.append("AH")
        elif before not in ("AA", "AO"):
            said.append(phone)
    return " ".join(said)


def _listed(word: str) -> tuple[str, ...]:
    data, key = _dictionary(), f"\n{word} ".encode()
    if not word or " " in word:
        return ()
    spoken: list[str] = []
    at = data.find(key)
    while at >= 0 and data.startswith(key, at):  # The lines of a word stand together.
        end = data.index(b"\n", at + 1)
        spoken.append(data[at + len(key) : end].decode())
        at = end
    return tuple(spoken)


@cache
def _dictionary() -> bytes:
    """The whole dictionary as text, 3 MB, with a line feed at both ends."""
    return b"\n" + gzip.decompress(DICTIONARY_FILE.read_bytes())
