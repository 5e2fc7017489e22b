"""Every sentence the guide itself says; a routine brings its own. Those of the breath and of
faults have files of their own.

Short, one idea each, and free of words that are commands: except where a command is taught
(questions, reminders, help), which is the whole point of the sentence.
"""

from collections.abc import Sequence

from voiceguide.core.numbers import number
from voiceguide.core.routine.breath import Breath
from voiceguide.core.routine.on_breath import rides_on_breath
from voiceguide.core.routine.routine import Routine, Section, Side, Step
from voiceguide.core.wording_breath import BREATHE_ON, breaths_done, on_breath

WHICH = "Which routine would you like? Say its name, or say help to hear them all."
HELLO = "Hello."
WHICH_REMINDER = "Say the name of a routine, or say help."
DAY_QUESTION = "Shall we do it now? Yes or no?"
DAY_REMINDER = "Say yes to do it now, or say no."
REMINDER = "It is time for your routine."
REMINDER_QUESTION = "Shall we do it now? Say yes, later, or not today."
LATER = "All right. I will ask once more."
LAST_DAY = "That was the last day. Well done."
IS_EVENING = "Is this for the evening? Yes or no?"
HOUR_REMINDER = "Say yes for the evening, or no for the morning."
OFFER_REMINDER = "Say yes to pick it up there, or say no."
READY = "Say go when you are ready."
TURN = "When I wait, say next."
DONE = "Say next when you are done."
TAKE_TIME = "Take your time."
PAUSED_REMINDER = "Still resting. Say continue when you are ready."
STOPPED = "That is all for now. Your place is kept."
STOPPED_UNKEPT = "That is all for now."
STOPPED_EARLY = "All right. See you soon."
CLOSING = "That was the whole routine."
NOTHING_TO_UNDO = "There is nothing to reverse."
NO_REASON = "Nobody noted a reason for this one."
LAST_ONE = "Last one."
HALFWAY = "Halfway."
TAP_CLOSED = "The tap is off; pat your skin."
TIMER_OVER = "The time on your timer is up."
TIMER_OFF = "Your timer is off."
ON_TIMER = "On your timer:"
SLOWEST_STROKES = "That is the gentlest pace there is."
FASTEST_STROKES = "That is the briskest pace there is."
TICKS = "Each soft tick marks a new stroke."
SLOWEST_SPEECH = "I cannot speak more calmly than this."
FASTEST_SPEECH = "I cannot speak more quickly than this."
LOUDEST = "That is as loud as I get."
LOUDEST_AT_NIGHT = "That is as loud as I get at night."
SOFTEST = "That is as soft as I get."
CHOICE = "You can say one of these names."
MORE_CHOICE = "There are these as well."
COMING_UP = "Coming up:"
LAST_STEP = "This is the last step."
NEEDS_NOTHING = "You need nothing but your hands."
NO_COUNT = "There is nothing to count here."
NO_AMOUNT = "There is nothing to take for this one."
LEFT_SIDE = "The left side."
RIGHT_SIDE = "The right side."
BOTH_SIDES = "Both sides."
WELCOME = "You are very welcome."

LONGEST_MINUTES = 120
"""A longer length is told as "more than two hours"."""
EXACT_MINUTES = 30
"""Lengths up to this are told to the minute, longer ones to five minutes."""
EXACT_LEFT_SECONDS = 300
"""What is left of a timer is told exactly up to this, and like any length beyond it."""
EXACT_DAYS = 31
"""Days in a row are told exactly up to this, and in months beyond it."""


def counted(count: int) -> str:
    """A stroke that is counted aloud."""
    return title(number(count))


def minutes(seconds: float) -> str:
    """A length as a person says it."""
    if seconds < 45:
        return "less than a minute"
    whole = max(1, round(seconds / 60))
    if whole > EXACT_MINUTES:
        whole = 5 * round(seconds / 300)
    if whole > LONGEST_MINUTES:
        return f"more than {number(LONGEST_MINUTES // 60)} hours"
    return "about one minute" if whole == 1 else f"about {number(whole)} minutes"


def reminder(step: Step, *, teaches: bool) -> str:
    """What is said when a wait gets long; the first ones teach the word that ends it."""
    own = (step.wait.reminder if step.wait else "") or TAKE_TIME
    return f"{own} {DONE}" if teaches else own


def seconds_left(seconds: int) -> str:
    """The mark of a timer, or what is left of it: to five seconds, above a minute to a minute."""
    seconds = 60 * round(seconds / 60) if seconds > 60 else max(5, 5 * round(seconds / 5))
    if seconds % 60 == 0:
        whole = seconds // 60
        return "One minute left." if whole == 1 else f"{number(whole).capitalize()} minutes left."
    return f"{number(seconds).capitalize()} seconds left."


def timer_left(seconds: float) -> str:
    """What is left of a person's own timer: exactly, where that is soon."""
    return seconds_left(round(seconds)) if seconds <= EXACT_LEFT_SECONDS else how_long(seconds)


def side_words(step: Step, index: int) -> str:
    """What is said before the strokes of a side; empty when there is only one side."""
    if len(step.sides) == 1:
        return ""
    return "Left side first." if index == 0 else "Now the right side."


def timer(seconds: float) -> str:
    """What is said when a timer begins to count for the person."""
    if seconds >= 60 and seconds % 60 == 0:
        length = "one minute" if seconds == 60 else f"{number(round(seconds / 60))} minutes"
    else:
        length = f"{number(round(seconds))} seconds"
    return f"{length.capitalize()}; I will keep the time."


def introduction(
    routine: Routine, length_seconds: float, breath: Breath | None = None
) -> tuple[str, ...]:
    """Name, length, what is needed and done beforehand, safety, what moves the strokes, the word
    for a turn where there are any, then how to begin; to whom knows it no more than they need.
    """
    if routine.is_known:
        return (title(routine.name), how_long(length_seconds), *routine.safety, READY)
    waits = any(step.wait and not step.wait.timer_seconds for _, step in routine.steps())
    turn = (TURN,) if waits else ()
    strokes = any(step.stroke for _, step in routine.steps())
    moved = (
        on_breath(breath) if breath and rides_on_breath(routine) else (TICKS,) if strokes else ()
    )
    first = (title(routine.name), how_long(length_seconds), *needs(routine), *routine.beforehand)
    return (*first, *routine.safety, *moved, *turn, READY)


def needs(routine: Routine) -> tuple[str, ...]:
    """What the person fetches before a routine; nothing where nothing is needed."""
    names = [each.name for each in routine.supply]
    return (f"You need {enumerated(names, 'and')}.",) if names else ()


def title(name: str) -> str:
    """A name as a sentence of its own."""
    return f"{name[:1].upper()}{name[1:]}."


def offer(routine: Routine, section: Section) -> tuple[str, ...]:
    """The question whether to go on from the kept place."""
    return (
        f"Last time you left the {routine.name} at {section.name}.",
        "Shall we pick it up there? Yes or no?",
    )


def day(number_of_it: int, count: int) -> str:
    """Where one is in a programme."""
    return f"Day {number(number_of_it)} of {number(count)}."


def day_offer(number_of_it: int, count: int, name: str) -> tuple[str, ...]:
    """The question whether to begin with the routine of the day."""
    return (day(number_of_it, count), title(name), DAY_QUESTION)


def streak(days: int) -> tuple[str, ...]:
    """Said after the last words; one day is no streak."""
    if days < 2:
        return ()
    if days <= EXACT_DAYS:
        return (f"That makes {number(days)} days in a row.",)
    months = days // 30
    if months < 2:
        return ("That makes more than a month without a gap.",)
    if months < 12:
        return (f"That makes more than {number(months)} months without a gap.",)
    return ("That makes more than a year without a gap.",)


def zone(section: Section) -> str:
    """The name of a zone, for somebody who asks where they are."""
    return title(section.name)


def announced(section: Section) -> tuple[str, ...]:
    """What is said as a zone is entered: the routine's own words, or the zone's name."""
    return (zone(section),) if section.announce is None else section.announce


def resumed(step: Step, side: Side, left: int) -> str:
    """Said when strokes go on after they stood still."""
    if step.breathe:
        return BREATHE_ON
    where = f" on the {side.value}" if side in (Side.LEFT, Side.RIGHT) else ""
    if step.hold:
        return f"Hold it once more{where}."
    return f"{number(left).capitalize()} more{where}."


def coming_up(name: str | None) -> tuple[str, ...]:
    """What comes then: a zone or a step, by its name; None where nothing does."""
    return (COMING_UP, title(name)) if name else (LAST_STEP,)


def times(step: Step) -> str:
    """How often a step is done, on each side if there are two; empty where nothing is counted."""
    count = step.count or (1 if step.hold else 0)
    if not count:
        return ""
    often = {1: "once", 2: "twice"}.get(count, f"{number(count)} times")
    return title(often if len(step.sides) == 1 else f"{often} on each side")


def side_of(step: Step, index: int) -> str:
    """The side that a step is done on, or that of its sides with this index."""
    side = step.sides[min(index, len(step.sides) - 1)]
    return {Side.LEFT: LEFT_SIDE, Side.RIGHT: RIGHT_SIDE}.get(side, BOTH_SIDES)


def at_beginning(routine: Routine) -> str:
    """Said for "where am I" before the first step."""
    return f"This is the {routine.name}, before its first zone."


def where(routine: Routine, section: Section, step: Step, done: int | None) -> tuple[str, ...]:
    """Which zone of how many, which step, which stroke."""
    index = routine.sections.index(section) + 1
    place = (zone_number(index, len(routine.sections)), zone(section), title(step.name))
    if step.breathe and done:
        return (*place, breaths_done(done))
    if step.stroke and done is not None:
        return (*place, strokes_done(done, step.stroke.count * len(step.sides)))
    return place


def zone_number(index: int, count: int) -> str:
    """Which zone of how many."""
    return f"This is zone {number(index)} of {number(count)}."


def strokes_done(done: int, total: int) -> str:
    """How much of a step is done."""
    return f"{number(done).capitalize()} of {number(total)} done."


def how_long(seconds: float) -> str:
    """How long a routine takes, or what is left of it."""
    return title(minutes(seconds))


def enumerated(words: Sequence[str], last: str) -> str:
    """``a``, ``a or b``, ``a, b, or c``."""
    if len(words) < 3:
        return f" {last} ".join(words)
    return f"{', '.join(words[:-1])}, {last} {words[-1]}"
