"""Whole sessions with nobody there: the guide, its strokes and cues, and a hand that presses.

The hand answers the guide's questions without a sound, as with a button, so that every command that
the ears accept comes from the guide itself. Such a command is counted, but not obeyed.
"""

import math
from contextlib import closing
from dataclasses import dataclass, field

import numpy as np
from bench.barge_in.material import played_db
from bench.barge_in.rig import Setting, Take
from bench.ears.clips import everything

from voiceguide.core import wording
from voiceguide.core.commands import Command, Phrase
from voiceguide.core.decision.guide_sound import SILENT, Sounding
from voiceguide.core.decision.heard import Heard, Reason
from voiceguide.core.rates import BLOCK_SAMPLES, EAR_RATE_HZ
from voiceguide.core.routine.routine import Profile
from voiceguide.core.routine.selection import select
from voiceguide.core.session.preferences import Preferences
from voiceguide.core.session.sayings import session_sayings
from voiceguide.core.session.session import Session
from voiceguide.core.table import State
from voiceguide.edge.ears.ears import Ears
from voiceguide.edge.ears.recogniser import Recogniser
from voiceguide.edge.files.routine_file import load_bundled
from voiceguide.edge.voice.choice import local_voice
from voiceguide.edge.voice.pack_store import AUTO
from voiceguide.rehearsal.acoustics import BATHROOM
from voiceguide.rehearsal.air import Air
from voiceguide.rehearsal.person import Person
from voiceguide.rehearsal.screenplay import Screenplay
from voiceguide.rehearsal.stage import Stage
from voiceguide.sound.cues import load_cues
from voiceguide.sound.resample import resample
from voiceguide.sound.voice_port import speak

ANSWERS = {
    State.HOUR: Command.NO,  # it is morning
    State.READY: Command.START,
    State.WAITING: Command.NEXT,
}
AFTER_SECONDS = 2.0
"""The hand answers after the guide has been silent for this long."""
APART_SECONDS = 0.5
"""Ducking that is asked for this much later than the last time is counted again."""


@dataclass(slots=True)
class Hand:
    """The ears, and a hand that answers the session's questions."""

    ears: Ears
    session: Session
    obeyed: list[str] = field(default_factory=list)
    """The commands that the ears accepted."""
    ducks: int = 0
    _silent_since: float | None = None
    _ducked_at: float = -math.inf

    @property
    def spoken_over(self) -> bool:
        """See `Ears.spoken_over`."""
        return self.ears.spoken_over

    def listen_for(self, phrases: tuple[Phrase, ...]) -> None:
        """See `Ears.listen_for`."""
        self.ears.listen_for(phrases)

    def hear(
        self, block: np.ndarray, end_seconds: float, guide: Sounding = SILENT
    ) -> tuple[Heard, ...]:
        """What the hand presses; commands that the ears accept are only noted."""
        for one in self.ears.hear(block, end_seconds, guide):
            if one.phrase:
                self.obeyed.append(f"{one.text} at {one.end_seconds:.1f} s")
        if self.spoken_over:
            self.ducks += end_seconds - self._ducked_at > APART_SECONDS
            self._ducked_at = end_seconds
        return self._answer(end_seconds, guide.level_dbfs > -math.inf)

    def _answer(self, now: float, guide_sounds: bool) -> tuple[Heard, ...]:
        command = ANSWERS.get(self.session.state)
        if command is None or guide_sounds:
            self._silent_since = None
            return ()
        if self._silent_since is None:
            self._silent_since = now
        if now - self._silent_since < AFTER_SECONDS:
            return ()
        self._silent_since = None
        pressed = Phrase(command.value, command)
        return (Heard(command.value, pressed, Reason.AGREED, now, now, now, 1.0, 0.0),)


def whole(
    routine_id: str, setting: Setting, recogniser: Recogniser, voice_name: str = AUTO
) -> Take:
    """A session from its first word to its last, in the room of a row."""
    # As for anybody who has said nothing of themselves: with their hands alone.
    anybody = Profile().at_any_hour
    library = {name: select(routine, anybody) for name, routine in load_bundled().items()}
    book = everything()
    session = Session(
        library, book, routine_id=routine_id, preferences=Preferences(gain_db=setting.gain_db)
    )
    ears = Ears(recogniser, book.decoys)
    hand = Hand(ears, session)
    voice, _ = local_voice(voice_name, session_sayings(library, book))
    with closing(voice):
        reference = speak(voice, wording.WHICH, Preferences().words_per_minute)
        stage = Stage(
            session,
            book,
            voice=voice,
            cues=load_cues(None),
            ears=hand,
            air=Air(
                BATHROOM,
                block_samples=BLOCK_SAMPLES,
                echo_db=setting.echo_db,
                narration_db=played_db([resample(reference, EAR_RATE_HZ)], setting.gain_db),
                noise=setting.noise,
                seed=0,
                devices=setting.devices,
            ),
            person=Person(Screenplay(()), book, 0),
            find_clip=lambda line, rate: speak(voice, line.words, rate),
            cancels=setting.cancels,
            masks=setting.masks,
            ducks=setting.ducks,
            noise=ears,
        )
        outcome = stage.run()
    unended = [] if outcome.ended else [f"{routine_id} did not end"]
    told = [f"{routine_id}: {one}" for one in hand.obeyed]
    return Take(
        self_triggers=told + unended, seconds=outcome.length_seconds, false_ducks=hand.ducks
    )
