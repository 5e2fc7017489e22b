"""A row in the simulated room: commands in pauses, in voices and words that the ears know.

It shows whether the guide still obeys after hours in one process. How well it
understands people, `scripts/bench_ears` measures.
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
"""The commands that the guide waits for, by state; a voice must have words for all of them."""
TRIED = (
    Command.SLOWER, Command.PAUSE, Command.FASTER, Command.WHERE, Command.REPEAT,
    Command.LOUDER, Command.NEXT, Command.WHY, Command.QUIETER, Command.BACK,
    Command.HOW_LONG, Command.REPEAT_ZONE,
)  # fmt: skip
"""The commands to say while strokes run, one for each time that state is entered."""
LEAST_KNOWN = 8
"""The fewest commands for which a voice must have words."""
MOST_VOICES = 6
"""How many voices a row has."""
SPOKEN = 240
"""How many commands a row has, unless told otherwise."""
PAUSE_SECONDS = 1.5
"""The silence between the guide's last word and the command."""


def row(
    commands: int,
    voices: Sequence[str],
    tell: Callable[[str], None],
    seed: int = 0,
    model: str | None = None,
) -> Found:
    """Find the words that the ears know, then play until this many commands have been said.

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
    """The first voices that the ears know well enough, with the words that they know.

    Args:
        air: through which the ears hear; None for the room.
        needed: commands for which each voice must have words.
        most_voices: how many voices are enough.

    Raises:
        VoiceguideError: the ears know no voice well enough, or cannot be opened.
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
    """The lines of the person of one session, who begins with another command each time."""

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
