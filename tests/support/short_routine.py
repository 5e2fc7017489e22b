"""A bundled routine cut short, where a whole session is wanted and not each of its words."""

from dataclasses import replace

from voiceguide.core.routine.routine import Routine
from voiceguide.edge.files.routine_file import load_bundled


def short_library(zones: int | None = 2, words: str = "") -> dict[str, Routine]:
    """The shortest bundled routine, by its id: without what is told before it begins.

    Args:
        zones: how many of its zones; None for all of them.
        words: what every step is told in, in place of its own sentences.
    """
    quick = load_bundled()["quick"]
    sections = quick.sections[:zones]
    if words:
        sections = tuple(
            replace(zone, steps=tuple(replace(step, say=(words,)) for step in zone.steps))
            for zone in sections
        )
    begun = replace(quick, safety=(), supply=(), beforehand=(), sections=sections)
    return {quick.id: begun}
