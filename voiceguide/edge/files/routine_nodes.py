"""Finds texts, names and sections in a routine file, even in one that is half wrong."""

from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from voiceguide.core.routine.routine import Conditions, Mode, Section, Side, Step, Stroke
from voiceguide.core.spoken import words
from voiceguide.edge.files.routine_build import to_conditions
from voiceguide.edge.files.routine_models import IfFile
from voiceguide.edge.files.routine_parts import children
from voiceguide.edge.files.yaml_tree import Node

_SPOKEN = {
    "routine": ("name", "summary", "beforehand", "safety", "closing", "why"),
    "section": ("name", "announce", "why"),
    "step": ("name", "say", "short", "amount", "tip", "why"),
    "wait": ("reminder",),
}
"""The keys whose text the guide says aloud."""


def names_of(root: Node) -> Iterator[tuple[Node, str]]:
    """Each name of the routine, with the words that a person says to choose it."""
    for node in [*_scalars(root, "name"), *_scalars(root, "called")]:
        yield node, " ".join(words(str(node.scalar)))


def counts_of(root: Node) -> Iterator[Node]:
    """Every `count` key: that of the routine, of its sections and of its steps."""
    yield from _scalars(root, "count")
    for section in children(root, "section"):
        yield from _scalars(section, "count")
        for step in children(section, "step"):
            yield from _scalars(step, "count")


def skeleton(node: Node) -> Section:
    """A section with its conditions, and of each step only its conditions and its side."""
    steps = tuple(
        Step(
            id="",
            name="",
            mode=Mode.STROKE,
            say=(),
            stroke=Stroke(1, 1.0, _side(step)),
            conditions=_conditions(step),
        )
        for step in children(node, "step")
    )
    return Section(id="", name="", steps=steps, conditions=_conditions(node))


def _conditions(node: Node) -> Conditions:
    if "if" not in node.entries:
        return Conditions()
    try:
        return to_conditions(IfFile.model_validate(node.entries["if"][1].plain()))
    except ValidationError:
        return Conditions()


def _side(step: Node) -> Side:
    for key in ("stroke", "hold"):
        if key in step.entries and "side" in step.entries[key][1].entries:
            value: Any = step.entries[key][1].entries["side"][1].scalar
            if value in tuple(Side):
                return Side(value)
    return Side.BOTH


def spoken_texts(root: Node) -> Iterator[Node]:
    """Every text that the guide would say; what is no text is passed over."""
    yield from (node for key in _SPOKEN["routine"] for node in _scalars(root, key))
    for section in children(root, "section"):
        yield from (node for key in _SPOKEN["section"] for node in _scalars(section, key))
        for step in children(section, "step"):
            yield from (node for key in _SPOKEN["step"] for node in _scalars(step, key))
            if "say_for" in step.entries:
                variants = step.entries["say_for"][1]
                yield from (node for key in variants.entries for node in _scalars(variants, key))
            if "wait" in step.entries:
                wait = step.entries["wait"][1]
                yield from (node for key in _SPOKEN["wait"] for node in _scalars(wait, key))


def _scalars(node: Node, key: str) -> Iterator[Node]:
    """The text under a key, or each text of the list there."""
    if key not in node.entries:
        return
    value = node.entries[key][1]
    for item in value.items if value.kind == "list" else [value]:
        if item.kind == "scalar" and isinstance(item.scalar, str):
            yield item
