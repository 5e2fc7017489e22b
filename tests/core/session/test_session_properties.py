"""What holds whatever a person says, whenever they say it, in whatever small routine."""

import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.playing import Play
from support.watching import SETTINGS, WatchedPlay, commands, happenings, routines

from voiceguide.core.commands import Command
from voiceguide.core.effects import KeepPlace
from voiceguide.core.events import (
    CommandHeard,
    DeadlineReached,
    Event,
    Fault,
    Faulted,
    SpeechFailed,
)
from voiceguide.core.routine.routine import Routine
from voiceguide.core.session.preferences import Preferences
from voiceguide.core.table import State
from voiceguide.core.timeline.beat import Beat
from voiceguide.core.timeline.progress import Position, following, position_of, seconds_left
from voiceguide.core.timeline.ranges import RATE_RANGE, TEMPO_RANGE
from voiceguide.core.timeline.speech import estimate_speech_seconds as estimate

quick = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def play_through(routine: Routine, script: list[tuple[float, Event]]) -> WatchedPlay:
    play = WatchedPlay(routine)
    for delay, event in script:
        play.until(play.now + delay)
        if play.session.has_ended:
            break
        play.tell(event)
    return play


def lead_to_the_end(play: Play) -> None:
    """Say what leads on until it is over."""
    leads = {
        State.CHOOSING: Command.CHOOSE,
        State.HOUR: Command.YES,
        State.OFFERING: Command.YES,
        State.STOPPING: Command.STOP,
        State.CLOSING: Command.STOP,
    }
    for _ in range(60):
        if play.session.has_ended:
            return
        play.tell(CommandHeard(leads.get(play.session.state, Command.NEXT), "small"))
    raise AssertionError(f"no way on from {play.session.state}")


@quick
@given(routines(), happenings)
def test_two_sentences_are_never_spoken_at_once(
    routine: Routine, script: list[tuple[float, Event]]
):
    play = play_through(routine, script)
    play.until(play.now + 30)
    spoken = sorted((line.at, line.end) for line in play.lines if line.utterance_id)
    for (_, end), (following_start, _) in itertools.pairwise(spoken):
        assert following_start >= end - 0.05 - 1e-9


@quick
@given(routines(), happenings)
def test_next_leads_to_the_end_from_anywhere(routine: Routine, script: list[tuple[float, Event]]):
    play = play_through(routine, script)
    lead_to_the_end(play)


@quick
@given(routines(), happenings, st.sampled_from([Fault.MICROPHONE, Fault.RECOGNISER]))
def test_without_ears_time_leads_to_the_end_from_anywhere(
    routine: Routine, script: list[tuple[float, Event]], fault: Fault
):
    play = play_through(routine, script)
    if not play.session.has_ended:
        play.tell(Faulted(fault))
        play.until_state(State.ENDED)
    assert play.session.has_ended


@quick
@given(routines(), happenings)
def test_a_mute_voice_never_hangs_it(routine: Routine, script: list[tuple[float, Event]]):
    play = play_through(routine, script)
    play.tell(Faulted(Fault.MICROPHONE))
    for _ in range(2000):
        if play.session.has_ended:
            return
        pending = [
            line.utterance_id
            for line in play.lines
            if line.utterance_id and not line.was_cut and line.utterance_id not in play.told
        ]
        if pending:
            play.told.add(pending[0])
            play.tell(SpeechFailed(pending[0]))
            continue
        deadline = play.session.next_deadline()
        assert deadline is not None
        play.now = max(play.now, deadline)
        play.tell(DeadlineReached())
    raise AssertionError("it never ends")


@quick
@given(routines(), happenings, commands, st.sampled_from([0.0, 0.4, 3.0, 9.0]))
def test_undo_restores_where_everything_stood(
    routine: Routine, script: list[tuple[float, Event]], event: CommandHeard, after: float
):
    play = play_through(routine, script)
    undoing = event.command in (Command.UNDO, Command.REPEAT) or play.session.has_ended
    if undoing or play.session.state is State.STOPPING:
        return
    play.tell(DeadlineReached())
    before, seen = play.standing(), len(play.effects)
    play.tell(event)
    moved = any(isinstance(effect, KeepPlace) for _, effect in play.effects[seen:])
    if play.session.has_ended or (play.standing() == before and not moved):
        return
    setting = event.command in SETTINGS
    if not setting:
        play.until(play.now + after)
    if not play.session.has_ended:
        play.tell(CommandHeard(Command.UNDO))
        assert play.standing() == before


@quick
@given(routines(), st.floats(*TEMPO_RANGE), st.integers(*RATE_RANGE))
def test_the_planned_length_is_the_length(routine: Routine, tempo: float, rate: int):
    play = WatchedPlay(routine, Preferences(tempo, rate))
    began = play.now
    guide = play.session._guide
    while play.session.state is not State.CLOSING or guide.mouth.is_busy:
        when, event = play.upcoming()
        assert when is not None
        if play.session.state is State.WAITING and isinstance(event, DeadlineReached):
            step = guide.course.step
            assert step.wait
            if not step.wait.timer_seconds:
                play.say("next", after=step.wait.about_seconds)
                continue
        play.now = max(play.now, when)
        play.tell(event)
    planned = seconds_left(routine, Position(), Beat(tempo), lambda text: estimate(text, rate))
    assert play.now - began == pytest.approx(planned)


@quick
@given(routines(), happenings)
def test_a_kept_place_can_be_gone_on_from(routine: Routine, script: list[tuple[float, Event]]):
    play = play_through(routine, script)
    places = [effect.place for _, effect in play.effects if isinstance(effect, KeepPlace)]
    for place in places:
        position = position_of(routine, place)
        assert position is not None
        assert position.step(routine).id == place.step_id
        assert following(routine, position) != position
