"""What holds whatever a person says, whenever they say it, in whatever small routine."""

import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playing import Play

from voiceguide.core.commands import Command
from voiceguide.core.effects import Cue, Hush, KeepPlace, PlayCue, Say
from voiceguide.core.events import (
    CommandHeard,
    DeadlineReached,
    Event,
    Fault,
    Faulted,
    Recovered,
    SpeechFailed,
)
from voiceguide.core.pacing import EARCON_SECONDS, GAP_SECONDS, RATE_RANGE, TEMPO_RANGE
from voiceguide.core.pacing import estimate_speech_seconds as estimate
from voiceguide.core.preferences import Preferences
from voiceguide.core.progress import Position, following, position_of, seconds_left, told
from voiceguide.core.routine import Hold, Mode, Routine, Section, Side, Step, Stroke, Wait
from voiceguide.core.table import State

quick = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

SETTINGS = (
    *(Command.SLOWER, Command.FASTER, Command.SPEAK_SLOWER, Command.SPEAK_FASTER),
    *(Command.LOUDER, Command.QUIETER),
)
MOVES = frozenset(Command) - {
    *SETTINGS,
    *(Command.HELP, Command.WHY, Command.WHERE, Command.HOW_LONG, Command.PAUSE, Command.RESUME),
}


# Small routines.

sentences = st.lists(
    st.sampled_from(["Look up.", "Let the shoulders sink.", "Breathe slowly, and rest."]),
    max_size=2,
).map(tuple)
sides = st.sampled_from(list(Side))
strokes = st.builds(
    Stroke,
    count=st.integers(1, 5),
    seconds=st.sampled_from([0.4, 0.5, 1.0, 2.5, 4.0]),
    side=sides,
    count_aloud=st.booleans(),
)
holds = st.builds(Hold, seconds=st.sampled_from([1.0, 3.0, 8.0]), side=sides)
waits = st.builds(
    Wait,
    about_seconds=st.sampled_from([2.0, 10.0, 19.0]),
    timer_seconds=st.sampled_from([None, None, 5.0, 20.0, 90.0]),
)


@st.composite
def steps(draw: st.DrawFn) -> Step:
    mode = draw(st.sampled_from(list(Mode)))
    return Step(
        id="",
        name="a step",
        mode=mode,
        say=draw(sentences),
        stroke=draw(strokes) if mode is Mode.STROKE else None,
        hold=draw(holds) if mode is Mode.HOLD else None,
        wait=draw(waits) if mode is Mode.WAIT else None,
    )


@st.composite
def routines(draw: st.DrawFn) -> Routine:
    sections = []
    for number in range(draw(st.integers(1, 3))):
        drawn = draw(st.lists(steps(), min_size=1, max_size=3))
        named = tuple(_with_id(step, f"step-{index}") for index, step in enumerate(drawn))
        sections.append(Section(f"zone-{number}", f"zone {number}", named))
    return Routine("small", "small", "Small.", tuple(sections), safety=("Be gentle.",))


def _with_id(step: Step, step_id: str) -> Step:
    return Step(
        step_id, step.name, step.mode, step.say, stroke=step.stroke, hold=step.hold, wait=step.wait
    )


# What may happen.

delays = st.sampled_from([0.0, 0.05, 0.2, 0.3, 0.7, 1.1, 2.0, 3.9, 7.3, 21.0])
commands = st.sampled_from(sorted(Command)).map(lambda command: CommandHeard(command, "small"))
leading = st.sampled_from([CommandHeard(Command.START), CommandHeard(Command.NEXT)])
faults = st.sampled_from(list(Fault)).flatmap(
    lambda fault: st.sampled_from([Faulted(fault), Recovered(fault)])
)
happenings = st.lists(
    st.tuples(delays, st.one_of(commands, commands, leading, leading, faults)), max_size=25
)


class WatchedPlay(Play):
    """A session in which every answer is looked at."""

    def __init__(self, routine: Routine, preferences: Preferences | None = None) -> None:
        self.whole = 0
        """Strokes of the present step that were done to their end, or taken over by a move."""
        self._going_on: list[tuple[float, float]] = []
        """Onset and end of each stroke that is not over."""
        self._follows: float | None = None
        """Where the next onset must fall, while nothing interrupts."""
        self._last_onset = float("-inf")
        self._newest_id = 0
        self._step_before = 0
        super().__init__({"small": routine}, "small", preferences=preferences)
        self.tell(CommandHeard(Command.START))

    @property
    def routine(self) -> Routine:
        return self.library["small"]

    def tell(self, event: Event) -> None:
        before = self.session.state
        seen = len(self.effects)
        super().tell(event)
        effects = [effect for _, effect in self.effects[seen:]]
        self._check_form(effects)
        self._check_way_on()
        self._check_strokes(event, effects, before)

    def _check_form(self, effects: list[object]) -> None:
        for effect in effects:
            match effect:
                case Hush():
                    assert effect is effects[0]
                case Say(utterance_id, text, at):
                    assert utterance_id > self._newest_id
                    assert text
                    assert at >= self.now - 0.1
                    self._newest_id = utterance_id
                case PlayCue(_, at):
                    assert at >= self.now - 0.1
                case KeepPlace(place):
                    assert position_of(self.routine, place) is not None

    def _check_way_on(self) -> None:
        if self.session.has_ended:
            return
        speaking = any(
            line.utterance_id and not line.was_cut and line.utterance_id not in self._told
            for line in self.lines
        )
        assert speaking or self.session.next_deadline() is not None
        assert Command.STOP in self.session.commands()

    def _check_strokes(self, event: Event, effects: list[object], before: State) -> None:
        status = self.session.status()
        done = [end for _, end in self._going_on if end <= self.now + 1e-6]
        self.whole += len(done)
        self._going_on = [stroke for stroke in self._going_on if stroke[1] > self.now + 1e-6]
        for effect in effects:
            if isinstance(effect, Hush):
                self._going_on = []
                self._follows = None
            elif isinstance(effect, PlayCue) and effect.cue is Cue.SIDE:
                self._follows = None
            elif isinstance(effect, PlayCue) and effect.cue in (Cue.TICK, Cue.LAST):
                self._check_onset(effect.at_seconds)
        if isinstance(event, CommandHeard) and event.command in MOVES:
            self.whole = status.strokes_done
        elif self.session.state is State.PACING and status.stroke_count:
            assert status.strokes_done == self.whole
        elif before is State.PACING and self._step_before and isinstance(event, DeadlineReached):
            assert self.whole == self._step_before
            self.whole = 0
        if self.session.state is State.TELLING:
            self.whole = 0
        self._step_before = status.stroke_count

    def _check_onset(self, onset: float) -> None:
        status = self.session.status()
        if self._follows is not None:
            assert onset == pytest.approx(self._follows)
        assert onset > self._last_onset
        self._last_onset = onset
        stroke = self.session._guide.step.stroke
        if stroke:
            self._follows = onset + stroke.seconds / status.tempo
            self._going_on.append((onset, self._follows))


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
            if line.utterance_id and not line.was_cut and line.utterance_id not in play._told
        ]
        if pending:
            play._told.add(pending[0])
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
    before, seen = play.session.status(), len(play.effects)
    play.tell(event)
    moved = any(isinstance(effect, KeepPlace) for _, effect in play.effects[seen:])
    if play.session.has_ended or (play.session.status() == before and not moved):
        return
    setting = event.command in SETTINGS
    if not setting:
        play.until(play.now + after)
    if not play.session.has_ended:
        play.tell(CommandHeard(Command.UNDO))
        assert play.session.status() == before


@quick
@given(routines(), st.floats(*TEMPO_RANGE), st.integers(*RATE_RANGE))
def test_the_planned_length_is_the_length(routine: Routine, tempo: float, rate: int):
    play = WatchedPlay(routine, Preferences(tempo, rate))
    began = play.now
    sooner = 0.0
    """After a word the guide speaks sooner than after a step that ended by itself."""
    if told(routine, Position()):
        sooner += GAP_SECONDS - EARCON_SECONDS
    while play.session.state is not State.CLOSING:
        when, event = play._next()
        assert when is not None
        if play.session.state is State.WAITING and isinstance(event, DeadlineReached):
            step = play.session._guide.step
            assert step.wait
            if not step.wait.timer_seconds:
                play.say("next", after=step.wait.about_seconds)
                at = play.session._guide.position
                if play.session.state is State.TELLING and told(routine, at):
                    sooner += GAP_SECONDS - EARCON_SECONDS
                continue
        play.now = max(play.now, when)
        play.tell(event)
    planned = seconds_left(routine, Position(), tempo, lambda text: estimate(text, rate))
    assert play.now - began == pytest.approx(planned - sooner)


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
