"""Writes routines as schema.org's HowTo in JSON-LD; `read_howto` reads them.

A section is a HowToSection, a step a HowToStep, each sentence a HowToDirection, a tip a HowToTip.
Tips before the first section are the safety notes, those after the last one the closing words.
A movement is also an ExercisePlan: ``exerciseType``, ``repetitions``, ``activityDuration`` (of all
repetitions on one side), ``intensity`` for the pressure, ``additionalVariable`` for the side or the
pattern of a breath. ``performTime`` of a direction is a timer; ``timeRequired`` of a step tells how
long it usually takes, and ``PT0S`` that there is nothing to wait for. Source: https://schema.org/HowTo.
"""

import json
from copy import deepcopy
from typing import Any

from voiceguide.edge.files.durations import parse_seconds
from voiceguide.edge.files.foreign import Carried, Tree, as_list
from voiceguide.edge.files.routine_text import plain_number


def howto_text(tree: Tree) -> tuple[str, Carried]:
    """A routine as JSON-LD, and what it cannot hold."""
    carried, rest = Carried(), deepcopy(tree)
    rest.pop("format", None)
    made: Tree = {
        "@context": "https://schema.org",
        "@type": "HowTo",
        "identifier": rest.pop("id"),
        "name": rest.pop("name"),
        "description": rest.pop("summary"),
    }
    if called := rest.pop("called", None):
        made["alternateName"] = called
    if language := rest.pop("language", None):
        made["inLanguage"] = language
    if supplies := rest.pop("supply", None):
        made["supply"] = [_supply(each, carried) for each in supplies]
    if tools := rest.pop("tool", None):
        made["tool"] = [{"@type": "HowToTool", "name": tool} for tool in tools]
    steps = _tips(rest.pop("safety", None))
    steps += [_section(section, carried) for section in rest.pop("section")]
    steps += _tips(rest.pop("closing", None))
    carried.lose("a routine", rest)
    return json.dumps(made | {"step": steps}, ensure_ascii=False, indent=2) + "\n", carried


def _tips(texts: Any) -> list[Any]:
    return [{"@type": "HowToTip", "text": text} for text in as_list(texts)]


def _supply(supply: Any, carried: Carried) -> Tree:
    if isinstance(supply, dict):
        carried.lose("a supply", (key for key in supply if key != "name"))
    name = supply["name"] if isinstance(supply, dict) else supply
    return {"@type": "HowToSupply", "name": name}


def _section(section: Tree, carried: Carried) -> Tree:
    made = _head("HowToSection", section)
    made["itemListElement"] = [_step(step, carried) for step in section.pop("step")]
    carried.lose("a section", section)
    return made


def _head(kind: str, part: Tree) -> Tree:
    name = part.pop("name")
    own_id = part.pop("id", None)
    return {"@type": kind, **({"identifier": own_id} if own_id else {}), "name": name}


def _step(step: Tree, carried: Carried) -> Tree:
    made = _head("HowToStep", step)
    directions: list[Tree] = [
        {"@type": "HowToDirection", "text": text} for text in as_list(step.pop("say"))
    ]
    waits = "wait" in step
    if waits:
        wait = step.pop("wait")
        until, about = wait.pop("for"), wait.pop("about", None)
        if until != "word":
            directions[-1]["performTime"] = _duration(parse_seconds(until))
        if about:
            made["timeRequired"] = _duration(parse_seconds(about))
        carried.lose("a wait", wait)
    for kind in ("stroke", "hold", "breathe"):
        if kind in step:
            made |= _exercise(kind, step.pop(kind), carried)
            made["@type"] = ["HowToStep", "ExercisePlan"]
            break
    else:
        if not waits:
            made["timeRequired"] = "PT0S"
    made["itemListElement"] = directions + _tips(step.pop("tip", None))
    carried.lose("a step", step)
    return made


def _exercise(kind: str, work: Tree, carried: Carried) -> Tree:
    made: Tree = {"exerciseType": kind}
    count = work.pop("count", None)
    seconds = work.pop("seconds", None) or work.pop("for", None)
    if count:
        made["repetitions"] = count
    if seconds:
        made["activityDuration"] = _duration(parse_seconds(seconds) * (count or 1))
    for key, name in (
        ("pressure", "intensity"),
        ("side", "additionalVariable"),
        ("pattern", "additionalVariable"),
    ):
        if value := work.pop(key, None):
            made[name] = value
    carried.lose(f"a {kind}" if kind != "breathe" else "breaths", work)
    return made


def _duration(seconds: float) -> str:
    return f"PT{plain_number(seconds)}S"
