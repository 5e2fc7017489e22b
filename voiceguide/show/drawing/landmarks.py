"""Where the places named in a stroke's path lie on the picture.

One half is enough: a place has a distance *out* from the middle line and a distance *down* from the
upper edge, in units of the picture (`WIDTH` × `HEIGHT`). The other half is its mirror image.
"""

import re
from dataclasses import dataclass
from functools import cache

WIDTH, HEIGHT = 240, 290
MIDDLE = 120
"""The x of the middle line."""


@dataclass(frozen=True, slots=True)
class Landmark:
    """A place on one half of the picture."""

    out: float
    """Distance from the middle line; a place nearer than ``CENTRE`` is the same for both halves."""
    down: float
    """Distance from the upper edge."""


CENTRE = 3.0

PLACES: dict[str, Landmark] = {
    "centre of the forehead": Landmark(5, 70),
    "middle of the forehead": Landmark(5, 70),
    "all over the forehead": Landmark(24, 69),
    "forehead": Landmark(24, 69),
    "hairline": Landmark(26, 56),
    "inner brow": Landmark(10, 88),
    "outer brow": Landmark(41, 87),
    "above the brow": Landmark(14, 77),
    "brow": Landmark(25, 84),
    "between the brow": Landmark(1, 86),
    "temple": Landmark(53, 92),
    "inner corner": Landmark(13, 101),
    "outer corner": Landmark(40, 99),
    "under the eye": Landmark(27, 110),
    "orbital bone": Landmark(28, 111),
    "eye": Landmark(27, 100),
    "eyelid": Landmark(27, 97),
    "bridge of the nose": Landmark(4, 100),
    "tip of the nose": Landmark(2, 131),
    "side of the nose": Landmark(14, 124),
    "beside the nostril": Landmark(17, 132),
    "nostril": Landmark(12, 132),
    "nose": Landmark(13, 122),
    "cheekbone": Landmark(40, 123),
    "below the cheekbone": Landmark(37, 134),
    "cheek": Landmark(35, 134),
    "smile line": Landmark(22, 142),
    "corner of the mouth": Landmark(21, 154),
    "mouth": Landmark(18, 154),
    "lip": Landmark(10, 151),
    "upper lip": Landmark(9, 145),
    "middle of the chin": Landmark(4, 182),
    "chin": Landmark(6, 182),
    "jaw hinge": Landmark(53, 139),
    "jawline": Landmark(36, 170),
    "jaw": Landmark(36, 170),
    "in front of the ear": Landmark(54, 120),
    "behind the ear": Landmark(66, 127),
    "earlobe": Landmark(60, 131),
    "ear": Landmark(60, 120),
    "hollow below the skull": Landmark(24, 192),
    "side of the nape": Landmark(27, 203),
    "nape": Landmark(25, 203),
    "side of the neck": Landmark(27, 208),
    "middle of the neck": Landmark(5, 208),
    "throat": Landmark(4, 208),
    "neck": Landmark(24, 210),
    "collarbone": Landmark(44, 241),
    "base of the décolletage": Landmark(20, 272),
    "décolletage": Landmark(22, 264),
    "upper chest": Landmark(20, 266),
    "breastbone": Landmark(4, 262),
    "tip of the shoulder": Landmark(100, 252),
    "shoulder": Landmark(78, 242),
}
"""Singular; "sides of the nose" is found as "side of the nose"."""

MIDDLES = {"forehead": Landmark(5, 70), "neck": Landmark(5, 208), "chest": Landmark(5, 258)}
"""The place that "centre" alone means, by region."""
FALLBACK_MIDDLE = Landmark(5, 122)

BETWEEN = {
    ("chin", "ear"): "jaw",
    ("chin", "earlobe"): "jaw",
    ("side of the nose", "temple"): "cheekbone",
    ("corner of the mouth", "temple"): "cheek",
    ("middle of the neck", "ear"): "side of the neck",
    ("ear", "collarbone"): "side of the neck",
    ("collarbone", "jaw"): "side of the neck",
    ("ear", "tip of the shoulder"): "side of the neck",
}
"""The place that a hand passes between two others, though the path does not name it: it stays on
the skin, and never crosses an eye."""

VIAS = ("along", "below", "under", "across", "over", "above", "past", "behind")
"""Words for the direction of a stroke, not for its beginning or end."""


Own = tuple[tuple[str, float, float], ...]
"""The places of a routine's own picture, as `Picture.places`."""


def place(words: str, region: str = "", own: Own | None = None) -> Landmark | None:
    """Where the place lies that some words name; None if they name no known one.

    Args:
        own: the places of a picture that is shown instead of the face.
    """
    text = singular(words)
    if own is not None:
        longest = sorted(own, key=lambda each: len(each[0]), reverse=True)
        named = (each for each in longest if _pattern(each[0]).search(text))
        return next((Landmark(out, down) for _, out, down in named), None)
    if re.search(r"\b(centre|center|middle)$", text) and len(text.split()) <= 2:
        return MIDDLES.get(region, FALLBACK_MIDDLE)
    for name, pattern in _patterns():
        if pattern.search(text):
            return PLACES[name]
    return None


def singular(words: str) -> str:
    """The words in lower case, with body parts in the singular."""
    return re.sub(r"(?<=[a-z])s\b(?!')", "", words.lower())


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Longest names first, so that "side of the nose" wins over "nose"."""
    return tuple((name, _pattern(name)) for name in sorted(PLACES, key=len, reverse=True))


def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(rf"\b{re.escape(singular(name))}\b")
