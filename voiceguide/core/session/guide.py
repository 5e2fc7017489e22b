"""The model that the table drives: its guards, and the moves from place to place.

What is said on entering a state is in ``script``, what answers a question in ``answers``; the rooms
below are named in ``standing``. Callbacks are named unlike any trigger, because a method with a
trigger's name would silently keep the trigger from being bound.
"""

from voiceguide.core.effects import KeepPlace
from voiceguide.core.routine.routine import Mode
from voiceguide.core.session.preferences import Preferences
from voiceguide.core.session.script import Script
from voiceguide.core.session.undo import Mark
from voiceguide.core.table import State
from voiceguide.core.timeline.progress import Position, following, following_section, preceding

GRACE_SECONDS = 1.0
"""A word said just before the guide led on by itself is understood up to this much later, and
nobody who has heard the new step for so short a time can want to leave it."""


class Guide(Script):
    """One session's model."""

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
        return self.step.mode in (Mode.STROKE, Mode.HOLD, Mode.BREATHE)

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
        self.take(self.library[self.wanted])
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
        self.ends_at = None
        self.filling = None
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
        self.prefer(before)

    def keep_rest(self) -> None:
        if self.state is not State.PAUSED:
            self.rest_mark = self.mark()
            self.position = self.rest_mark.position
            self.stop_clock()

    def forget_rest(self) -> None:
        self.rest_mark = None
