"""Lengths of time as people write them in a file, and as they read them."""

import re

from voiceguide.core.timeline.lengths import Lengths

_UNITS = {
    "ms": 0.001,
    "s": 1.0,
    "sec": 1.0,
    "secs": 1.0,
    "second": 1.0,
    "seconds": 1.0,
    "min": 60.0,
    "mins": 60.0,
    "minute": 60.0,
    "minutes": 60.0,
    "h": 3600.0,
    "hour": 3600.0,
    "hours": 3600.0,
}
_PART = r"\d{1,9}(?:\.\d{1,6})?"
_PARTS = re.compile(rf"({_PART}) ?([a-z]*)")
_ISO = re.compile(rf"pt(?:({_PART})h)?(?:({_PART})m)?(?:({_PART})s)?")

PATTERN = r"^\s*[0-9][0-9. a-zA-Z]*$|^\s*[pP][tT][0-9.hmsHMS]+\s*$"
"""The pattern of such a text for a JSON Schema; `parse_seconds` has the last word."""
HOW = "write it like `90 s`, `1.5 min` or `90`"


def parse_seconds(value: object) -> float:
    """The seconds in ``90``, ``90 s``, ``1.5 min``, ``1 min 30 s`` or ``PT1M30S`` (as in
    schema.org).

    Raises:
        ValueError: the value is none of these; the message says what to write.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, str):
        raise ValueError(f"this is no length of time; {HOW}")
    text = value.strip().lower()
    iso = _ISO.fullmatch(text)
    if iso and any(iso.groups()):
        hours, minutes, seconds = (float(part or 0) for part in iso.groups())
        return hours * 3600 + minutes * 60 + seconds
    parts = _PARTS.findall(text)
    if not parts or _PARTS.sub("", text).strip():
        raise ValueError(f"{value!r} is no length of time; {HOW}")
    if any(not unit for _, unit in parts) and len(parts) > 1:
        raise ValueError(f"{value!r} has a number without its unit; {HOW}")
    total = 0.0
    for number, unit in parts:
        if unit and unit not in _UNITS:
            raise ValueError(f"{unit!r} is no unit of time; use s, min or h")
        total += float(number) * _UNITS.get(unit, 1.0)
    return total


def format_seconds(seconds: float) -> str:
    """A length to be read: ``45 s``, ``1 min``, ``14 min 5 s``, ``1 h 2 min``."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    hours, rest = divmod(whole, 3600)
    minutes, left = divmod(rest, 60)
    if hours:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return f"{minutes} min {left} s" if left else f"{minutes} min"


def format_lengths(lengths: Lengths) -> str:
    """How long a routine takes, to be read, and what that depends on."""
    least, most = format_seconds(lengths.least_seconds), format_seconds(lengths.most_seconds)
    return most if least == most else f"{least} to {most} by the time of day"


def format_minutes(lengths: Lengths) -> str:
    """The same to the minute, for a list: ``7 min``, ``14–16 min``."""
    least, most = (
        max(1, round(seconds / 60)) for seconds in (lengths.least_seconds, lengths.most_seconds)
    )
    return f"{least} min" if least == most else f"{least}–{most} min"
