"""The model that the table drives: the guide's parts, and what is done on entering each state.

Each part has one subject and its own state, and knows only parts made before it, as
docs/architecture.md shows. The table names a part's method as ``course.advance``, and a method of
the guide itself, where a move or a guard needs several parts, by its name alone. There is no clock
and no I/O: ``turn`` knows the time before any part is asked anything.
"""

from collections.abc import Iterable, Mapping

from voiceguide.core import wording
from voiceguide.core.commands import Command, Phrasebook
from voiceguide.core.effects import Finish
from voiceguide.core.routine.programme import Programme
from voiceguide.core.routine.routine import When
from voiceguide.core.session.alarms import Alarm, Alarms
from voiceguide.core.session.answers import Answers
from voiceguide.core.session.asides import Asides
from voiceguide.core.session.countdown import Countdown, last_ticks
from voiceguide.core.session.course import Course
from voiceguide.core.session.days import Days
from voiceguide.core.session.dials import Dials
from voiceguide.core.session.faults import Faults
from voiceguide.core.session.interludes import Interludes
from voiceguide.core.session.length import Length
from voiceguide.core.session.loudness import Loudness
from voiceguide.core.session.marks import Marks
from voiceguide.core.session.missed import Missed
from voiceguide.core.session.mouth import Mouth
from voiceguide.core.session.openings import Openings
from voiceguide.core.session.own_timer import OwnTimer
from voiceguide.core.session.persons import Persons
from voiceguide.core.session.preferences import GUEST, Guided, Manner
from voiceguide.core.session.reminders import Reminders
from voiceguide.core.session.rinse import Rinse
from voiceguide.core.session.sleep import Sleep
from voiceguide.core.session.strokes import Strokes
from voiceguide.core.session.tuning import Tuning
from voiceguide.core.session.turn import Turn
from voiceguide.core.session.undo import Mark
from voiceguide.core.table import ASKING, PUT_OFF, RUNNING, State
from voiceguide.core.timeline.gaps import SOFT_CLOSE_SECONDS
from voiceguide.core.timeline.progress import told


class Guide:
    """One session's model; see ``Session`` for the arguments."""

    def __init__(
        self,
        person: Guided,
        others: Iterable[Guided],
        book: Phrasebook,
        named: str | None,
        manner: Manner,
        programmes: Mapping[str, Programme],
    ) -> None:
        self.turn = turn = Turn()
        self.alarms = alarms = Alarms()
        self.faults = faults = Faults()
        self.mouth = mouth = Mouth(turn)
        self.course = course = Course(turn, person.library, person.memory, named, manner)
        self.days = days = Days(turn, course, programmes)
        self.dials = dials = Dials(turn, alarms, course, person.preferences, manner)
        self.persons = persons = Persons(course, days, dials, person, others)
        self.length = length = Length(turn, course, dials, manner.length_seconds)
        self.sleep = Sleep(turn, course, alarms, manner.sleep_seconds)
        self.countdown = countdown = Countdown(turn, alarms, mouth)
        self.strokes = strokes = Strokes(turn, course, dials, length, alarms, mouth, countdown)
        self.interludes = interludes = Interludes(turn, strokes, alarms, mouth)
        self.own_timer = own_timer = OwnTimer(turn, alarms, interludes)
        self.loudness = Loudness(turn, course, dials, strokes, faults, alarms, mouth, interludes)
        self.marks = marks = Marks(turn, course, persons, strokes, alarms, mouth)
        stays = self.sleep.stays()
        self.reminders = Reminders(turn, course, alarms, mouth, faults, countdown, stays=stays)
        self.rinse = Rinse(turn, course, mouth, manner.hears_tap)
        self.asides = asides = Asides(turn, course, strokes, self.reminders, alarms, mouth)
        self.openings = Openings(turn, course, days, dials, length, faults, asides, mouth)
        self.answers = Answers(
            *(turn, course, dials, length, own_timer, marks),
            *(self.reminders, asides, mouth, book),
        )
        self.missed = Missed(turn, course, self.answers, self.reminders, mouth)
        self.tuning = Tuning(turn, course, dials, strokes, marks, asides)
        self._preparation_seconds = manner.preparation_seconds
        self._came_from: State | None = None
        """The state before the present one."""
        self.entries = 0
        """How many states have been entered."""

    @property
    def state(self) -> State:
        """The present state; the machine reads and sets it."""
        return self.course.state

    @state.setter
    def state(self, state: State) -> None:
        self._came_from = getattr(self.course, "state", None)
        self.course.state = state

    # Moves and guards that need several parts.

    def take_routine(self) -> None:
        self._take(self.course.when)

    def take_evening(self) -> None:
        self._take(When.EVENING)

    def take_morning(self) -> None:
        self._take(When.MORNING)

    def take_first(self) -> None:
        self.course.want(next(iter(self.course.library)), None)
        self.take_routine()

    def take_kept(self) -> None:
        latest = self.course.memory.latest
        assert latest
        self.course.want(latest.routine_id, None)
        self.take_routine()

    def begin(self) -> None:
        self.length.restart()
        self.course.begin()

    def keep_rest(self) -> None:
        if self.state is not State.PAUSED:
            self.marks.keep_rest()
            self.length.stop_clock()

    def no_time_for_next(self) -> bool:
        pace = self.strokes.pace
        return self.length.no_time_for_next(is_cut=pace is not None and pace.is_cut)

    def waits_for_own_timer(self) -> bool:
        """Whether the session would otherwise end before the person's own timer does."""
        is_last = self.state is State.CLOSING and not self.sleep.stays()
        return is_last and self.own_timer.is_on

    def was_only_reminded(self) -> bool:
        """Whether a reminder led here, not a call; a person who puts it off is left in peace."""

        return self._came_from is State.REMINDING

    def undo_leads_to_day(self) -> bool:
        """Whether "undo" would go back to the offer of a day that is still to be done."""
        before = self.marks.top()
        return (
            isinstance(before, Mark)
            and before.state is State.DAY
            and self.persons.has_day(before.person)
        )

    # On entering a state.

    def ask_which(self) -> None:
        self._enter()
        self.openings.ask_which()

    def offer_day(self) -> None:
        self._enter()
        self.openings.offer_day()

    def tell_reminder(self) -> None:
        self._enter()
        self.openings.tell_reminder()

    def ask_hour(self) -> None:
        self._enter()
        self.openings.ask_hour()

    def offer_place(self) -> None:
        self._enter()
        self.openings.offer_place()

    def introduce(self) -> None:
        self._enter()
        self.openings.introduce()

    def tell(self) -> None:
        tap = self.rinse.take_words()
        mark = self._enter()
        course = self.course
        course.keep()
        sentences = told(course.current, course.position, self.dials.beat)
        if sentences:
            index = min(mark.sentence_index, len(sentences) - 1) if mark else 0
            wait = 0.0 if mark else self._prepare()
            start = self.turn.now + wait if wait else None
            self.mouth.narrate(sentences, greeting=tap, index=index, at_seconds=start)
        else:
            self.alarms.set(Alarm.TOLD, self.turn.now + (0.0 if mark else self._prepare()))
        self.dials.prepare_from(course.position)

    def pace(self) -> None:
        mark = self._enter()
        if mark:
            self.course.keep()
        self.strokes.take_up(mark.held_seconds if mark else 0.0, resuming=mark is not None)

    def wait(self) -> None:
        mark = self._enter()
        if mark:
            self.course.keep()
        self.rinse.begin()
        words = self.reminders.wait(mark.timer_left if mark else None)
        if mark:
            self.mouth.note(words, self.turn.speech_start)

    def rest(self) -> None:
        self._enter()
        self.reminders.set_alarm()

    def say_stopped(self) -> None:
        self._enter()
        unkept = self.faults.keeps_nothing or self.course.person == GUEST
        kept = wording.STOPPED_UNKEPT if unkept else wording.STOPPED
        # "Not yet" is heard here only where the guide has reminded of a routine.
        later = self.turn.command in PUT_OFF
        early = wording.LATER if later else wording.STOPPED_EARLY
        self.mouth.narrate([kept if self.marks.has_rest else early])
        self.reminders.linger_for_undo()

    def close(self) -> None:
        self._enter()
        course, command = self.course, self.turn.command
        # A person who skips to the end may have done no zone today.
        skipped = command is Command.SKIP_ZONE
        is_last_day = not skipped and self.days.count()
        course.forget_place()
        softly = self.strokes.rode_on_breath and not command
        start = self.turn.now + SOFT_CLOSE_SECONDS if softly else None
        streak = () if skipped else wording.streak(course.memory.streak)
        end = (wording.LAST_DAY,) if is_last_day else ()
        timer = self.own_timer.told_left()
        last = (*(course.current.closing or (wording.CLOSING,)), *streak, *end, *timer)
        self.mouth.narrate(last, at_seconds=start)
        if command:
            self.reminders.linger_for_undo()

    def rest_awake(self) -> None:
        self._enter()
        self._forget_session()

    def fall_asleep(self) -> None:
        self._enter()
        self._forget_session()
        self.persons.forget()
        self.mouth.forget_notices()

    def finish(self) -> None:
        self._enter()
        self.turn.do(Finish())

    def _enter(self) -> Mark | None:
        """Do what every state begins with.

        Returns:
            The mark that the state goes back to, or None where it begins anew.
        """
        self.turn.hush()
        self.entries += 1
        self.dials.speak_up()
        self.alarms.clear()
        self.mouth.silence()
        self.sleep.set_alarm()
        if self.state in RUNNING:
            self.length.run_clock()
        self.strokes.leave()
        self.rinse.take_words()  # these words belong to the state that the tap led to
        self.answers.begin_anew()
        self.reminders.begin_anew()
        self.missed.begin_anew()
        return self.marks.take_reopened()

    def _prepare(self) -> float:
        """Seconds for the person to get ready before the first step; ticks mark the last ones."""
        seconds = self._preparation_seconds if self._came_from in ASKING else 0.0
        now = self.turn.now
        self.turn.do(*last_ticks(now + seconds, now))
        return seconds

    def _take(self, when: When | None) -> None:
        self.course.take(when)
        self.dials.fit(self.course.current)
        self.length.restart()

    def _forget_session(self) -> None:
        """Forget what was said and chosen in the last session."""
        self.course.forget()
        self.length.forget()
        self.marks.forget()
        self.reminders.forget()
