"""What a person has set (tempo, breath, speech rate, volume), and what follows from it."""

from dataclasses import replace

from voiceguide.core import wording, wording_faults
from voiceguide.core.commands import Command
from voiceguide.core.effects import KeepPreferences, Prepare, SetSpeechRate, SetVolume
from voiceguide.core.live_commands import heard_commands
from voiceguide.core.routine.breath import Breath
from voiceguide.core.routine.routine import Routine
from voiceguide.core.session.alarms import Alarm, Alarms
from voiceguide.core.session.course import Course
from voiceguide.core.session.preferences import Manner, Preferences
from voiceguide.core.session.turn import Turn
from voiceguide.core.session.volume import SOFTLY_DB, Volume
from voiceguide.core.table import State
from voiceguide.core.timeline.beat import Beat
from voiceguide.core.timeline.progress import Position, coming, least_tempo
from voiceguide.core.timeline.speech import estimate_speech_seconds


class Dials:
    """Holds the preferences and the volume, and has them carried out."""

    def __init__(
        self,
        turn: Turn,
        alarms: Alarms,
        course: Course,
        preferences: Preferences,
        manner: Manner,
    ) -> None:
        self._turn = turn
        self._alarms = alarms
        self._course = course
        self._manner = manner
        self.preferences = preferences
        self.volume = Volume()
        self._beat = Beat()
        self._beat_of: tuple[Preferences | None, Routine | None] = (None, None)
        """The preferences that the beat was made from."""

    @property
    def beat(self) -> Beat:
        """The beat of strokes and breaths; the same object until something changes it."""
        chosen, routine = self.preferences, self._course.routine
        if self._beat_of[0] is not chosen or self._beat_of[1] is not routine:
            self._beat = self._beat_for(routine, chosen.breath)
            self._beat_of = (chosen, routine)
        return self._beat

    def offered_beat(self, routine: Routine) -> Beat:
        """The beat that a routine will have which is offered and not taken yet."""
        return self._beat_for(routine, self._manner.breath or routine.breath)

    def _beat_for(self, routine: Routine | None, breath: Breath | None) -> Beat:
        chosen = self.preferences
        least = least_tempo(routine, self.speech_seconds) if routine else 0.0
        tempo = max(chosen.tempo, least)
        return Beat(tempo, breath, chosen.breath_tempo, self._manner.breath)

    @property
    def usual_breath(self) -> Breath | None:
        """The breath that strokes ride on, by the person's wish or the routine's."""
        return self._manner.breath or self._course.current.breath

    def speech_seconds(self, text: str) -> float:
        """How long a sentence takes at the present rate, by estimate."""
        return estimate_speech_seconds(text, self.preferences.spoken_rate)

    def commands(self, state: State) -> frozenset[Command]:
        """The commands that are listened for in a state.

        Of "breathing on" and "breathing off", which sound alike, only the one that would change
        something is among them.
        """
        wait = self._course.step.wait if state is State.WAITING else None
        return heard_commands(
            state,
            rides_on_breath=self.preferences.breath is not None,
            counts_down=bool(wait and wait.timer_seconds),
            own_timer_runs=Alarm.OWN_TIMER in self._alarms,
        )

    def prepare_from(self, position: Position) -> None:
        """Have sentences rendered ahead: those of the next steps, and those that may be needed at
        any time.
        """
        fixed = (
            *(wording.LAST_ONE, wording.HALFWAY, wording.STOPPED, wording_faults.LOUD),
            *(wording.TIMER_OVER, wording.TAP_CLOSED, *wording_faults.FAULTS.values()),
        )
        streak = wording.streak(self._course.memory.streak)
        texts = coming(self._course.current, position, self.beat)
        self._turn.do(Prepare((*texts, *fixed, *streak)))

    def open(self) -> None:
        """Set the speech rate and the volume that are remembered."""
        self._turn.do(SetSpeechRate(self.preferences.spoken_rate))
        self._sound_as_wanted()

    def become(self, preferences: Preferences) -> None:
        """Use the preferences of another person from now on."""
        before = self.sounding_db
        self._take(preferences)
        if self.sounding_db != before:
            self._sound_as_wanted()

    def fit(self, routine: Routine) -> None:
        """Let strokes ride on the breath if the person wants that or this routine has it so."""
        breath = self._manner.breath or routine.breath
        self._take(replace(self.preferences, breath=breath))

    def turn_to(self, after: Preferences) -> None:
        """Use these preferences from now on, and remember them."""
        before = self.preferences
        if self._take(after) and self._course.routine:
            self.prepare_from(self._course.position)
        if after.gain_db != before.gain_db:
            self._sound_as_wanted()
        rate, gain = after.words_per_minute, after.gain_db
        person = self._course.person
        self._turn.do(KeepPreferences(after.tempo, rate, gain, after.breath_tempo, person))

    def _take(self, after: Preferences) -> bool:
        """Use these preferences from now on; return whether the speech rate has changed."""
        before, self.preferences = self.preferences, after
        if after.spoken_rate == before.spoken_rate:
            return False
        self._turn.do(SetSpeechRate(after.spoken_rate))
        return True

    @property
    def sounding_db(self) -> float:
        """The gain of everything that sounds now."""
        return self.volume.sounding(self.preferences.gain_db) - self.volume.softer_db

    def limit(self, limit_db: float | None) -> None:
        """Sound no louder than this from now on; None for no limit."""
        self._change(replace(self.volume, limit_db=limit_db))

    def turn_up(self) -> None:
        """Sound louder over a noise."""
        self._change(self.volume.boosted(self.preferences.gain_db))

    def soften(self) -> None:
        """Sound softly, because nobody has called."""
        self._change(replace(self.volume, softer_db=SOFTLY_DB))

    def speak_up(self) -> None:
        """Sound as loud as the person wants again, because they are there."""
        self._change(replace(self.volume, softer_db=0.0))

    def turn_back(self) -> None:
        """Sound as loud as before the noise."""
        self._change(replace(self.volume, boost_db=0.0))

    def _change(self, volume: Volume) -> None:
        before, self.volume = self.sounding_db, volume
        if self.sounding_db != before:
            self._sound_as_wanted()

    def _sound_as_wanted(self) -> None:
        self._turn.do(SetVolume(self.sounding_db))
