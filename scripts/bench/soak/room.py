"""Session after session in the simulated room, in one process."""

import gc
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench.soak.report import Found
from bench.soak.resources import sample
from bench.soak.spoken import commands_of, obeyed_twice

from voiceguide.edge.files.routine_file import load_bundled
from voiceguide.edge.service.memory import give_back
from voiceguide.rehearsal.rehearsal import PERSON_VOICE, Scene, rehearse
from voiceguide.rehearsal.screenplay import Screenplay, parse_screenplay

ROUTINES = (
    "quick", "serum-ritual", "morning", "evening", "weekly", "roller", "gua-sha", "techniques",
)  # fmt: skip
TRIED = (
    "slower", "pause", "faster", "where am i", "next", "louder", "repeat", "why", "quieter",
)  # fmt: skip
"""Commands to try while strokes run; the person of each session begins with another one."""
OCCASIONS = 30
"""How many commands they try in one session."""
ALWAYS = (
    "when choosing +1.2: quick",
    "when offering +1.2: start over",
    "when ready +1.2: go",
    "when waiting +3: next",
    "when paused +2: continue",
    "when stopping +1.5: undo",
)


@dataclass(frozen=True, slots=True)
class Casting:
    """One session: its routine, the person's voice, and what they say."""

    routine: str
    voice: str
    screenplay: Screenplay


def casting(seed: int) -> Casting:
    """The session of a seed: a person who tries everything, always with the same voice."""
    tries = (
        f"when pacing #{turn + 1} +{2 + (seed + turn) % 3}: {TRIED[(seed + turn) % len(TRIED)]}"
        for turn in range(OCCASIONS)
    )
    return Casting(ROUTINES[seed % len(ROUTINES)], PERSON_VOICE, play_of(*ALWAYS, *tries))


def play_of(*lines: str) -> Screenplay:
    """The screenplay with these lines."""
    return parse_screenplay("\n".join(lines), "the soak", Path())


def soak(
    hours: float, tell: Callable[[str], None], first_seed: int = 0, model: str | None = None
) -> Found:
    """Play sessions until this many hours have passed in the room.

    Raises:
        VoiceguideError: a session cannot be played.
    """
    return play(
        Found("simulated room"),
        casting,
        lambda found: found.hours >= hours,
        tell,
        first_seed,
        model,
    )


def play(
    found: Found,
    cast: Callable[[int], Casting],
    is_enough: Callable[[Found], bool],
    tell: Callable[[str], None],
    first_seed: int = 0,
    model: str | None = None,
) -> Found:
    """Play session after session until `is_enough` says so, and note everything.

    Raises:
        VoiceguideError: a session cannot be played.
    """
    library = load_bundled()
    began = time.monotonic()
    found.samples.append(sample(os.getpid(), 0.0))
    while not is_enough(found):
        seed = first_seed + found.sessions
        part = cast(seed)
        scene = Scene(
            part.routine,
            library,
            screenplay=part.screenplay,
            seed=seed,
            model=model,
            person_voice=part.voice,
        )
        rehearsal = rehearse(scene)
        found.hours += rehearsal.summary.length_seconds / 3600
        found.sessions += 1
        found.unfinished += not rehearsal.ended
        spoken = commands_of(rehearsal.entries, seed, part.routine, part.voice)
        found.add_spoken(spoken)
        found.out_of_nothing += rehearsal.summary.false_accepts
        found.twice += obeyed_twice(rehearsal.entries, rehearsal.summary)
        if not rehearsal.ended:
            found.problems.append(f"seed {seed}, {part.routine}: it did not come to its end")
        del rehearsal, spoken
        gc.collect()
        give_back()  # as a speaker does between two sessions
        found.samples.append(now := sample(os.getpid(), found.hours))
        tell(
            f"{found.hours:.2f} h, {found.sessions} sessions, {len(found.outcomes)} commands, "
            f"{now.resident_mb:.0f} MB, {now.threads} threads, {now.files} files"
        )
        found.times_real_time = 3600 * found.hours / (time.monotonic() - began)
    return found
