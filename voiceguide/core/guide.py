"""The model that the table drives: its guards and callbacks change the session and collect effects.

No clock and no I/O: ``now`` is set before a trigger fires. Callbacks are named unlike any
trigger, because a method with a trigger's name would silently keep the trigger from being bound.
"""

from collections.abc import Mapping
from enum import Enum

from voiceguide.core import pacing, wording
from voiceguide.core.commands import Command, Phrasebook
from voiceguide.core.effects import (
    Cue,
    Effect,
    Finish,
    ForgetPlace,
    Hush,
    KeepPlace,
    KeepPreferences,
    PlayCue,
    Prepare,
    Say,
    SetSpeechRate,
    SetVolume,
)
from voiceguide.core.events import Fault
from voiceguide.core.pacing import GAP_SECONDS, LEAD_IN_SECONDS, Pace
from voiceguide.core.preferences import Memory, Preferences, changed
from voiceguide.core.progress import (
    Position,
    following,
    following_section,
    place_of,
    position_of,
    preceding,
    seconds_left,
    told,
)
from voiceguide.core.routine import Mode, Routine, Step
from voiceguide.core.speaking import Mouth
from voiceguide.core.table import State, live_commands
from voiceguide.core.undoing import Mark, UndoStack

UNDO_SECONDS = 12.0
"""How long the guide lingers after "stop" or a skipped end, so that it can be taken back."""
CLOSING_SECONDS = 2.0
"""How long it lingers after the last words of a routine that came to its end by itself."""
REMIND_SECONDS = 20.0
"""The first gentle reminder; each following one comes after twice the time."""
PAUSED_REMIND_SECONDS = 60.0
GRACE_SECONDS = 1.0
"""A word said just before the guide led on by itself is understood up to this much later, and
nobody who has heard the new step for so short a time can want to leave it."""
DEAF_FACTOR = 1.5
"""Without ears a wait for a word ends after this many times the usual time."""
DEAF_SECONDS = 15.0
"""Without ears a question answers itself after this time."""
TIMER_MARKS_SECONDS = (300, 120, 60, 30, 10)
"""Time left at which a timer says so, where that is at most two thirds of it."""
EARS = frozenset({Fault.MICROPHONE, Fault.RECOGNISER})
PREPARED_STEPS = 3
"""Steps rendered ahead, the present one included."""


class Alarm(Enum):
    """Why the session wants to be called at a time."""

    STROKE = "stroke"
    REMIND = "remind"
    TIMER = "timer"
    MARK = "mark"
    LINGER = "linger"
    TOLD = "told"


class Guide:
    """Everything that changes during a session. ``state`` is set by the machine."""

    state: State

    def __init__(
        self,
        library: Mapping[str, Routine],
        book: Phrasebook,
        memory: Memory,
        preferences: Preferences,
        named: str | None,
    ) -> None:
        self.library = library
        self.book = book
        self.memory = memory
        self.preferences = preferences
        self.named = named
        """The routine the person asked for before the session began."""
        self.wanted = named
        """The routine that a ``choose`` is about."""
        self.command: Command | None = None
        """The command being obeyed; None when time passed or a sentence ended."""
        self.now = 0.0
        self.effects: list[Effect] = []
        self.alarms: dict[Alarm, float] = {}
        self.mouth = Mouth()
        self.undone = UndoStack()
        self.routine: Routine | None = None
        self.position = Position()
        self.active: Pace | None = None
        self.rest_mark: Mark | None = None
        """What a pause or a stop interrupted."""
        self.reopened: Mark | None = None
        """What the state being entered goes back to, instead of beginning anew."""
        self.remind_after = REMIND_SECONDS
        self.opening = False
        """Whether the session is being started: its first word need not wait for anything."""
        self.broken: set[Fault] = set()
        self.entries = 0
        """How many states have been entered."""
        self.led_on_at: float | None = None
        """When the guide last led on by itself, until a word moves something."""
        self.help_page = 0

    # What the session asks of it.

    @property
    def current(self) -> Routine:
        """The chosen routine; only asked where there is one."""
        assert self.routine is not None
        return self.routine

    @property
    def step(self) -> Step:
        """The present step."""
        return self.position.step(self.current)

    @property
    def deaf(self) -> bool:
        """Whether no word can be heard."""
        return not self.broken.isdisjoint(EARS)

    def do(self, *effects: Effect) -> None:
        """Collect effects."""
        self.effects.extend(effects)

    def hush(self) -> None:
        """Cut off what sounds, and words that were collected but not yet handed out."""
        self.effects = [effect for effect in self.effects if not isinstance(effect, Say)]
        self.do(Hush())

    def mark(self) -> Mark:
        """Where everything stands now; changes nothing."""
        position, held = self.position, 0.0
        if self.active and self.state is State.PACING:
            done, held = self.active.standing(self.now)
            position = Position(position.section_index, position.step_index, done)
        timer = self.alarms.get(Alarm.TIMER)
        return Mark(
            state=self.state,
            routine=self.routine,
            position=position,
            sentence_index=self.mouth.sentence_index,
            held_seconds=held,
            timer_left=None if timer is None else max(1.0, timer - self.now),
            rest_mark=self.rest_mark,
            kept=self.memory.place(self.routine.id) if self.routine else None,
        )

    def aside(self, *sentences: str) -> None:
        """Say something in between; what was going on stands still and then goes on."""
        self._stand_still()
        self.hush()
        self.do(*self.mouth.aside(sentences, self._speech_start()))

    def notice(self, sentence: str) -> None:
        """Say what must be heard to its end, like an aside; it waits for the end of another."""
        if not self.mouth.in_aside:
            self._stand_still()
            self.hush()
        self.do(*self.mouth.notice(sentence, self._speech_start()))

    def return_to_notice(self) -> None:
        """Say a notice again that was cut off, where nothing else leads back to it."""
        if self.mouth.owes_notice:
            self.aside()

    def go_on_after_aside(self) -> None:
        """Take up what an aside interrupted."""
        if self.mouth.narration_left:
            self.do(*self.mouth.take_up(self.now + GAP_SECONDS))
        elif self.state is State.PACING:
            self._begin_side(resuming=False)
        elif self.state in (State.STOPPING, State.CLOSING):
            self.set_linger()
        elif self.alarms.keys().isdisjoint({Alarm.TIMER, Alarm.TOLD}):
            self.set_reminder()

    def set_linger(self) -> None:
        """End a while after the last words, longer where a word led here: it can be undone."""
        until = self.alarms.get(Alarm.LINGER, 0.0)
        self.alarms[Alarm.LINGER] = max(until, self.now + CLOSING_SECONDS)

    def set_reminder(self) -> None:
        """Schedule a reminder; without ears, the time after which the wait ends by itself."""
        after = self.remind_after
        if self.deaf and self.state is State.PAUSED:
            after = PAUSED_REMIND_SECONDS
        elif self.deaf:
            wait = self.step.wait if self.state is State.WAITING else None
            after = max(DEAF_SECONDS, wait.about_seconds * DEAF_FACTOR) if wait else DEAF_SECONDS
        self.alarms[Alarm.REMIND] = self.now + after

    def begin_strokes(self, from_seconds: float) -> None:
        """Set the first onset a lead-in after the last word."""
        if self.active:
            self.active.begin(from_seconds + LEAD_IN_SECONDS)
        self.set_stroke_alarm()

    def set_stroke_alarm(self) -> None:
        """Ask to be called for the following onset."""
        alarm = self.active.next_alarm() if self.active else None
        if alarm is not None:
            self.alarms[Alarm.STROKE] = alarm

    def set_timer_mark(self) -> None:
        """Ask to be called when the timer has something to say."""
        whole = self.step.wait.timer_seconds if self.step.wait else None
        end = self.alarms.get(Alarm.TIMER)
        if whole is None or end is None:
            return
        for left in TIMER_MARKS_SECONDS:
            if left <= whole * 2 / 3 and end - left > self.now:
                self.alarms[Alarm.MARK] = end - left
                return

    def reminder(self) -> str:
        """What is said when a person has been silent for long."""
        return {
            State.CHOOSING: wording.WHICH_REMINDER,
            State.OFFERING: wording.OFFER_REMINDER,
            State.READY: wording.READY,
            State.PAUSED: wording.PAUSED_REMINDER,
        }.get(self.state) or wording.reminder(self.step)

    # Guards: pure, they may run twice.

    def just_led_on(self) -> bool:
        return self.led_on_at is not None and self.now - self.led_on_at <= GRACE_SECONDS

    def wanted_has_place(self) -> bool:
        return self.kept_position(self.wanted) is not None

    def routine_was_named(self) -> bool:
        return self.named is not None

    def has_next(self) -> bool:
        return following(self.current, self.position) is not None

    def has_next_zone(self) -> bool:
        return following_section(self.current, self.position) is not None

    def step_is_paced(self) -> bool:
        return self.step.mode in (Mode.STROKE, Mode.HOLD)

    def step_waits(self) -> bool:
        return self.step.mode is Mode.WAIT

    def was_pacing(self) -> bool:
        return self.rest_mark is not None and self.rest_mark.state is State.PACING

    def was_waiting(self) -> bool:
        return self.rest_mark is not None and self.rest_mark.state is State.WAITING

    def was_telling(self) -> bool:
        return self.rest_mark is not None and self.rest_mark.state is State.TELLING

    def nothing_to_undo(self) -> bool:
        return self.undone.top(self.now) is None

    def setting_to_undo(self) -> bool:
        return isinstance(self.undone.top(self.now), Preferences)

    def _undo_leads_to(self, state: State) -> bool:
        top = self.undone.top(self.now)
        return isinstance(top, Mark) and top.state is state

    def undo_leads_to_choosing(self) -> bool:
        return self._undo_leads_to(State.CHOOSING)

    def undo_leads_to_offering(self) -> bool:
        return self._undo_leads_to(State.OFFERING)

    def undo_leads_to_ready(self) -> bool:
        return self._undo_leads_to(State.READY)

    def undo_leads_to_pacing(self) -> bool:
        return self._undo_leads_to(State.PACING)

    def undo_leads_to_waiting(self) -> bool:
        return self._undo_leads_to(State.WAITING)

    def undo_leads_to_paused(self) -> bool:
        return self._undo_leads_to(State.PAUSED)

    def undo_leads_to_closing(self) -> bool:
        return self._undo_leads_to(State.CLOSING)

    # Moves: run before the state is left.

    def take_routine(self) -> None:
        assert self.wanted
        self.routine = self.library[self.wanted]
        self.position = Position()
        if self.command:
            self.named = self.wanted

    def take_first(self) -> None:
        self.wanted = next(iter(self.library))
        self.take_routine()

    def take_kept(self) -> None:
        assert self.memory.latest
        self.wanted = self.memory.latest.routine_id
        self.take_routine()

    def go_to_place(self) -> None:
        kept = self.kept_position(self.current.id) or Position()
        # A step is told anew and done whole even when some of its strokes were: it was long ago.
        self.position = Position(kept.section_index, kept.step_index)

    def begin(self) -> None:
        self.position = Position()

    def advance(self) -> None:
        self.position = following(self.current, self.position) or self.position
        self.led_on_at = None if self.command else self.now

    def stay(self) -> None:
        self.led_on_at = None

    def retreat(self) -> None:
        self.position = preceding(self.current, self.position)

    def restart_step(self) -> None:
        self.position = Position(self.position.section_index, self.position.step_index)

    def restart_zone(self) -> None:
        self.position = Position(self.position.section_index)

    def skip_to_zone(self) -> None:
        self.position = following_section(self.current, self.position) or self.position

    def go_on(self) -> None:
        assert self.rest_mark
        self.reopened = self.rest_mark
        self.position = self.rest_mark.position

    def undo_move(self) -> None:
        mark = self.undone.pop()
        assert isinstance(mark, Mark)
        self.reopened = mark
        self.routine = mark.routine
        self.position = mark.position
        self.rest_mark = mark.rest_mark
        if mark.kept:
            self.do(KeepPlace(mark.kept))

    def undo_setting(self) -> None:
        before = self.undone.pop()
        assert isinstance(before, Preferences)
        self._prefer(before)

    def keep_rest(self) -> None:
        if self.state is not State.PAUSED:
            self.rest_mark = self.mark()
            self.position = self.rest_mark.position

    def forget_rest(self) -> None:
        self.rest_mark = None

    # Entering a state.

    def ask_which(self) -> None:
        self._enter()
        self.routine = None
        self._ask(wording.WHICH)

    def offer_place(self) -> None:
        self._enter()
        kept = self.kept_position(self.current.id) or Position()
        self._ask(*wording.offer(self.current, kept.section(self.current)))
        self._prepare_from(kept)

    def introduce(self) -> None:
        self._enter()
        self._ask(*wording.introduction(self.current, self._seconds_left(Position())))
        self._prepare_from(Position())

    def tell(self) -> None:
        mark = self._enter()
        self.do(KeepPlace(place_of(self.current, self.position)))
        sentences = told(self.current, self.position)
        if sentences:
            index = min(mark.sentence_index, len(sentences) - 1) if mark else 0
            self.do(*self.mouth.narrate(sentences, self._speech_start(), index))
        else:
            self.alarms[Alarm.TOLD] = self.now
        self._prepare_from(self.position)

    def pace(self) -> None:
        mark = self._enter()
        if mark:
            self.do(KeepPlace(place_of(self.current, self.position)))
        held = mark.held_seconds if mark else 0.0
        self.active = Pace(self.step, self.position.strokes_done, held)
        self._prepare_strokes()
        self._begin_side(resuming=mark is not None)

    def wait(self) -> None:
        mark = self._enter()
        if mark:
            self.do(KeepPlace(place_of(self.current, self.position)))
        wait = self.step.wait
        if wait and wait.timer_seconds:
            left = mark.timer_left if mark and mark.timer_left else wait.timer_seconds
            self.alarms[Alarm.TIMER] = self.now + left
            self.set_timer_mark()
            words = wording.seconds_left(round(left))
        else:
            self.set_reminder()
            words = self.reminder()
        if mark:
            self.do(*self.mouth.note(words, self._speech_start()))

    def rest(self) -> None:
        self._enter()
        self.remind_after = PAUSED_REMIND_SECONDS
        self.set_reminder()

    def say_stopped(self) -> None:
        self._enter()
        kept = wording.STOPPED_UNKEPT if Fault.DISK in self.broken else wording.STOPPED
        self._ask(kept if self.rest_mark else wording.STOPPED_EARLY)
        self.alarms[Alarm.LINGER] = self.now + UNDO_SECONDS

    def close(self) -> None:
        self._enter()
        self.do(ForgetPlace(self.current.id))
        self._ask(*(self.current.closing or (wording.CLOSING,)))
        if self.command:
            self.alarms[Alarm.LINGER] = self.now + UNDO_SECONDS

    def finish(self) -> None:
        self._enter()
        self.do(Finish())

    # Commands that move nothing.

    def say_again(self) -> None:
        self.hush()
        self.do(*self.mouth.again(self._speech_start()))

    def say_nothing_to_undo(self) -> None:
        self.aside(wording.NOTHING_TO_UNDO)

    def change_preference(self) -> None:
        assert self.command
        before = self.preferences
        after, limit = changed(before, self.command)
        if after != before:
            self.undone.push(self.now, before)
            self._prefer(after)
        if limit:
            self.aside(limit)

    def answer_help(self) -> None:
        names = tuple(routine.name for routine in self.library.values())
        live = live_commands(self.state)
        page, self.help_page = self.help_page, self.help_page + 1
        self.aside(wording.help_words(self.state, live, self.book, names, page))

    def answer_why(self) -> None:
        section = self.position.section(self.current)
        reasons = [self.step.why, section.why, self.current.why]
        if self.state is State.READY:
            reasons.reverse()
        self.aside(*next(filter(None, reasons), (wording.NO_REASON,)))

    def answer_where(self) -> None:
        section = self.position.section(self.current)
        if self.state is State.READY:
            self.aside(wording.at_beginning(self.current))
            return
        pacing_now = self.state is State.PACING
        resting = self.state is State.PAUSED and self.was_pacing()
        done = self.mark().position.strokes_done if pacing_now or resting else None
        self.aside(wording.where(self.current, section, self.step, done))

    def answer_how_long(self) -> None:
        mark = self.rest_mark if self.state is State.PAUSED else self.mark()
        assert mark
        at = mark.position
        if self.state is State.OFFERING:
            at = self.kept_position(self.current.id) or at
        is_told = mark.state in (State.PACING, State.WAITING)
        left = self._seconds_left(at, is_told)
        if mark.timer_left and self.step.wait and self.step.wait.timer_seconds:
            left -= self.step.wait.timer_seconds - mark.timer_left
        self.aside(wording.how_long(left))

    # Shared by the above.

    def kept_position(self, routine_id: str | None) -> Position | None:
        """Where a routine was left, unless that was its very beginning."""
        place = self.memory.place(routine_id) if routine_id else None
        routine = self.library.get(routine_id) if routine_id else None
        position = position_of(routine, place) if routine and place else None
        if position is None or (position.section_index, position.step_index) == (0, 0):
            return None
        return position

    def _enter(self) -> Mark | None:
        """Everything that a state begins with; returns the mark it goes back to, if it does."""
        self.hush()
        self.entries += 1
        self.alarms.clear()
        self.mouth.silence()
        self.active = None
        self.help_page = 0
        self.remind_after = REMIND_SECONDS
        mark, self.reopened = self.reopened, None
        return mark

    def _stand_still(self) -> None:
        if self.active and self.state is State.PACING:
            done, held = self.active.standing(self.now)
            self.active = Pace(self.active.step, done, held)
            self.alarms.pop(Alarm.STROKE, None)

    def _ask(self, *sentences: str) -> None:
        self.do(*self.mouth.narrate(sentences, self._speech_start()))

    def _speech_start(self) -> float:
        if self.opening:
            return self.now + pacing.OPENING_SECONDS
        return self.now + (pacing.EARCON_SECONDS if self.command else GAP_SECONDS)

    def _begin_side(self, resuming: bool) -> None:
        """Say which side comes, or how many strokes are left, then begin."""
        pace = self.active
        assert pace
        words = pacing.side_words(pace.step, pace.side_index) if pace.is_fresh else ""
        if resuming and not words:
            words = wording.resumed(pace.step, pace.side, pace.count - pace.done)
        if words:
            self._ask(words)
        else:
            self.begin_strokes(self.now)

    def finish_side(self) -> bool:
        """Go to the other side of the step, if there is one left."""
        if self.active and self.active.next_side():
            self.do(PlayCue(Cue.SIDE, self.now))
            self._begin_side(resuming=False)
            return True
        return False

    def _prefer(self, after: Preferences) -> None:
        before, self.preferences = self.preferences, after
        if after.words_per_minute != before.words_per_minute:
            self.do(SetSpeechRate(after.words_per_minute))
            if self.routine:
                self._prepare_from(self.position)
        if after.gain_db != before.gain_db:
            self.do(SetVolume(after.gain_db))
        self.do(KeepPreferences(after.tempo, after.words_per_minute, after.gain_db))

    def _speech(self, text: str) -> float:
        return pacing.estimate_speech_seconds(text, self.preferences.words_per_minute)

    def _seconds_left(self, position: Position, is_told: bool = False) -> float:
        tempo = self.preferences.tempo
        return seconds_left(self.current, position, tempo, self._speech, is_told)

    def _prepare_from(self, position: Position) -> None:
        texts: list[str] = []
        at: Position | None = position
        for _ in range(PREPARED_STEPS):
            if at is None:
                texts += self.current.closing or (wording.CLOSING,)
                break
            texts += told(self.current, at)
            at = following(self.current, at)
        fixed = (wording.LAST_ONE, wording.STOPPED, *wording.FAULTS.values())
        self.do(Prepare((*texts, *fixed)))

    def _prepare_strokes(self) -> None:
        assert self.active
        step = self.active.step
        words = [pacing.side_words(step, index) for index in range(len(step.sides))]
        if step.stroke and step.stroke.count_aloud:
            words += [wording.number(count) for count in range(1, step.stroke.count)]
        self.do(Prepare((*filter(None, words), wording.LAST_ONE)))
        if at := following(self.current, self.position):
            self._prepare_from(at)
