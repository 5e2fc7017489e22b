"""Brings a session on virtual time into each of its states, for the screenplays."""

from collections.abc import Callable
from dataclasses import replace

from support.playing import Play, small_routine

from voiceguide.core.effects import Place
from voiceguide.core.events import DeadlineReached, TimeToRemind
from voiceguide.core.routine.programme import Programme, Standing
from voiceguide.core.routine.routine import (
    Breathe,
    Conditions,
    Hold,
    Mode,
    Routine,
    Section,
    Side,
    Step,
    Stroke,
    Wait,
    When,
)
from voiceguide.core.session.preferences import Manner, Memory, Preferences
from voiceguide.core.table import State

AT_THE_JAW = Memory((Place("small", "jaw", "glide", 2),))


def play_until_step(step: str, play: Play | None = None) -> Play:
    """A session that has just come to telling a step, by word where it waits for one."""
    play = play or Play()
    play.at(15, "start")
    for _ in range(20):
        if play.session.snapshot().step_id == step:
            return play
        play.say("next", after=0.1)
    raise AssertionError(f"there is no step {step}")


def asked_which() -> Play:
    """The question which routine is being asked."""
    play = Play(routine_id=None)
    play.until(1)
    return play


def day_routine() -> Routine:
    """The small routine, with a zone for the morning alone and another for the evening."""
    whole = small_routine()
    hours = tuple(
        Section(
            when.value,
            f"{when.value} care",
            (say_step(f"This is for the {when.value}."),),
            conditions=Conditions(when=when),
        )
        for when in When
    )
    return replace(whole, id="day", name="day routine", sections=(*whole.sections, *hours))


def play_by_hour(memory: Memory | None = None, manner: Manner | None = None) -> Play:
    """A session of a routine that differs by the hour, and of another one."""
    library = {"day": day_routine(), "other": small_routine("other")}
    return Play(library, "day", memory, manner=manner)


def asked_hour() -> Play:
    """The question whether it is evening is being asked."""
    play = play_by_hour()
    play.until(2)
    return play


def offered_place() -> Play:
    """The question whether to go on at the jaw is being asked."""
    play = Play(memory=AT_THE_JAW)
    play.until(1)
    return play


PROGRAMME = Programme("two-days", "two days", "Two days.", ("other", "small"))
FOLLOWING = Memory(standing=Standing("two-days", 1, "2026-02-20"))
"""Somebody whose second day of two has not come yet."""


def offered_day() -> Play:
    """The question whether to begin with the routine of the day is being asked."""
    programmes = {PROGRAMME.id: PROGRAMME}
    play = Play(routine_id=None, memory=FOLLOWING, programmes=programmes, today="2026-03-01")
    play.until(1)
    return play


def reminded() -> Play:
    """A reminder is being spoken, of the second day of two."""
    play = Play(
        routine_id=None,
        memory=FOLLOWING,
        programmes={PROGRAMME.id: PROGRAMME},
        today="2026-03-01",
        manner=Manner(sleep_seconds=600),
    )
    play.until(100)
    play.tell(TimeToRemind())
    play.until(101)
    return play


def introduced() -> Play:
    """The introduction is being spoken."""
    play = Play()
    play.until(1)
    return play


def telling() -> Play:
    """ "Stroke upward." is being spoken, the second step of the neck."""
    play = play_until_step("up")
    play.until(play.now + 0.8)
    return play


def pacing() -> Play:
    """In the third of the five strokes upward, 1.5 s after its onset."""
    play = telling()
    play.until_state(State.PACING)
    play.until(play.now + 0.8 + 2 * 4 + 1.5)
    play.tell(DeadlineReached())  # too early: the session only learns the time
    return play


def waiting() -> Play:
    """The neck is being rinsed; the guide has been silent for 3 s."""
    play = play_until_step("rinse")
    play.until_state(State.WAITING)
    play.until(play.now + 3)
    return play


def paused() -> Play:
    """Paused 2 s ago, in the third of the five strokes upward."""
    play = pacing()
    play.say("pause")
    play.until(play.now + 2)
    return play


def stopping() -> Play:
    """Stopped 2 s ago, in the third of the five strokes upward."""
    play = pacing()
    play.say("stop")
    play.until(play.now + 2)
    return play


def closing() -> Play:
    """The last words are being spoken after the last step was cut short by a word."""
    play = play_until_step("end")
    play.say("next", after=1.2)
    play.until(play.now + 0.5)
    return play


def idle() -> Play:
    """A session of a guide that stays ended a minute ago, before it had begun."""
    play = Play(routine_id=None, manner=Manner(sleep_seconds=600))
    play.at(5, "wake")
    play.say("stop", after=2)
    play.until_state(State.IDLE)
    play.until(play.now + 60)
    return play


def asleep() -> Play:
    """A guide that stays has been on for a minute, and nobody has called it."""
    play = Play(routine_id=None, manner=Manner(sleep_seconds=600))
    play.until(60)
    return play


STAGES: dict[State, Callable[[], Play]] = {
    State.CHOOSING: asked_which,
    State.DAY: offered_day,
    State.REMINDING: reminded,
    State.HOUR: asked_hour,
    State.OFFERING: offered_place,
    State.READY: introduced,
    State.TELLING: telling,
    State.PACING: pacing,
    State.WAITING: waiting,
    State.PAUSED: paused,
    State.STOPPING: stopping,
    State.CLOSING: closing,
    State.IDLE: idle,
    State.ASLEEP: asleep,
}


def routine_of(*steps: Step) -> Routine:
    """A routine of one zone with these steps."""
    zone = Section("hands", "hands", steps)
    return Routine("tiny", "tiny routine", "A tiny routine.", (zone,), closing=("Bye.",))


def play_of(
    *steps: Step, start: float | None = 10.0, preferences: Preferences | None = None
) -> Play:
    """A session of a routine with these steps, begun at so many seconds, or not yet."""
    play = Play({"tiny": routine_of(*steps)}, "tiny", preferences=preferences)
    if start is not None:
        play.at(start, "start")
    return play


def say_step(*sentences: str) -> Step:
    """A step that is only told."""
    return Step(f"say-{len(sentences)}", "words", Mode.SAY, sentences)


def stroke_step(count: int, seconds: float, side: Side = Side.BOTH, aloud: bool = False) -> Step:
    """A step of strokes, told by "Stroke."."""
    stroke = Stroke(count, seconds, side, count_aloud=aloud)
    return Step("stroke", "strokes", Mode.STROKE, ("Stroke.",), stroke=stroke)


def hold_step(seconds: float, side: Side = Side.BOTH) -> Step:
    """A pressure that is kept, told by "Press."."""
    return Step("press", "press", Mode.HOLD, ("Press.",), hold=Hold(seconds, side))


def breathe_step(count: int) -> Step:
    """Breaths and nothing else, told by "Breathe."."""
    return Step("breaths", "breaths", Mode.BREATHE, ("Breathe.",), breathe=Breathe(count=count))


def wait_step(
    timer_seconds: float | None = None, reminder: str = "", about_seconds: float = 20
) -> Step:
    """A wait for a word or a timer, told by "Rest."."""
    wait = Wait(timer_seconds or about_seconds, timer_seconds, reminder)
    return Step("rest", "rest", Mode.WAIT, ("Rest.",), wait=wait)
