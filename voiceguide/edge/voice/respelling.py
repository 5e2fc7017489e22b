"""Writes words so that a speech engine reads them right, by a small lexicon for each language.

An entry with a capital letter is for a word that begins a sentence: "Close your eyes" is not said
like "close to the nose". An entry with ``/verb`` is for a word whose neighbours show it to be a
verb: "then use it", but "with each use". A person's own respellings go before those of the lexicon.
"""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

FOLDER = Path(__file__).resolve().parents[2] / "pronunciations"
_WORD = re.compile(r"[^\W\d_]+")
_VERB = "/verb"
_NONE: Mapping[str, str] = MappingProxyType({})
_BEFORE_NOUN = frozenset(
    {"a", "an", "the", "this", "that", "each", "every", "any", "no", "some", "first", "daily"}
    | {
        "regular",
        "further",
        "good",
        "of",
        "in",
        "into",
        "for",
        "from",
        "by",
        "its",
        "your",
        "their",
    }
)
"""Words after which a noun comes."""


@cache
def lexicon(language: str = "en") -> dict[str, str]:
    """Word to respelling; empty for a language without a lexicon."""
    path = FOLDER / f"spoken-{language}.txt"
    if not path.is_file():
        return {}
    lines = (line.split("#")[0].split() for line in path.read_text("utf-8").splitlines())
    return {line[0]: line[1] for line in lines if line}


def respelled(text: str, language: str = "en", own: Mapping[str, str] = _NONE) -> str:
    """The text as the speech engine is given it, with the words of the lexicon respelled.

    Args:
        own: a person's own respellings, by the lower-case word.
    """
    known = lexicon(language)

    def written(found: re.Match[str]) -> str:
        word = found[0]
        if word.lower() in own:
            return own[word.lower()]
        as_verb = known.get(f"{word.lower()}{_VERB}")
        if as_verb and word not in known and _is_verb(text[: found.start()], text[found.end() :]):
            return as_verb
        return known.get(word) or known.get(word.lower(), word)

    return _WORD.sub(written, text)


def _is_verb(before: str, after: str) -> bool:
    """Whether a word that may be noun or verb is a verb, by its neighbours."""
    last = _WORD.findall(before)[-1:]
    return not (last and last[0].lower() in _BEFORE_NOUN) and not after.startswith(" of ")


def as_written(text: str, language: str = "en", own: Mapping[str, str] = _NONE) -> str:
    """A text with its respelled words as they were written."""
    known = [*lexicon(language).items(), *own.items()]
    back = {respelling.lower(): word.lower().removesuffix(_VERB) for word, respelling in known}
    if not back:
        return text
    shapes = "|".join(map(re.escape, sorted(back, key=len, reverse=True)))
    pattern = re.compile(rf"(?<!\w)(?:{shapes})(?!\w)", re.IGNORECASE)
    return pattern.sub(lambda found: back[found[0].lower()], text)
