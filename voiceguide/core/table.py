"""The one table: every state, every edge, and so which command is live where.

The recogniser's grammar, the spoken help, the diagram in the docs and the tests are all made
from it. Triggers are either a ``Command``'s value (a person asked) or one of ``INNER`` (time
passed or a sentence ended). Callbacks and guards are named as ``Guide`` has them: by the part that
does it and its method, or by a method of the guide alone where several parts are needed.
"""

from enum import StrEnum
from typing import Any

from voiceguide.core.commands import Command


class State(StrEnum):
    """Where a session stands; two states differ in what can be said in them."""

    CHOOSING = "choosing"
    """The guide asked which routine."""
    DAY = "day"
    """The guide offered the routine of the day, of the programme that the person follows."""
    REMINDING = "reminding"
    """The guide spoke by itself, at the time that the person chose, and asked whether to begin."""
    HOUR = "hour"
    """The guide asked whether it is evening, for a routine that differs by that."""
    OFFERING = "offering"
    """The guide asked whether to go on from the kept place."""
    READY = "ready"
    """A routine is chosen; the guide waits for the word to begin."""
    TELLING = "telling"
    """A step is being told."""
    PACING = "pacing"
    """Strokes or a hold are being paced."""
    WAITING = "waiting"
    """The person does something; a word or a timer ends it."""
    PAUSED = "paused"
    """Everything stands still."""
    STOPPING = "stopping"
    """Stopped; can still be taken back."""
    CLOSING = "closing"
    """The last words, and a while in which they can be taken back."""
    IDLE = "idle"
    """Between two sessions of a guide that stays: a routine's name begins the next."""
    ASLEEP = "asleep"
    """A guide that stays hears nothing but its being called."""
    ENDED = "ended"
    """Nothing is live any more."""


INNER = frozenset(
    {"told", "paced", "waited", "rejoin", "today", "remind", "over", "interrupt", "drowsy"}
)
"""Triggers that no command fires: a step was told, its strokes were paced, its wait is over,
the kept place is gone back to, the routine of the day is offered, a reminder is due, the last
words have faded, the system asks to end, no word was said for long."""

ASKING = (State.CHOOSING, State.DAY, State.REMINDING, State.HOUR, State.OFFERING, State.READY)
UNDERWAY = (State.TELLING, State.PACING, State.WAITING, State.PAUSED)
RUNNING = (State.TELLING, State.PACING, State.WAITING)
RESTING = (State.IDLE, State.ASLEEP)
LIVE = tuple(state for state in State if state not in (*RESTING, State.ENDED))
"""Within a session."""

STATES: list[dict[str, Any]] = [
    {"name": State.CHOOSING, "on_enter": "ask_which"},
    {"name": State.DAY, "on_enter": "offer_day"},
    {"name": State.REMINDING, "on_enter": "tell_reminder"},
    {"name": State.HOUR, "on_enter": "ask_hour"},
    {"name": State.OFFERING, "on_enter": "offer_place"},
    {"name": State.READY, "on_enter": "introduce"},
    {"name": State.TELLING, "on_enter": "tell"},
    {"name": State.PACING, "on_enter": "pace"},
    {"name": State.WAITING, "on_enter": "wait"},
    {"name": State.PAUSED, "on_enter": "rest"},
    {"name": State.STOPPING, "on_enter": "say_stopped"},
    {"name": State.CLOSING, "on_enter": "close"},
    {"name": State.IDLE, "on_enter": "rest_awake"},
    {"name": State.ASLEEP, "on_enter": "fall_asleep"},
    {"name": State.ENDED, "on_enter": "finish"},
]


def _row(
    trigger: str,
    source: State | tuple[State, ...],
    dest: State | None,
    before: str | None = None,
    conditions: str | None = None,
) -> dict[str, Any]:
    return {
        "trigger": str(trigger),
        "source": list(source) if isinstance(source, tuple) else source,
        "dest": dest,
        "before": before,
        "conditions": conditions,
    }


S = State
C = Command
PUT_OFF = frozenset({C.LATER, C.NOT_YET})
"""What puts a reminder off."""
UNASKED = (S.DAY, S.REMINDING)
"""A routine is offered that nobody has named."""
CHOOSABLE = (S.CHOOSING, S.DAY, S.REMINDING, S.OFFERING, S.READY, S.CLOSING, S.IDLE)
TABLE: list[dict[str, Any]] = [
    # Which routine, and from where.
    _row(C.WAKE, RESTING, S.DAY, None, "days.has_day"),
    _row(C.WAKE, RESTING, S.CHOOSING),
    # Who is there. Whoever was asked about a routine is asked about it in their own way.
    _row(C.PERSON, (S.OFFERING, S.READY), S.OFFERING, "take_routine", "course.wanted_has_place"),
    _row(C.PERSON, (S.OFFERING, S.READY), S.READY, "take_routine", "course.wanted_is_there"),
    _row(C.PERSON, (*ASKING, S.CLOSING, S.IDLE), S.DAY, None, "days.has_day"),
    _row(C.PERSON, (*ASKING, S.CLOSING, S.IDLE), S.CHOOSING),
    _row(C.CHOOSE, CHOOSABLE, S.HOUR, None, "course.hour_matters"),
    _row(C.CHOOSE, CHOOSABLE, S.OFFERING, "take_routine", "course.wanted_has_place"),
    _row(C.CHOOSE, CHOOSABLE, S.READY, "take_routine"),
    *(
        row
        for agrees in (C.YES, C.OKAY)
        for row in (
            _row(agrees, S.REMINDING, S.CHOOSING, None, "days.has_no_day"),
            _row(agrees, (S.DAY, S.REMINDING), S.HOUR, None, "course.hour_matters"),
            _row(
                agrees, (S.DAY, S.REMINDING), S.OFFERING, "take_routine", "course.wanted_has_place"
            ),
            _row(agrees, (S.DAY, S.REMINDING), S.READY, "take_routine"),
        )
    ),
    _row(C.NO, S.DAY, S.CHOOSING),
    _row(C.NO, S.REMINDING, S.STOPPING, "marks.forget_rest"),
    _row(C.LATER, S.REMINDING, S.STOPPING, "marks.forget_rest"),
    _row(C.NOT_YET, S.REMINDING, S.STOPPING, "marks.forget_rest"),
    _row(C.NOT_TODAY, S.REMINDING, S.STOPPING, "marks.forget_rest"),
    _row(C.YES, S.HOUR, S.OFFERING, "take_evening", "course.evening_has_place"),
    _row(C.YES, S.HOUR, S.READY, "take_evening"),
    _row(C.NO, S.HOUR, S.OFFERING, "take_morning", "course.morning_has_place"),
    _row(C.NO, S.HOUR, S.READY, "take_morning"),
    _row(C.YES, S.OFFERING, S.TELLING, "course.go_to_place"),
    _row(C.OKAY, S.OFFERING, S.TELLING, "course.go_to_place"),
    _row(C.YES, S.READY, S.TELLING, "begin"),
    _row(C.NO, S.OFFERING, S.READY, None, "course.routine_was_named"),
    _row(C.NO, S.OFFERING, S.CHOOSING),
    _row(C.START, S.OFFERING, S.TELLING, "course.go_to_place"),
    _row(C.START, S.READY, S.TELLING, "begin"),
    _row(C.RESUME, S.OFFERING, S.TELLING, "course.go_to_place"),
    _row(C.NEXT, S.READY, S.TELLING, "begin"),
    # Through the routine. "Go" while a step is told cuts to what it asks for.
    # A word that came too late for the step it was meant for: see ``GRACE_SECONDS``.
    _row(C.START, S.TELLING, None, "course.stay", "course.just_led_on"),
    _row(C.NEXT, S.TELLING, None, "course.stay", "course.just_led_on"),
    _row(C.REPEAT, S.TELLING, S.TELLING, "course.retreat", "course.just_led_on"),
    _row(C.START, S.TELLING, S.PACING, None, "course.step_is_paced"),
    _row(C.START, S.TELLING, S.WAITING, None, "course.step_waits"),
    _row(C.START, (S.TELLING, S.WAITING), S.TELLING, "course.advance", "course.has_next"),
    _row(C.START, (S.TELLING, S.WAITING), S.CLOSING),
    _row(C.NEXT, UNDERWAY, S.TELLING, "course.advance", "course.has_next"),
    _row(C.NEXT, UNDERWAY, S.CLOSING),
    _row(C.BACK, UNDERWAY, S.TELLING, "course.retreat"),
    _row(C.BACK, S.CLOSING, S.TELLING, "course.restart_step"),
    _row(C.REPEAT, UNDERWAY, S.TELLING, "course.restart_step"),
    _row(C.REPEAT, (*ASKING, S.STOPPING, S.CLOSING), None, "answers.say_again"),
    _row(C.REPEAT_ZONE, (*UNDERWAY, S.CLOSING), S.TELLING, "course.restart_zone"),
    _row(C.SKIP_ZONE, UNDERWAY, S.TELLING, "course.skip_to_zone", "course.has_next_zone"),
    _row(C.SKIP_ZONE, UNDERWAY, S.CLOSING),
    _row(C.START_OVER, S.OFFERING, S.READY),
    _row(C.START_OVER, (*UNDERWAY, S.CLOSING), S.TELLING, "begin"),
    # Standing still, ending, taking back.
    _row(C.PAUSE, RUNNING, S.PAUSED, "keep_rest"),
    _row(C.RESUME, (S.PAUSED, S.STOPPING), S.PACING, "marks.go_on", "marks.was.pacing"),
    _row(C.RESUME, (S.PAUSED, S.STOPPING), S.WAITING, "marks.go_on", "marks.was.waiting"),
    _row(C.RESUME, S.PAUSED, S.TELLING, "marks.go_on"),
    _row(C.RESUME, S.STOPPING, S.TELLING, "marks.go_on", "marks.was.telling"),
    _row(C.RESUME, S.STOPPING, S.CHOOSING),
    _row(C.RESUME, S.WAITING, S.TELLING, "course.advance", "course.has_next"),
    _row(C.RESUME, S.WAITING, S.CLOSING),
    _row(C.START, S.PAUSED, S.PACING, "marks.go_on", "marks.was.pacing"),
    _row(C.START, S.PAUSED, S.WAITING, "marks.go_on", "marks.was.waiting"),
    _row(C.START, S.PAUSED, S.TELLING, "marks.go_on"),
    _row(C.STOP, ASKING, S.STOPPING, "marks.forget_rest"),
    _row(C.STOP, UNDERWAY, S.STOPPING, "keep_rest"),
    _row(C.STOP, (S.STOPPING, S.CLOSING), S.ASLEEP, None, "sleep.stays"),
    _row(C.STOP, (S.STOPPING, S.CLOSING), S.ENDED),
    _row(C.STOP, S.IDLE, S.ASLEEP),
    _row(C.UNDO, LIVE, None, "answers.nothing_to_undo", "marks.nothing_to_undo"),
    _row(C.UNDO, LIVE, None, "tuning.undo", "marks.setting_to_undo"),
    _row(C.UNDO, LIVE, S.CHOOSING, "marks.undo_move", "marks.undo_leads_to.choosing"),
    _row(C.UNDO, LIVE, S.DAY, "marks.undo_move", "undo_leads_to_day"),
    _row(C.UNDO, LIVE, S.CHOOSING, "marks.undo_move", "marks.undo_leads_to.day"),
    _row(C.UNDO, LIVE, S.REMINDING, "marks.undo_move", "marks.undo_leads_to.reminding"),
    _row(C.UNDO, LIVE, S.HOUR, "marks.undo_move", "marks.undo_leads_to.hour"),
    _row(C.UNDO, LIVE, S.OFFERING, "marks.undo_move", "marks.undo_leads_to.offering"),
    _row(C.UNDO, LIVE, S.READY, "marks.undo_move", "marks.undo_leads_to.ready"),
    _row(C.UNDO, LIVE, S.PACING, "marks.undo_move", "marks.undo_leads_to.pacing"),
    _row(C.UNDO, LIVE, S.WAITING, "marks.undo_move", "marks.undo_leads_to.waiting"),
    _row(C.UNDO, LIVE, S.PAUSED, "marks.undo_move", "marks.undo_leads_to.paused"),
    _row(C.UNDO, LIVE, S.CLOSING, "marks.undo_move", "marks.undo_leads_to.closing"),
    _row(C.UNDO, LIVE, S.TELLING, "marks.undo_move"),
    # Settings: nothing moves.
    _row(C.SLOWER, (S.READY, *UNDERWAY), None, "tuning.change"),
    _row(C.FASTER, (S.READY, *UNDERWAY), None, "tuning.change"),
    _row(C.SPEAK_SLOWER, LIVE, None, "tuning.change"),
    _row(C.SPEAK_FASTER, LIVE, None, "tuning.change"),
    _row(C.LOUDER, LIVE, None, "tuning.change"),
    _row(C.QUIETER, LIVE, None, "tuning.change"),
    _row(C.BREATHING_ON, (S.READY, *UNDERWAY), None, "tuning.change_breathing"),
    _row(C.BREATHING_OFF, (S.READY, *UNDERWAY), None, "tuning.change_breathing"),
    # What people say instead of commands, each where it can mean one thing.
    _row(C.DONE, S.WAITING, S.TELLING, "course.advance", "course.has_next"),
    _row(C.DONE, S.WAITING, S.CLOSING),
    _row(C.OKAY, S.READY, S.TELLING, "begin"),
    _row(C.OKAY, S.WAITING, S.TELLING, "course.advance", "course.has_next"),
    _row(C.OKAY, S.WAITING, S.CLOSING),
    _row(C.OKAY, S.PAUSED, S.PACING, "marks.go_on", "marks.was.pacing"),
    _row(C.OKAY, S.PAUSED, S.WAITING, "marks.go_on", "marks.was.waiting"),
    _row(C.OKAY, S.PAUSED, S.TELLING, "marks.go_on"),
    _row(C.NOT_YET, (S.TELLING, S.PACING), S.PAUSED, "keep_rest"),
    _row(C.NOT_YET, S.WAITING, S.PAUSED, "keep_rest", "reminders.count_down"),
    _row(C.NOT_YET, (S.DAY, S.OFFERING, S.READY, S.WAITING, S.PAUSED), None, "answers.hold_on"),
    _row(C.THANKS, (S.STOPPING, S.CLOSING, S.IDLE), None, "answers.welcome"),
    # The whole explanation, for somebody to whom less is told by now.
    _row(C.EVERYTHING, S.READY, S.READY, "course.tell_everything"),
    _row(C.EVERYTHING, UNDERWAY, S.TELLING, "course.tell_everything"),
    # Questions: answered, then everything goes on where it was.
    _row(C.HELP, (*LIVE, S.IDLE), None, "answers.help"),
    _row(C.WHY, (S.READY, *UNDERWAY), None, "answers.why"),
    _row(C.WHERE, (S.READY, *UNDERWAY), None, "answers.where"),
    _row(C.HOW_LONG, (*UNASKED, S.OFFERING, S.READY, *UNDERWAY), None, "answers.how_long"),
    _row(C.WHATS_NEXT, (S.READY, *UNDERWAY), None, "answers.whats_next"),
    _row(C.SUPPLIES, (S.READY, *UNDERWAY), None, "answers.supplies"),
    _row(C.HOW_MANY, UNDERWAY, None, "answers.how_many"),
    _row(C.HOW_MUCH, UNDERWAY, None, "answers.how_much"),
    _row(C.WHICH_SIDE, UNDERWAY, None, "answers.which_side"),
    _row(C.WHAT, LIVE, None, "answers.what"),
    # A timer of one's own, beside everything.
    _row(C.TIMER, (S.READY, *UNDERWAY), None, "answers.start_timer"),
    _row(C.TIMER_OFF, (*LIVE, S.IDLE), None, "answers.stop_timer"),
    # Time passed.
    _row("told", S.TELLING, S.CLOSING, None, "length.time_is_up"),
    _row("told", S.TELLING, S.PACING, None, "course.step_is_paced"),
    _row("told", S.TELLING, S.WAITING, None, "course.step_waits"),
    _row("told", S.TELLING, S.CLOSING, None, "no_time_for_next"),
    _row("told", S.TELLING, S.TELLING, "course.advance", "course.has_next"),
    _row("told", S.TELLING, S.CLOSING),
    _row("paced", S.PACING, S.CLOSING, None, "no_time_for_next"),
    _row("paced", S.PACING, S.TELLING, "course.advance", "course.has_next"),
    _row("paced", S.PACING, S.CLOSING),
    _row("waited", S.CHOOSING, S.READY, "take_first"),
    _row("waited", S.DAY, S.READY, "take_routine"),
    _row("waited", S.HOUR, S.READY, "take_evening"),
    _row("waited", S.READY, S.TELLING, "begin"),
    _row("waited", S.OFFERING, S.TELLING, "course.go_to_place"),
    _row("waited", S.WAITING, S.CLOSING, None, "no_time_for_next"),
    _row("waited", S.WAITING, S.TELLING, "course.advance", "course.has_next"),
    _row("waited", S.WAITING, S.CLOSING),
    _row("waited", S.PAUSED, S.PACING, "marks.go_on", "marks.was.pacing"),
    _row("waited", S.PAUSED, S.WAITING, "marks.go_on", "marks.was.waiting"),
    _row("waited", S.PAUSED, S.TELLING, "marks.go_on"),
    _row("remind", S.ASLEEP, S.REMINDING),
    _row("today", S.CHOOSING, S.DAY, None, "days.has_day"),
    _row("rejoin", S.CHOOSING, S.OFFERING, "take_kept"),
    _row("over", S.STOPPING, S.ASLEEP, None, "was_only_reminded"),
    _row("over", (S.STOPPING, S.CLOSING), S.IDLE, None, "sleep.stays"),
    _row("over", (S.STOPPING, S.CLOSING), S.ENDED),
    _row("drowsy", (*ASKING, S.WAITING, S.PAUSED, S.IDLE), S.ASLEEP),
    _row("interrupt", (*LIVE, *RESTING), S.ENDED),
]
