"""Every command in every state: what it leads to, literally; all others do nothing."""

from typing import NamedTuple

import pytest
from support.playing import BOOK, Play
from support.staging import STAGES

from voiceguide.core.commands import Command
from voiceguide.core.effects import Cue, Finish, Hush, PlayCue, Say, SetSpeechRate, SetVolume
from voiceguide.core.events import CommandHeard
from voiceguide.core.live_commands import awaited_commands, live_commands
from voiceguide.core.session.preferences import Preferences
from voiceguide.core.table import LIVE, RESTING, State
from voiceguide.core.wording import CHOICE

C = Command


class Outcome(NamedTuple):
    """What a command leads to."""

    state: State
    place: str
    """Section and step, with the strokes done where there are any; empty before a routine."""
    words: str = ""
    """What is said because of it; empty when nothing is."""
    cue: Cue = Cue.HEARD


def _staying(state: State, place: str, *commands: Command) -> dict[Command, Outcome]:
    return {command: Outcome(state, place) for command in commands}


TONE = (C.SPEAK_SLOWER, C.SPEAK_FASTER, C.LOUDER, C.QUIETER)
TEMPO = (C.SLOWER, C.FASTER)

ON_BREATH = (
    "Your strokes follow the breath: hands return as you breathe in, and stroke as you breathe out."
)
ON_TICKS = "Your strokes follow the ticks alone."


def _breathing(state: State, place: str) -> dict[Command, Outcome]:
    return {
        C.BREATHING_ON: Outcome(state, place, ON_BREATH),
        C.BREATHING_OFF: Outcome(state, place, ON_TICKS),
    }


def _timer(state: State, place: str) -> dict[Command, Outcome]:
    return {
        C.TIMER: Outcome(state, place, "Three minutes; I will keep the time."),
        C.TIMER_OFF: Outcome(state, place, TIMER_OFF),
    }


TIMER_OFF = "Your timer is off."
NEEDS_NOTHING = "You need nothing but your hands."
WELCOME = "You are very welcome."


def _asking(state: State, place: str, many: str, what: str) -> dict[Command, Outcome]:
    return {
        C.WHATS_NEXT: Outcome(state, place, "Coming up:"),
        C.HOW_MANY: Outcome(state, place, many),
        C.HOW_MUCH: Outcome(state, place, "There is nothing to take for this one."),
        C.SUPPLIES: Outcome(state, place, NEEDS_NOTHING),
        C.WHICH_SIDE: Outcome(state, place, "Both sides."),
        C.WHAT: Outcome(state, place, what),
    }


CHOOSING, HOUR, OFFERING, READY = State.CHOOSING, State.HOUR, State.OFFERING, State.READY
DAY, REMINDING = State.DAY, State.REMINDING
TELLING, PACING, WAITING = State.TELLING, State.PACING, State.WAITING
PAUSED, STOPPING, CLOSING, ENDED = State.PAUSED, State.STOPPING, State.CLOSING, State.ENDED
IDLE, ASLEEP = State.IDLE, State.ASLEEP

EVENING = "Is this for the evening? Yes or no?"
WHICH = "Which routine would you like? Say its name, or say help to hear them all."
OFFER = "Last time you left the small routine at jaw."
SMALL = "Small routine."
OTHER = "Other routine."
WOKEN = "Hello."
REMINDER = "It is time for your routine."
NOTHING = "There is nothing to reverse."
GOODBYE = "All right. See you soon."
KEPT = "That is all for now. Your place is kept."
PLEASANT = "Because it is pleasant."
CIRCULATION = "It may help circulation."

FROM_ANY_STEP = {
    C.REPEAT_ZONE: Outcome(TELLING, "neck/hello", "Neck."),
    C.SKIP_ZONE: Outcome(TELLING, "jaw/glide 0", "Jaw."),
    C.START_OVER: Outcome(TELLING, "neck/hello", "Neck."),
}

EXPECTED: dict[State, dict[Command, Outcome]] = {
    CHOOSING: {
        C.PERSON: Outcome(CHOOSING, "", WOKEN),
        C.WHAT: Outcome(CHOOSING, "", "Hello."),
        C.CHOOSE: Outcome(READY, "neck/hello", OTHER),
        C.REPEAT: Outcome(CHOOSING, "", WHICH),
        C.STOP: Outcome(STOPPING, "", GOODBYE),
        C.UNDO: Outcome(CHOOSING, "", NOTHING),
        C.HELP: Outcome(CHOOSING, "", CHOICE),
        C.TIMER_OFF: Outcome(CHOOSING, "", TIMER_OFF),
        **_staying(CHOOSING, "", *TONE),
    },
    DAY: {
        C.PERSON: Outcome(CHOOSING, "", WOKEN),
        C.WHAT: Outcome(DAY, "", "Hello."),
        C.CHOOSE: Outcome(READY, "neck/hello", OTHER),
        C.YES: Outcome(READY, "neck/hello", SMALL),
        C.OKAY: Outcome(READY, "neck/hello", SMALL),
        C.NO: Outcome(CHOOSING, "", WHICH),
        C.NOT_YET: Outcome(DAY, "", "Take your time."),
        C.HOW_LONG: Outcome(DAY, "", "About three minutes."),
        C.REPEAT: Outcome(DAY, "", "Day two of two."),
        C.STOP: Outcome(STOPPING, "", GOODBYE),
        C.UNDO: Outcome(DAY, "", NOTHING),
        C.TIMER_OFF: Outcome(DAY, "", TIMER_OFF),
        C.HELP: Outcome(DAY, "", "You can say: yes, no, repeat, stop, undo, or speak slower."),
        **_staying(DAY, "", *TONE),
    },
    REMINDING: {
        C.PERSON: Outcome(CHOOSING, "", WOKEN),
        C.WHAT: Outcome(REMINDING, "", REMINDER),
        C.CHOOSE: Outcome(READY, "neck/hello", OTHER),
        C.YES: Outcome(READY, "neck/hello", SMALL),
        C.OKAY: Outcome(READY, "neck/hello", SMALL),
        C.NO: Outcome(STOPPING, "", GOODBYE),
        C.LATER: Outcome(STOPPING, "", "All right. I will ask once more."),
        C.NOT_YET: Outcome(STOPPING, "", "All right. I will ask once more."),
        C.HOW_LONG: Outcome(REMINDING, "", "About three minutes."),
        C.NOT_TODAY: Outcome(STOPPING, "", GOODBYE),
        C.REPEAT: Outcome(REMINDING, "", REMINDER),
        C.STOP: Outcome(STOPPING, "", GOODBYE),
        C.UNDO: Outcome(REMINDING, "", NOTHING),
        C.TIMER_OFF: Outcome(REMINDING, "", TIMER_OFF),
        C.HELP: Outcome(
            REMINDING, "", "You can say: yes, no, repeat, stop, undo, or speak slower."
        ),
        **_staying(REMINDING, "", *TONE),
    },
    HOUR: {
        C.PERSON: Outcome(CHOOSING, "", WOKEN),
        C.WHAT: Outcome(HOUR, "", EVENING),
        C.YES: Outcome(READY, "neck/hello", "Day routine."),
        C.NO: Outcome(READY, "neck/hello", "Day routine."),
        C.REPEAT: Outcome(HOUR, "", EVENING),
        C.STOP: Outcome(STOPPING, "", GOODBYE),
        C.UNDO: Outcome(HOUR, "", NOTHING),
        C.HELP: Outcome(HOUR, "", "You can say: yes, no, repeat, stop, undo, or speak slower."),
        C.TIMER_OFF: Outcome(HOUR, "", TIMER_OFF),
        **_staying(HOUR, "", *TONE),
    },
    OFFERING: {
        C.PERSON: Outcome(READY, "neck/hello", SMALL),
        C.WHAT: Outcome(OFFERING, "neck/hello", "Hello."),
        C.CHOOSE: Outcome(READY, "neck/hello", OTHER),
        C.YES: Outcome(TELLING, "jaw/glide 0", "Jaw."),
        C.START: Outcome(TELLING, "jaw/glide 0", "Jaw."),
        C.OKAY: Outcome(TELLING, "jaw/glide 0", "Jaw."),
        C.NOT_YET: Outcome(OFFERING, "neck/hello", "Take your time."),
        C.RESUME: Outcome(TELLING, "jaw/glide 0", "Jaw."),
        C.NO: Outcome(READY, "neck/hello", SMALL),
        C.START_OVER: Outcome(READY, "neck/hello", SMALL),
        C.REPEAT: Outcome(OFFERING, "neck/hello", OFFER),
        C.STOP: Outcome(STOPPING, "neck/hello", GOODBYE),
        C.UNDO: Outcome(OFFERING, "neck/hello", NOTHING),
        C.HELP: Outcome(
            OFFERING, "neck/hello", "You can say: yes, no, repeat, stop, how long, or undo."
        ),
        C.HOW_LONG: Outcome(OFFERING, "neck/hello", "About two minutes."),
        C.TIMER_OFF: Outcome(OFFERING, "neck/hello", TIMER_OFF),
        **_staying(OFFERING, "neck/hello", *TONE),
    },
    READY: {
        C.PERSON: Outcome(READY, "neck/hello", SMALL),
        C.OKAY: Outcome(TELLING, "neck/hello", "Neck."),
        C.NOT_YET: Outcome(READY, "neck/hello", "Take your time."),
        C.WHATS_NEXT: Outcome(READY, "neck/hello", "Coming up:"),
        C.SUPPLIES: Outcome(READY, "neck/hello", NEEDS_NOTHING),
        C.WHAT: Outcome(READY, "neck/hello", "Hello."),
        C.CHOOSE: Outcome(READY, "neck/hello", OTHER),
        C.YES: Outcome(TELLING, "neck/hello", "Neck."),
        C.START: Outcome(TELLING, "neck/hello", "Neck."),
        C.NEXT: Outcome(TELLING, "neck/hello", "Neck."),
        C.REPEAT: Outcome(READY, "neck/hello", SMALL),
        C.STOP: Outcome(STOPPING, "neck/hello", GOODBYE),
        C.UNDO: Outcome(READY, "neck/hello", NOTHING),
        C.HELP: Outcome(
            READY, "neck/hello", "You can say: start, how long, why, speak slower, next, or repeat."
        ),
        C.WHY: Outcome(READY, "neck/hello", PLEASANT),
        C.WHERE: Outcome(READY, "neck/hello", "This is the small routine, before its first zone."),
        C.HOW_LONG: Outcome(READY, "neck/hello", "About three minutes."),
        C.EVERYTHING: Outcome(READY, "neck/hello", SMALL),
        **_staying(READY, "neck/hello", *TEMPO, *TONE),
        **_breathing(READY, "neck/hello"),
        **_timer(READY, "neck/hello"),
    },
    TELLING: {
        C.NOT_YET: Outcome(PAUSED, "neck/up 0"),
        **_asking(TELLING, "neck/up 0", "Five times.", "Stroke upward."),
        **FROM_ANY_STEP,
        C.EVERYTHING: Outcome(TELLING, "neck/up 0", "Stroke upward."),
        C.START: Outcome(PACING, "neck/up 0"),
        C.NEXT: Outcome(TELLING, "neck/rinse", "Rinse."),
        C.BACK: Outcome(TELLING, "neck/hello", "Neck."),
        C.REPEAT: Outcome(TELLING, "neck/up 0", "Stroke upward."),
        C.PAUSE: Outcome(PAUSED, "neck/up 0"),
        C.STOP: Outcome(STOPPING, "neck/up 0", KEPT),
        C.UNDO: Outcome(TELLING, "neck/hello", "Neck.", Cue.UNDONE),
        C.HELP: Outcome(
            TELLING, "neck/up 0", "You can say: next, back, repeat, slower, pause, or stop."
        ),
        C.WHY: Outcome(TELLING, "neck/up 0", CIRCULATION),
        C.WHERE: Outcome(TELLING, "neck/up 0", "This is zone one of two."),
        C.HOW_LONG: Outcome(TELLING, "neck/up 0", "About three minutes."),
        **_staying(TELLING, "neck/up 0", *TEMPO, *TONE),
        **_breathing(TELLING, "neck/up 0"),
        **_timer(TELLING, "neck/up 0"),
    },
    PACING: {
        C.NOT_YET: Outcome(PAUSED, "neck/up 2"),
        **_asking(PACING, "neck/up 2", "Three more.", "Stroke upward."),
        **FROM_ANY_STEP,
        C.EVERYTHING: Outcome(TELLING, "neck/up 0", "Stroke upward."),
        C.NEXT: Outcome(TELLING, "neck/rinse", "Rinse."),
        C.BACK: Outcome(TELLING, "neck/hello", "Neck."),
        C.REPEAT: Outcome(TELLING, "neck/up 0", "Stroke upward."),
        C.PAUSE: Outcome(PAUSED, "neck/up 2"),
        C.STOP: Outcome(STOPPING, "neck/up 2", KEPT),
        C.UNDO: Outcome(TELLING, "neck/hello", "Neck.", Cue.UNDONE),
        C.HELP: Outcome(
            PACING, "neck/up 2", "You can say: next, back, repeat, slower, pause, or stop."
        ),
        C.WHY: Outcome(PACING, "neck/up 2", CIRCULATION),
        C.WHERE: Outcome(
            PACING,
            "neck/up 2",
            "This is zone one of two.",
        ),
        C.HOW_LONG: Outcome(PACING, "neck/up 2", "About three minutes."),
        **_staying(PACING, "neck/up 2", *TEMPO, *TONE),
        **_breathing(PACING, "neck/up 2"),
        **_timer(PACING, "neck/up 2"),
    },
    WAITING: {
        C.DONE: Outcome(TELLING, "jaw/glide 0", "Jaw."),
        C.OKAY: Outcome(TELLING, "jaw/glide 0", "Jaw."),
        C.NOT_YET: Outcome(WAITING, "neck/rinse", "Take your time."),
        **_asking(WAITING, "neck/rinse", "There is nothing to count here.", "Rinse."),
        **FROM_ANY_STEP,
        C.EVERYTHING: Outcome(TELLING, "neck/rinse", "Rinse."),
        C.START: Outcome(TELLING, "jaw/glide 0", "Jaw."),
        C.NEXT: Outcome(TELLING, "jaw/glide 0", "Jaw."),
        C.RESUME: Outcome(TELLING, "jaw/glide 0", "Jaw."),
        C.BACK: Outcome(TELLING, "neck/up 0", "Stroke upward."),
        C.REPEAT: Outcome(TELLING, "neck/rinse", "Rinse."),
        C.PAUSE: Outcome(PAUSED, "neck/rinse"),
        C.STOP: Outcome(STOPPING, "neck/rinse", KEPT),
        C.UNDO: Outcome(TELLING, "neck/up 0", "Stroke upward.", Cue.UNDONE),
        C.HELP: Outcome(
            WAITING, "neck/rinse", "You can say: next, repeat, back, pause, slower, or stop."
        ),
        C.WHY: Outcome(WAITING, "neck/rinse", PLEASANT),
        C.WHERE: Outcome(WAITING, "neck/rinse", "This is zone one of two."),
        C.HOW_LONG: Outcome(WAITING, "neck/rinse", "About two minutes."),
        **_staying(WAITING, "neck/rinse", *TEMPO, *TONE),
        **_breathing(WAITING, "neck/rinse"),
        **_timer(WAITING, "neck/rinse"),
    },
    PAUSED: {
        C.OKAY: Outcome(PACING, "neck/up 2", "Three more."),
        C.NOT_YET: Outcome(PAUSED, "neck/up 2", "Take your time."),
        **_asking(PAUSED, "neck/up 2", "Three more.", "Stroke upward."),
        **FROM_ANY_STEP,
        C.EVERYTHING: Outcome(TELLING, "neck/up 0", "Stroke upward."),
        C.START: Outcome(PACING, "neck/up 2", "Three more."),
        C.RESUME: Outcome(PACING, "neck/up 2", "Three more."),
        C.NEXT: Outcome(TELLING, "neck/rinse", "Rinse."),
        C.BACK: Outcome(TELLING, "neck/hello", "Neck."),
        C.REPEAT: Outcome(TELLING, "neck/up 0", "Stroke upward."),
        C.STOP: Outcome(STOPPING, "neck/up 2", KEPT),
        C.UNDO: Outcome(PACING, "neck/up 2", "Three more.", Cue.UNDONE),
        C.HELP: Outcome(
            PAUSED, "neck/up 2", "You can say: resume, repeat, next, back, slower, or stop."
        ),
        C.WHY: Outcome(PAUSED, "neck/up 2", CIRCULATION),
        C.WHERE: Outcome(
            PAUSED,
            "neck/up 2",
            "This is zone one of two.",
        ),
        C.HOW_LONG: Outcome(PAUSED, "neck/up 2", "About three minutes."),
        **_staying(PAUSED, "neck/up 2", *TEMPO, *TONE),
        **_breathing(PAUSED, "neck/up 2"),
        **_timer(PAUSED, "neck/up 2"),
    },
    STOPPING: {
        C.WHAT: Outcome(STOPPING, "neck/up 2", KEPT),
        C.THANKS: Outcome(STOPPING, "neck/up 2", WELCOME),
        C.RESUME: Outcome(PACING, "neck/up 2", "Three more."),
        C.UNDO: Outcome(PACING, "neck/up 2", "Three more.", Cue.UNDONE),
        C.REPEAT: Outcome(STOPPING, "neck/up 2", KEPT),
        C.STOP: Outcome(ENDED, "neck/up 2"),
        C.HELP: Outcome(
            STOPPING,
            "neck/up 2",
            "You can say: undo, resume, repeat, stop, speak slower, or speak faster.",
        ),
        C.TIMER_OFF: Outcome(STOPPING, "neck/up 2", TIMER_OFF),
        **_staying(STOPPING, "neck/up 2", *TONE),
    },
    CLOSING: {
        C.PERSON: Outcome(CHOOSING, "", WOKEN),
        C.WHAT: Outcome(CLOSING, "jaw/end", "All done."),
        C.THANKS: Outcome(CLOSING, "jaw/end", WELCOME),
        C.CHOOSE: Outcome(READY, "neck/hello", OTHER),
        C.BACK: Outcome(TELLING, "jaw/end", "Open your eyes."),
        C.REPEAT: Outcome(CLOSING, "jaw/end", "All done."),
        C.REPEAT_ZONE: Outcome(TELLING, "jaw/glide 0", "Jaw."),
        C.START_OVER: Outcome(TELLING, "neck/hello", "Neck."),
        C.STOP: Outcome(ENDED, "jaw/end"),
        C.UNDO: Outcome(TELLING, "jaw/end", "Open your eyes.", Cue.UNDONE),
        C.HELP: Outcome(
            CLOSING,
            "jaw/end",
            "You can say: repeat, back, start over, stop, undo, or repeat zone.",
        ),
        C.TIMER_OFF: Outcome(CLOSING, "jaw/end", TIMER_OFF),
        **_staying(CLOSING, "jaw/end", *TONE),
    },
    IDLE: {
        C.PERSON: Outcome(CHOOSING, "", WOKEN),
        C.THANKS: Outcome(IDLE, "", WELCOME),
        C.TIMER_OFF: Outcome(IDLE, "", TIMER_OFF),
        C.WAKE: Outcome(CHOOSING, "", WOKEN),
        C.CHOOSE: Outcome(READY, "neck/hello", OTHER),
        C.STOP: Outcome(ASLEEP, "", ""),
        C.HELP: Outcome(IDLE, "", CHOICE),
    },
    ASLEEP: {C.WAKE: Outcome(CHOOSING, "", WOKEN)},
    ENDED: {},
}

PREFERRED = {
    C.SLOWER: Preferences(tempo=1 / 1.15),
    C.FASTER: Preferences(tempo=1.15),
    C.SPEAK_SLOWER: Preferences(words_per_minute=135),
    C.SPEAK_FASTER: Preferences(words_per_minute=165),
    C.LOUDER: Preferences(gain_db=3.0),
    C.QUIETER: Preferences(gain_db=-3.0),
}

PAIRS = [
    (state, command) for state in (*LIVE, *RESTING) for command in sorted(live_commands(state))
]


def _place(play: Play) -> str:
    status = play.session.snapshot()
    if status.routine_id is None:
        return ""
    strokes = f" {status.strokes_done}" if status.stroke_count else ""
    return f"{status.section_id}/{status.step_id}{strokes}"


@pytest.mark.parametrize("state", list(State))
def test_no_pair_is_forgotten(state: State):
    assert set(EXPECTED[state]) == live_commands(state)


@pytest.mark.parametrize("state", (*LIVE, *RESTING))
def test_the_stage_is_set(state: State):
    assert STAGES[state]().session.state is state


@pytest.mark.parametrize(("state", "command"), PAIRS)
def test_a_live_command_does_what_it_says(state: State, command: Command):
    play = STAGES[state]()
    expected = EXPECTED[state][command]
    person = "anna" if command is C.PERSON else None
    heard = CommandHeard(command, "other", minutes=3, person=person)
    effects = play.session.handle(heard, play.now)

    assert play.session.state is expected.state
    assert _place(play) == expected.place
    said = [effect for effect in effects if isinstance(effect, Say)]
    assert [say.text for say in said[:1]] == [expected.words][: bool(expected.words)]
    assert [effect for effect in effects if isinstance(effect, PlayCue)] == [
        PlayCue(expected.cue, play.now)
    ]
    if expected.words:
        assert effects[0] == Hush()
        assert said[0].at_seconds == pytest.approx(play.now + 0.3)
    assert (Finish() in effects) == (expected.state is ENDED)


@pytest.mark.parametrize(("state", "command"), [p for p in PAIRS if p[1] in PREFERRED])
def test_a_setting_is_changed_and_remembered(state: State, command: Command):
    play = STAGES[state]()
    was_said = [line for line in play.lines if line.end > play.now]
    play.say(command)
    wanted = PREFERRED[command]
    kept = play.preferences()
    assert (kept.tempo, kept.words_per_minute, kept.gain_db) == (
        wanted.tempo,
        wanted.words_per_minute,
        wanted.gain_db,
    )
    if wanted.words_per_minute != 150:
        assert (play.now, SetSpeechRate(wanted.words_per_minute)) in play.effects
    if wanted.gain_db:
        assert (play.now, SetVolume(wanted.gain_db)) in play.effects
    # Whatever was being said is not disturbed.
    assert [line for line in play.lines if line in was_said] == was_said


@pytest.mark.parametrize("state", list(State))
def test_a_dead_command_does_nothing_at_all(state: State):
    play = stopped_for_good() if state is ENDED else STAGES[state]()
    before = play.standing(), play.session.next_deadline()
    for command in Command:
        if command not in live_commands(state):
            assert play.session.handle(CommandHeard(command, "other"), play.now) == ()
            assert (play.standing(), play.session.next_deadline()) == before


def stopped_for_good() -> Play:
    play = STAGES[STOPPING]()
    play.say("stop")
    assert play.session.has_ended
    return play


@pytest.mark.parametrize("state", [CHOOSING, OFFERING, READY, CLOSING])
def test_a_routine_that_does_not_exist_is_not_chosen(state: State):
    play = STAGES[state]()
    assert play.session.handle(CommandHeard(C.CHOOSE, "juggling"), play.now) == ()
    assert play.session.handle(CommandHeard(C.CHOOSE, None), play.now) == ()
    assert play.session.state is state


@pytest.mark.parametrize("state", State)
def test_what_the_guide_asks_for_can_be_said(state: State):
    assert awaited_commands(state) <= live_commands(state)


@pytest.mark.parametrize("state", STAGES)
def test_a_session_marks_the_phrases_that_the_guide_has_asked_for(state: State):
    session = STAGES[state]().session
    phrases = session.phrases(BOOK)
    assert {one.command for one in phrases} == session.commands() - {C.CHOOSE}
    assert {one.command for one in phrases if one.is_awaited} == awaited_commands(state) - {
        C.CHOOSE
    }
