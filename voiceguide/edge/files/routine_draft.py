"""Drafts a routine from a few answers: a name, zones, and a line for each stroke."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from voiceguide.core.numbers import number
from voiceguide.edge.files.durations import parse_seconds
from voiceguide.edge.files.routine_models import FORMAT
from voiceguide.edge.files.routine_text import plain_number

USUAL_COUNT = 5
USUAL_SECONDS = 4.0
HOW = "write it like: thumbs, 3 times, 3 s, left then right; or: fists, hold 8 s"
SAFETY = "Leave out whatever does not feel good."
"""The safety note of a routine whose writer gave none."""

_SIDES = ("left then right", "left", "right", "both")
_COUNT = re.compile(r"(\d{1,3})(?: ?(?:times|time|x|×))?")


def drafted(
    routine_id: str, name: str, summary: str, safety: str, zones: Mapping[str, Sequence[Any]]
) -> dict[str, Any]:
    """The tree of a routine file; ``zones`` holds the steps of each zone by its name."""
    return {
        "format": FORMAT,
        "id": routine_id,
        "name": name,
        "summary": summary,
        "safety": safety,
        "section": [{"name": zone, "step": list(steps)} for zone, steps in zones.items()],
    }


def read_stroke(line: str) -> dict[str, Any]:
    """The step that a line describes, without its ``say``: a name, then in any order how often, how
    long and on which side.

    Raises:
        ValueError: a part of it is no count, time or side; one plain sentence.
    """
    name, *parts = (" ".join(part.split()) for part in line.split(","))
    if not name:
        raise ValueError(f"a stroke begins with its name; {HOW}")
    done: dict[str, Any] = {}
    for part in parts:
        key, value = _part(part.lower())
        if key in done:
            raise ValueError(f"“{part}” says a second time what was said before; {HOW}")
        done[key] = value
    if "hold" not in done:
        usual = {"count": USUAL_COUNT, "seconds": f"{plain_number(USUAL_SECONDS)} s"}
        return {"name": name, "stroke": usual | done}
    if "count" in done or "seconds" in done:
        raise ValueError(f"a hold has one length and no count; {HOW}")
    return {"name": name, "hold": {"seconds": done.pop("hold"), **done}}


def usual_sentence(step: Mapping[str, Any]) -> str:
    """A sentence with which the guide can announce such a step."""
    name = str(step["name"])
    start = name[:1].upper() + name[1:]
    if "hold" in step:
        return f"{start}, and stay there."
    count = step["stroke"]["count"]
    return f"{start}, {'once' if count == 1 else f'{number(count)} times'}."


def _part(part: str) -> tuple[str, Any]:
    if part in _SIDES:
        return "side", part
    if count := _COUNT.fullmatch(part):
        if not 1 <= int(count[1]) <= 100:
            raise ValueError(f"“{part}” is no count; use 1 to 100")
        return "count", int(count[1])
    is_hold = part.startswith("hold ")
    key, low, high = ("hold", 1.0, 600.0) if is_hold else ("seconds", 0.4, 30.0)
    try:
        seconds = parse_seconds(part.removeprefix("hold "))
    except ValueError:
        raise ValueError(f"“{part}” is no count, time or side; {HOW}") from None
    if not low <= seconds <= high:
        raise ValueError(f"“{part}” is out of range; use {low:g} to {high:g} s")
    return key, f"{plain_number(seconds)} s"
