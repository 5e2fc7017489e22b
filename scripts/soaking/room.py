"""Session after session in the simulated room, in one process."""

import gc
import os
import time
from collections.abc import Callable
from pathlib import Path

from soaking.report import Found
from soaking.resources import sample

from voiceguide.edge.routine_file import load_bundled
from voiceguide.rehearsal import Scene, rehearse
from voiceguide.room.record import Uttered
from voiceguide.room.screenplay import Screenplay, parse_line

ROUTINES = (
    "quick", "serum-ritual", "morning", "evening", "weekly", "roller", "gua-sha", "techniques",
)  # fmt: skip
TRIED = (
    "slower", "pause", "faster", "where am i", "next", "louder", "repeat", "why", "quieter",
)  # fmt: skip
"""Said while strokes run; the person of each session begins with another one."""
OCCASIONS = 30
"""So often they try something in one session."""
ALWAYS = (
    "when choosing +1.2: quick",
    "when offering +1.2: start over",
    "when ready +1.2: go",
    "when waiting +3: next",
    "when paused +2: continue",
    "when stopping +1.5: undo",
)


def screenplay(seed: int) -> Screenplay:
    """The person of one session."""
    tries = (
        f"when pacing #{turn + 1} +{2 + (seed + turn) % 3}: {TRIED[(seed + turn) % len(TRIED)]}"
        for turn in range(OCCASIONS)
    )
    lines = (*ALWAYS, *tries)
    return Screenplay(tuple(parse_line(line, "the soak", Path()) for line in lines))


def soak(hours: float, tell: Callable[[str], None], first_seed: int = 0) -> Found:
    """Play until so many hours have passed in the room.

    Raises:
        VoiceguideError: a session cannot be played.
    """
    found = Found("simulated room")
    library = load_bundled()
    began = time.monotonic()
    seconds = 0.0
    found.samples.append(sample(os.getpid(), 0.0))
    while seconds < 3600 * hours:
        seed = first_seed + found.sessions
        routine = ROUTINES[seed % len(ROUTINES)]
        rehearsal = rehearse(Scene(routine, library, screenplay=screenplay(seed), seed=seed))
        seconds += rehearsal.summary.length_seconds
        found.sessions += 1
        found.unfinished += not rehearsal.ended
        uttered = [each for each in rehearsal.entries if isinstance(each, Uttered)]
        found.add(each.outcome.value for each in uttered)
        found.out_of_nothing += rehearsal.summary.false_accepts
        for each in uttered:
            if each.outcome.value not in ("obeyed", "missed", "not live"):
                found.problems.append(
                    f"seed {seed}, {routine}: {each.utterance.label!r} at {each.at_seconds:.1f} s "
                    f"was {each.outcome.value}"
                )
        if not rehearsal.ended:
            found.problems.append(f"seed {seed}, {routine}: it did not come to its end")
        del rehearsal, uttered
        gc.collect()
        found.samples.append(now := sample(os.getpid(), seconds / 3600))
        tell(
            f"{seconds / 3600:.2f} h, {found.sessions} sessions, {len(found.outcomes)} commands, "
            f"{now.resident_mb:.0f} MB, {now.threads} threads, {now.files} files"
        )
    found.hours = seconds / 3600
    found.times_real_time = seconds / (time.monotonic() - began)
    return found
