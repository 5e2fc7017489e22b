"""Text as people write it, as it is said: markup and signs go, abbreviations and numbers become
words. English; what is written in plain words stays as it is.
"""

import re
import unicodedata
from functools import lru_cache

from voiceguide.core.numbers import MOST, number

ABBREVIATIONS = {
    "approx.": "approximately",
    "ca.": "about",
    "cf.": "compare",
    "dr.": "Doctor",
    "e.g.": "for example",
    "etc.": "and so on",
    "fig.": "figure",
    "hrs.": "hours",
    "i.e.": "that is",
    "incl.": "including",
    "max.": "at most",
    "mins.": "minutes",
    "mr.": "Mister",
    "mrs.": "Missus",
    "ms.": "Miz",
    "prof.": "Professor",
    "secs.": "seconds",
    "st.": "Saint",
    "tbsp.": "tablespoons",
    "temp.": "temperature",
    "tsp.": "teaspoons",
    "vs.": "versus",
}
_BEFORE_NUMBER = {"no.": "number", "nos.": "numbers", "p.": "page", "step.": "step"}
_BEHIND_NUMBER = {
    "min": "minutes",
    "sec": "seconds",
    "s": "seconds",
    "h": "hours",
    "ml": "millilitres",
    "l": "litres",
    "mm": "millimetres",
    "cm": "centimetres",
    "m": "metres",
    "g": "grams",
    "kg": "kilograms",
    "mg": "milligrams",
    "tsp": "teaspoons",
    "tbsp": "tablespoons",
    "°c": "degrees Celsius",
    "°f": "degrees Fahrenheit",
    "°": "degrees",
    "%": "percent",
    "x": "times",
    "×": "times",
}
_ONE = {"feet": "foot", "degrees": "degree"}
_SIGNS = {"&": " and ", "+": " plus ", "=": " equals ", "@": " at ", "×": " times "}
WORD = re.compile(r"[^\W_]+(?:[’'][^\W_]+)*")
# A link or tag is no longer than this: looked for to the end from each bracket, thousands of
# brackets take minutes.
_MARKUP = re.compile(r"\[([^\]]{0,300})\]\([^)]{0,2000}\)|</?[a-zA-Z][^>]{0,300}>")
# A number is looked at from its beginning only: from each digit, thousands of them take seconds.
_FROM_ITS_BEGINNING = r"(?<!\d)(?<!\d[,.])"
_NUMBER = r"\d+(?:[,.]\d+)*"
_UNITS = "|".join(sorted(map(re.escape, _BEHIND_NUMBER), key=len, reverse=True))
_ABBREVIATED = re.compile(
    r"(?<![\w.])(?:" + "|".join(map(re.escape, sorted(ABBREVIATIONS, key=len, reverse=True))) + ")",
    re.IGNORECASE,
)
_HALF_DAY = re.compile(
    rf"{_FROM_ITS_BEGINNING}({_NUMBER})(?:[:.](\d\d))?\s*([ap])\.?\s?m\b\.?", re.IGNORECASE
)
_NUMBERED = re.compile(r"(?<!\w)(no|nos|p)\.\s*(?=\d)", re.IGNORECASE)
_RANGE = re.compile(rf"(?<=\d)\s*[–—-]\s*(?={_NUMBER})")
_MEASURE = re.compile(
    rf"{_FROM_ITS_BEGINNING}({_NUMBER})\s*({_UNITS})(?![\w°])(\.(?=\s+(?-i:[a-z(])|[),;:]))?",
    re.IGNORECASE,
)
_LIST_ITEM = re.compile(r"(?:(?<=^)|(?<=[.!?]\s))(\d{1,2})[.)]\s+(\w)(?=(.?))")
_ORDINALS = ("First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth")
_ANY_NUMBER = re.compile(rf"(?<![\w.]){_NUMBER}(?!\w)")


def words(text: str) -> tuple[str, ...]:
    """The words as a recogniser would write them: lower-case, hyphens taken apart."""
    return tuple(word.lower().replace("’", "'") for word in WORD.findall(text))


def has_words(text: str) -> bool:
    """Whether there is anything to say in a text."""
    return any(character.isalnum() for character in text)


@lru_cache(4096)
def as_spoken(text: str) -> str:
    """The text in words; empty where there is nothing to say.

    Said again it stays the same.
    """
    text = _without_markup(text)
    text = _LIST_ITEM.sub(_item, text)
    text = _HALF_DAY.sub(_time_of_day, text)
    text = _NUMBERED.sub(lambda found: f"{_BEFORE_NUMBER[found[1].lower() + '.']} ", text)
    text = _RANGE.sub(" to ", text)
    text = _MEASURE.sub(_measured, text)
    text = _ABBREVIATED.sub(lambda found: _expanded(found, text), text)
    text = _ANY_NUMBER.sub(lambda found: _in_words(found[0]), text)
    for sign, word in _SIGNS.items():
        text = text.replace(sign, word)
    text = re.sub(r"\band\s*/\s*or\b", "or", text)
    text = re.sub(r"(?<=\w)\s*/\s*(?=\w)", " or ", text)
    text = "".join(character for character in text if _is_said(character))
    text = " ".join(text.split())
    text = re.sub(r"\s+([,.;:!?…])", r"\1", text)
    return text if has_words(text) else ""


def _without_markup(text: str) -> str:
    text = _MARKUP.sub(lambda found: found[1] or " ", text)
    text = re.sub(r"(?m)^[^\S\n]*(?:#{1,6}|[-*•>])\s+", "", text)
    return re.sub(r"[*_~`#|\\^{}\[\]<>]+", " ", text)


def _is_said(character: str) -> bool:
    """Letters, digits, spaces and the marks that a voice breathes by; no pictures."""
    if character.isspace():
        return True
    kind = unicodedata.category(character)
    if kind[0] in "LNZ" or kind == "Mn":
        return character not in "\u20e3\ufe0f"
    return character in ".,;:!?…'’‘\"“”()-–—°%"


def _item(found: re.Match[str]) -> str:
    place, letter = int(found[1]), found[2]
    spoken = _ORDINALS[place - 1] if 1 <= place <= len(_ORDINALS) else number(place).capitalize()
    return f"{spoken}, {letter if found[3].isupper() else letter.lower()}"


def _time_of_day(found: re.Match[str]) -> str:
    hour, minutes = _in_words(found[1]), found[2]
    clock = hour if not minutes or minutes == "00" else f"{hour} {number(int(minutes))}"
    late = found[3].lower() == "p"
    part = "morning" if not late else "afternoon" if found[1] in "12345" + "12" else "evening"
    dot = "." if found[0].endswith(".") and not found.string[found.end() :].strip() else ""
    return f"{clock} in the {part}{dot}"


def _measured(found: re.Match[str]) -> str:
    unit = _BEHIND_NUMBER[found[2].lower()]
    if found[1] == "1":
        first, _, rest = unit.partition(" ")
        unit = f"{_ONE.get(first, first.removesuffix('s'))} {rest}".strip()
    return f"{found[1]} {unit}"


def _expanded(found: re.Match[str], text: str) -> str:
    """The words of an abbreviation; its full stop stays where it ends the sentence too."""
    word = ABBREVIATIONS[found[0].lower()]
    if found[0][0].isupper():
        word = word[0].upper() + word[1:]
    after = text[found.end() :]
    ends = not after.strip() or (found[0].lower() == "etc." and re.match(r"\s+[A-Z]", after))
    return word + ("." if ends else "")


def _in_words(digits: str) -> str:
    whole, point, rest = digits.replace(",", "").partition(".")
    if "." in rest or len(whole) > len(str(MOST)) or int(whole) > MOST:
        return digits
    spoken = number(int(whole))
    return f"{spoken} point {' '.join(number(int(one)) for one in rest)}" if point else spoken
