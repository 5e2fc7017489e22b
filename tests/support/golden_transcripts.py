"""Golden transcripts: each bundled routine from first to last word, on virtual time.

``.venv/bin/python tests/support/golden_transcripts.py`` writes them; read the difference before you
commit it, as the person who will hear it.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))  # also as a script of its own

from support.places import TESTS
from support.playing import Play

from voiceguide.core.routine.known import Acquaintance
from voiceguide.core.routine.routine import Profile, Skin, When
from voiceguide.core.routine.selection import select
from voiceguide.core.session.preferences import Manner, Memory
from voiceguide.core.table import State
from voiceguide.edge.files.routine_file import load_bundled

FOLDER = TESTS / "golden"
CASES = {
    "serum-ritual-morning": ("serum-ritual", Profile(when=When.MORNING)),
    "serum-ritual-evening": ("serum-ritual", Profile(when=When.EVENING)),
    "serum-ritual-gua-sha": ("serum-ritual", Profile(when=When.MORNING, tool="gua-sha")),
    "serum-ritual-rosacea": ("serum-ritual", Profile(When.MORNING, (Skin.ROSACEA,))),
    "morning-roller": ("morning", Profile(when=When.MORNING, tool="roller")),
    "quick-sensitive": ("quick", Profile(skin=(Skin.SENSITIVE,))),
    "morning": ("morning", Profile(when=When.MORNING)),
    "evening": ("evening", Profile(when=When.EVENING)),
    "evening-gua-sha": ("evening", Profile(when=When.EVENING, tool="gua-sha")),
    "weekly": ("weekly", Profile()),
    "quick": ("quick", Profile()),
    "techniques": ("techniques", Profile()),
    "gua-sha": ("gua-sha", Profile()),
    "roller": ("roller", Profile()),
    "breathing": ("breathing", Profile()),
    "quick-known": ("quick", Profile()),
    "morning-known": ("morning", Profile(when=When.MORNING)),
}
KNOWN = Acquaintance(finished=4, days_known=30, days_away=1)
"""How well the person of a case that ends in ``-known`` knows the routine."""


def clock(seconds: float) -> str:
    """m:ss.s"""
    minutes, rest = divmod(round(seconds, 1), 60)
    return f"{int(minutes):2d}:{rest:04.1f}"


def transcript(case: str) -> str:
    """A person who says "go", and "next" as long after each question as people usually take."""
    routine_id, profile = CASES[case]
    routine = select(load_bundled()[routine_id], profile)
    known = ((routine_id, KNOWN),) if case.endswith("-known") else ()
    manner = Manner(when=profile.when)
    play = Play({routine_id: routine}, routine_id, Memory(known=known), manner=manner)
    play.until_state(State.READY)
    play.until(play.now + 45)  # the whole introduction
    play.say("start")
    while not play.session.has_ended:
        when, event = play.upcoming()
        play.now = max(play.now, when)
        play.tell(event)
        status = play.session.snapshot()
        if status.state is State.WAITING:
            here = (status.section_id, status.step_id)
            wait = next(
                step.wait for section, step in routine.steps() if (section.id, step.id) == here
            )
            if not wait.timer_seconds:
                play.say("next", after=wait.about_seconds)
    lines = [(line.at, line.text) for line in play.lines]
    lines += [(at, f"[{state}]") for at, state in play.states]
    shown = [f"{clock(at)}  {text}" for at, text in sorted(lines, key=lambda line: line[0])]
    return "\n".join(shown) + "\n"


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for case in CASES:
        (FOLDER / f"{case}.txt").write_text(transcript(case), "utf-8")
        print(f"wrote {case}")
