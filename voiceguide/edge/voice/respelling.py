"""Words written as a speech engine reads them right: a small lexicon for each language.

A word with a capital letter in the lexicon is meant only where it begins a sentence: "Close your
eyes" is to be said otherwise than "close to the nose".
"""

import re
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "pronunciations"
_WORD = re.compile(r"[^\W\d_]+")


@cache
def lexicon(language: str = "en") -> dict[str, str]:
    """Words with their respellings; none for a language without a lexicon."""
    path = FOLDER / f"spoken-{language}.txt"
    if not path.is_file():
        return {}
    lines = (line.split("#")[0].split() for line in path.read_text("utf-8").splitlines())
    return {line[0]: line[1] for line in lines if line}


def respelled(text: str, language: str = "en") -> str:
    """The text as it is given to the speech engine; everything but those words is as it was."""
    known = lexicon(language)

    def written(found: re.Match[str]) -> str:
        return known.get(found[0]) or known.get(found[0].lower(), found[0])

    return _WORD.sub(written, text)


def as_written(text: str, language: str = "en") -> str:
    """A respelled word, or several, as they were before."""
    known = lexicon(language).items()
    back = {respelling.lower(): word.lower() for word, respelling in known}
    if not back:
        return text
    shapes = "|".join(map(re.escape, sorted(back, key=len, reverse=True)))
    pattern = re.compile(rf"(?<!\w)(?:{shapes})(?!\w)", re.IGNORECASE)
    return pattern.sub(lambda found: back[found[0].lower()], text)
