"""A bundled routine cut short, where a whole session is wanted and not each of its zones."""

from dataclasses import replace

from voiceguide.core.routine.routine import Routine
from voiceguide.edge.files.routine_file import load_bundled


def brief_library() -> dict[str, Routine]:
    """The shortest bundled routine with all its strokes, each told in a word; by its id."""
    quick = load_bundled()["quick"]
    sections = tuple(
        replace(zone, steps=tuple(replace(step, say=("Stroke.",)) for step in zone.steps))
        for zone in quick.sections
    )
    return {quick.id: replace(quick, safety=(), supply=(), beforehand="", sections=sections)}


def short_library(zones: int = 2) -> dict[str, Routine]:
    """The shortest bundled routine, with its first zones alone and no cautions; by its id."""
    quick = load_bundled()["quick"]
    return {quick.id: replace(quick, safety=(), sections=quick.sections[:zones])}
