"""What the page is told in each state there is, from sessions on virtual time.

The screenshot tests show these, and so does ``scripts/gallery``.
"""

from dataclasses import replace
from functools import cache

from support.viewing import Seen

from voiceguide.core.effects import Place
from voiceguide.core.events import DayBegan, Fault, Faulted, NoiseChanged, TimeToRemind
from voiceguide.core.routine.programme import Standing
from voiceguide.core.routine.routine import Profile, When
from voiceguide.core.routine.selection import select
from voiceguide.core.session.preferences import Manner, Memory
from voiceguide.core.table import State
from voiceguide.edge.files.bundled_programmes import load_bundled_programmes
from voiceguide.edge.files.routine_file import load_bundled
from voiceguide.show.page.message import message

NOW_SECONDS = 1000.0
"""The time of every fixture; what it tells of is moved to that."""


def at_step(play, step, state=None):
    """Lead a session to a step by word, and on into a state."""
    if play.now < 12:
        play.at(20, "start")
    for _ in range(90):
        if play.session.snapshot().step_id == step:
            break
        play.say("next", after=0.3)
    assert play.session.snapshot().step_id == step
    if state:
        play.until_state(state)
    return play


EVENING = Manner(when=When.EVENING)


def a_library(when=When.EVENING):
    """The bundled routines as somebody has them who uses no tool."""
    return {each.id: select(each, Profile(when)) for each in load_bundled().values()}


def _play(routine_id=None, manner=EVENING, **more):
    library = a_library(manner.when)
    return Seen(library=library, routine_id=routine_id, manner=manner, **more)


def _stroke(routine_id, step, number=2, share=0.45):
    play = at_step(_play(routine_id), step, State.PACING)
    counted = play.seen().session.counted
    while counted.number < number:
        play.until(play.now + 0.05)
        counted = play.seen().session.counted
    play.until(counted.onset_seconds + share * counted.period_seconds)
    return play


def _waiting(routine_id, step, **more):
    return at_step(_play(routine_id, **more), step, State.WAITING)


def _said(play, words, after=1.0):
    play.say(words, after=after)
    return play


def _faulty(play, *events):
    for event in events:
        play.tell(event)
    return play


def _finished():
    play = at_step(_play("quick"), "horizontal-sweep", State.PACING)
    play.until_state(State.CLOSING)
    return play


def _ended():
    play = _finished()
    play.until_state(State.ENDED)
    return play


def _asleep():
    play = _play(manner=replace(EVENING, sleep_seconds=60.0))
    play.until_state(State.ASLEEP)
    return play


def _day():
    memory = Memory(standing=Standing("seven-evenings", 2, "2026-02-20"))
    programmes = load_bundled_programmes()
    play = _play(manner=replace(EVENING, sleep_seconds=60.0), memory=memory, programmes=programmes)
    play.until_state(State.ASLEEP)
    play.tell(DayBegan("2026-03-01"))
    play.say("wake", after=1.0)
    return play


def _reminding():
    play = _play(manner=replace(EVENING, sleep_seconds=60.0))
    play.until_state(State.ASLEEP)
    play.tell(TimeToRemind())
    return play


_PLACE = Place("serum-ritual", "jaw-and-chin", "hook-glide", 0)

STATES = {
    "choosing": lambda: _play(programmes=load_bundled_programmes()),
    "day": _day,
    "reminding": _reminding,
    "hour": lambda: _play("serum-ritual", manner=Manner()),
    "offering": lambda: _play("serum-ritual", memory=Memory((_PLACE,))),
    "ready": lambda: _play("serum-ritual"),
    "telling": lambda: at_step(_play("serum-ritual"), "hook-glide", State.TELLING),
    "telling-scene": lambda: at_step(_play("serum-ritual"), "warm-serum", State.TELLING),
    "pacing": lambda: _stroke("serum-ritual", "hook-glide"),
    "pacing-both": lambda: _stroke("serum-ritual", "cheek-sweep", 3),
    "pacing-taps": lambda: _stroke("serum-ritual", "tapping", 1),
    "pacing-zigzag": lambda: _stroke("serum-ritual", "zig-zag", 2, 0.7),
    "pacing-behind": lambda: _stroke("weekly", "nape-circles", 2),
    "hold": lambda: _stroke("techniques", "temples", 1),
    "breath": lambda: _stroke("breathing", "flowing-breaths", 2, 0.25),
    "waiting": lambda: _waiting("serum-ritual", "rinse"),
    "timer": lambda: _waiting("weekly", "mask-rest", memory=Memory(timer_left=1200.0)),
    "paused": lambda: _said(_stroke("serum-ritual", "hook-glide"), "pause"),
    "stopped": lambda: _said(_stroke("serum-ritual", "hook-glide"), "stop"),
    "asleep": _asleep,
    "finished": _finished,
    "ended": _ended,
    "fault": lambda: _faulty(
        _waiting("serum-ritual", "rinse"), NoiseChanged(True), Faulted(Fault.MICROPHONE)
    ),
    "fault-pacing": lambda: _faulty(_stroke("serum-ritual", "hook-glide"), Faulted(Fault.DISK)),
    "loud": lambda: _faulty(_stroke("serum-ritual", "hook-glide"), NoiseChanged(True)),
}
"""A session for each state; ``offline`` is what a page shows without any."""


@cache
def fixture(name):
    """What the feed would send in a state: its time, and what is shown then."""
    play = STATES[name]()
    told = message(play.seen())
    moved = NOW_SECONDS - play.now
    if told["timer"] is not None:
        told["timer"] += moved
    if told["own_timer"] is not None:
        told["own_timer"] += moved
    if told["counted"] and told["counted"]["onset"] is not None:
        told["counted"]["onset"] += moved
    for word in ("heard", "rejected"):
        if told[word]:
            told[word]["at"] += moved
    return {"now": NOW_SECONDS, "shown": told}
