"""A row in the simulated room: commands in pauses, by voices and in words that the ears know.

It asks whether the guide still does what it is told after hours in one process, not how well it
understands anybody: `scripts/bench_ears` measures that.
"""

from collections.abc import Callable, Iterable, Sequence

from bench.soak.audition import Known, Listener, Wire, known_words, room
from bench.soak.report import Found
from bench.soak.room import OCCASIONS, ROUTINES, Casting, play, play_of

from voiceguide.core.commands import Command
from voiceguide.core.errors import SpeechError, VoiceguideError
from voiceguide.core.table import State
from voiceguide.edge.ears.ears import open_ears
from voiceguide.edge.files.phrase_file import load_phrasebook
from voiceguide.edge.files.routine_file import load_bundled
from voiceguide.edge.models.model_store import resolve_model
from voiceguide.rehearsal.air import Air

ANSWERS = {
    Command.START: State.READY,
    Command.NEXT: State.WAITING,
    Command.RESUME: State.PAUSED,
}
"""What the guide waits for, and where; a voice must know them all."""
TRIED = (
    Command.SLOWER, Command.PAUSE, Command.FASTER, Command.WHERE, Command.REPEAT,
    Command.LOUDER, Command.NEXT, Command.WHY, Command.QUIETER, Command.BACK,
    Command.HOW_LONG, Command.REPEAT_ZONE,
)  # fmt: skip
"""What is said while strokes run, one at each stay there."""
LEAST_KNOWN = 8
"""A voice must know words for so many commands."""
MOST_VOICES = 6
"""Enough for a row."""
SPOKEN = 240
"""Commands of a row, unless told otherwise."""
PAUSE_SECONDS = 1.5
"""Of silence after the guide's last word."""


def row(
    commands: int,
    voices: Sequence[str],
    tell: Callable[[str], None],
    seed: int = 0,
    model: str | None = None,
) -> Found:
    """Find out what the ears know, then play until so many commands have been spoken.

    Raises:
        VoiceguideError: a session cannot be played, or the ears know none of the voices.
    """
    known = audition(voices, tell, model)
    names = list(known)

    def cast(number: int) -> Casting:
        name = names[number % len(names)]
        lines = lines_of(known[name], number)
        return Casting(ROUTINES[number % len(ROUTINES)], name, play_of(*lines))

    found = Found("a row in the simulated room", in_row=True)
    found.known = {
        name: {command.value: list(texts) for command, texts in words.items()}
        for name, words in known.items()
    }
    return play(found, cast, lambda so_far: len(so_far.outcomes) >= commands, tell, seed, model)


def audition(
    voices: Sequence[str],
    tell: Callable[[str], None],
    model: str | None = None,
    air: Air | Wire | None = None,
    needed: Iterable[Command] = ANSWERS,
    most_voices: int = MOST_VOICES,
) -> dict[str, Known]:
    """What the ears know of the first voices that they know well.

    Args:
        air: what they hear through; None: the room.
        needed: commands that each of the voices must have words for.
        most_voices: enough of them.

    Raises:
        VoiceguideError: they know none well enough, or cannot be opened.
    """
    library = load_bundled()
    book = load_phrasebook().with_library(library)
    listener = Listener(open_ears(resolve_model(model), book.decoys), book, air or room())
    wanted = dict.fromkeys(TRIED, State.PACING) | ANSWERS
    found: dict[str, Known] = {}
    for name in voices:
        try:
            known = known_words(name, wanted, book, listener)
        except SpeechError as error:
            tell(f"{name}: {error}")
            continue
        enough = known.keys() >= set(needed) and len(known) >= LEAST_KNOWN
        tell(f"{name}: {len(known)} of {len(wanted)} commands{'' if enough else ', left out'}")
        if enough:
            found[name] = known
        if len(found) == most_voices:
            break
    if not found:
        raise VoiceguideError("the ears know no voice well enough; name others with --voice")
    return found


def lines_of(known: Known, number: int) -> list[str]:
    """What the person of one session says; each time they begin with another command."""

    def said(command: Command, turn: int) -> str:
        return known[command][turn % len(known[command])]

    tried = [command for command in TRIED if command in known]
    lines = [
        f"when {state} +{PAUSE_SECONDS}: {said(command, number)}"
        for command, state in ANSWERS.items()
    ]
    for turn in range(OCCASIONS):
        words = said(tried[(number + turn) % len(tried)], turn)
        lines.append(f"when pacing #{turn + 1} +{PAUSE_SECONDS}: {words}")
    return lines
