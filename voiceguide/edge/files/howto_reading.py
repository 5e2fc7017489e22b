"""Reads schema.org's HowTo in JSON-LD: what `howto.py` writes, and what pages on the web hold."""

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from voiceguide.core.errors import RoutineError
from voiceguide.edge.files.durations import parse_seconds
from voiceguide.edge.files.foreign import (
    WAIT_RANGE,
    Carried,
    Tree,
    as_list,
    as_sentences,
    completed,
    id_from,
    name_from,
    one_or_more,
    seconds_text,
    tidy,
    wait_for_word,
)
from voiceguide.edge.files.routine_values import slug
from voiceguide.edge.system.text_file import Spot

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")
_DAYS = re.compile(r"P(?:0+Y)?(?:0+M)?(?:0+W)?(?:0*(\d{0,2})D)?(T.*)?", re.IGNORECASE)
_SIDES = ("left", "right", "left then right")
_NOISE = frozenset({"@type", "@id", "@context", "position", "url"})
"""Keys that nobody misses."""


def read_howto(text: str, path: Path) -> tuple[Tree, Carried]:
    """The routine that a HowTo describes, and what a routine cannot hold.

    Args:
        path: the file, for messages.

    Raises:
        RoutineError: the text is not JSON, or holds no HowTo with steps; one plain sentence.
    """
    carried = Carried()
    howto = dict(_find(_parsed(text, path), path))
    name = tidy(howto.pop("name", None) or path.stem)
    head: Tree = {"id": _id(howto, carried) or id_from(name, "routine"), "name": name}
    if called := [tidy(each) for each in as_list(howto.pop("alternateName", None))]:
        head["called"] = called
    head["summary"] = tidy(howto.pop("description", None) or "")
    language = str(howto.pop("inLanguage", None) or "en").lower()
    if language != "en":
        if _LANGUAGE.fullmatch(language):
            head["language"] = language
        else:
            carried.lose("the HowTo", ["inLanguage"])
    if supply := _names(howto.pop("supply", None), "a supply", carried):
        head["supply"] = supply
    if tool := _names(howto.pop("tool", None), "a tool", carried):
        head["tool"] = [each for each in map(slug, tool) if each]
    opening, sections, closing = _sections(howto.pop("step", None), carried)
    if not sections:
        raise RoutineError(f"{path}:1:1: this HowTo has no steps; give it a `step`.")
    if opening:
        head["safety"] = one_or_more(opening)
    if closing:
        head["closing"] = one_or_more(closing)
    carried.lose("the HowTo", (key for key in howto if key not in _NOISE))
    return completed(head, sections, carried), carried


def _parsed(text: str, path: Path) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        spot = Spot(error.lineno, error.colno)
        raise RoutineError(
            spot.located(path, f"this is not JSON ({error.msg}); look at this line.")
        ) from None
    except (RecursionError, ValueError):  # ValueError: a number of thousands of digits
        raise RoutineError(f"{path}:1:1: this is nested too deep; flatten it.") from None


def _find(value: Any, path: Path) -> Tree:
    """The HowTo in a document: the document itself, or an item of its list or ``@graph``."""
    for each in as_list(value):
        for inner in (each, *(as_list(each.get("@graph")) if isinstance(each, dict) else ())):
            if isinstance(inner, dict) and "HowTo" in _types(inner):
                return inner
    raise RoutineError(f'{path}:1:1: there is no HowTo here; it begins with `"@type": "HowTo"`.')


def _types(value: Tree) -> list[str]:
    return [str(each).rpartition("/")[2] for each in as_list(value.get("@type"))]


def _id(part: Tree, carried: Carried) -> str | None:
    own = part.pop("identifier", None)
    if own is None:
        return None
    if isinstance(own, str) and len(own) <= 60 and _ID.fullmatch(own):
        return own
    carried.lose("the HowTo", ["identifier"])
    return None


def _names(value: Any, what: str, carried: Carried) -> list[str]:
    names = []
    for each in as_list(value):
        if isinstance(each, dict):
            carried.lose(what, (key for key in each if key not in {*_NOISE, "name"}))
        name = tidy(each.get("name", "") if isinstance(each, dict) else each)
        if name:
            names.append(name)
    return names


def _sections(value: Any, carried: Carried) -> tuple[list[str], list[Tree], list[str]]:
    """Safety notes, sections and closing words; steps outside any section make one."""
    opening: list[str] = []
    closing: list[str] = []
    sections: list[Tree] = []
    is_loose = False
    for each in as_list(value):
        kinds = _types(each) if isinstance(each, dict) else []
        if "HowToTip" in kinds:
            (closing if sections else opening).extend(as_sentences([each.get("text", "")]))
            continue
        if "HowToSection" in kinds:
            part, is_loose = dict(each), False
            own, name = _id(part, carried), tidy(part.pop("name", None) or "")
            steps = _steps(part.pop("itemListElement", part.pop("steps", None)), carried)
            carried.lose("a section", (key for key in part if key not in _NOISE))
            if steps:
                named = name or steps[0]["name"]
                sections.append({"name": named, **({"id": own} if own else {}), "step": steps})
            continue
        steps = _steps(each, carried)
        if steps and is_loose:
            sections[-1]["step"] += steps
        elif steps:
            sections.append({"name": "steps", "announce": False, "step": steps})
            is_loose = True
    return opening, sections, closing


def _steps(value: Any, carried: Carried) -> list[Tree]:
    parts = as_list(value.get("itemListElement")) if _is_list(value) else as_list(value)
    return [step for part in parts if (step := _read_step(part, carried))]


def _is_list(value: Any) -> bool:
    return isinstance(value, dict) and "ItemList" in _types(value)


def _read_step(value: Any, carried: Carried) -> Tree | None:
    part: Tree = dict(value) if isinstance(value, dict) else {"text": value}
    own, name = _id(part, carried), tidy(part.pop("name", None) or "")
    inner = part.pop("itemListElement", None)
    directions = [*as_list(part.pop("text", None)), *as_list(inner)]
    said, tips, timer = _directions(directions, carried)
    if not said and not name:
        return None
    said = said or as_sentences([name])
    name = name if slug(name) else name_from(said) or name
    step: Tree = {"name": name, **({"id": own} if own else {}), "say": one_or_more(said)}
    if tips:
        step["tip"] = one_or_more(tips)
    about = _seconds(part.pop("timeRequired", None))
    timer = timer or _seconds(part.pop("performTime", part.pop("totalTime", None)))
    work = _work(part)
    carried.lose("a step", (key for key in part if key not in _NOISE))
    return step | (work if work is not None else _wait(timer, about, carried))


def _directions(
    values: Sequence[Any], carried: Carried
) -> tuple[list[str], list[str], float | None]:
    """What is said, the tips, and the time of all directions together."""
    said: list[str] = []
    tips: list[str] = []
    timer: float | None = None
    for each in values:
        part: Tree = dict(each) if isinstance(each, dict) else {"text": each}
        target = tips if "HowToTip" in _types(part) else said
        texts = as_list(part.pop("text", None)) or as_list(part.pop("itemListElement", None))
        target.extend(as_sentences(text for text in texts if isinstance(text, str)))
        seconds = _seconds(part.pop("performTime", part.pop("totalTime", None)))
        if seconds:
            timer = (timer or 0.0) + seconds
        carried.lose("a direction", (key for key in part if key not in _NOISE))
    return said, tips, timer


def _wait(timer: float | None, about: float | None, carried: Carried) -> Tree:
    low, high = WAIT_RANGE
    if timer and low <= timer <= high:
        usual = {"about": seconds_text(about)} if about and low <= about <= high else {}
        return {"wait": {"for": seconds_text(timer), **usual}}
    if timer:
        carried.lost["times below 1 s or above 1 h"] += 1
    if about is not None and low <= about <= high:
        return {"wait": {"for": "word", "about": seconds_text(about)}}
    return {} if about == 0 else wait_for_word(carried)


def _work(part: Tree) -> Tree | None:
    """What an ExercisePlan asks for; None where a routine cannot hold it."""
    kind = part.get("exerciseType")
    count, seconds = _count(part.get("repetitions")), _seconds(part.get("activityDuration"))
    more = part.get("additionalVariable")
    side = {"side": more} if more in _SIDES else {}
    # To a millionth, as it was written: a third of 1.2 s is a little less than 0.4 s.
    each = round(seconds / count, 6) if seconds and count else 0.0
    if kind == "stroke" and count and 0.4 <= each <= 30:
        pressure = part.pop("intensity", None)
        made: Tree = {"count": count, "seconds": seconds_text(each), **side}
        work = {"stroke": made | ({"pressure": tidy(pressure)} if pressure else {})}
    elif kind == "hold" and seconds and 1 <= seconds <= 600:
        work = {"hold": {"seconds": seconds_text(seconds), **side}}
    elif kind == "breathe" and (count or seconds):
        pattern = {"pattern": str(more)} if more else {}
        length = {"count": count} if count else {"for": seconds_text(seconds or 1)}
        work = {"breathe": {**length, **pattern}}
    else:
        return None
    for key in ("exerciseType", "repetitions", "activityDuration"):
        part.pop(key, None)
    if side or kind == "breathe":
        part.pop("additionalVariable", None)
    return work


def _count(value: Any) -> int | None:
    is_count = isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 100
    return value if is_count else None


def _seconds(value: Any) -> float | None:
    """The seconds of a duration such as ``PT1H30M`` or ``P0DT1H30M``; None where it cannot be
    read.
    """
    if not isinstance(value, str):
        return None
    found = _DAYS.fullmatch(value.strip())
    try:
        if not found:
            return parse_seconds(value)
        rest = parse_seconds(f"P{found[2]}") if found[2] else 0.0
    except ValueError:
        return None
    return 86_400.0 * int(found[1] or 0) + rest
