"""Words written as a speech engine reads them right: a small lexicon for each language."""

import re
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "pronunciations"
_WORD = re.compile(r"[^\W\d_]+")


@cache
def lexicon(language: str = "en") -> dict[str, str]:
    """Lower-case words with their respellings; none for a language without a lexicon."""
    path = FOLDER / f"spoken-{language}.txt"
    if not path.is_file():
        return {}
    lines = (line.split("#")[0].split() for line in path.read_text("utf-8").splitlines())
    return {line[0]: line[1] for line in lines if line}


def respelled(text: str, language: str = "en") -> str:
    """The text as it is given to the speech engine; everything but those words is as it was."""
    known = lexicon(language)
    return _WORD.sub(lambda found: known.get(found[0].lower(), found[0]), text)
