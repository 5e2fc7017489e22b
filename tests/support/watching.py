"""Small routines, things that may happen, and a session whose every answer is looked at."""

import pytest
from hypothesis import strategies as st
from support.playing import Play

from voiceguide.core.commands import Command
from voiceguide.core.effects import Cue, Hush, KeepPlace, PlayCue, Say
from voiceguide.core.events import (
    Adjusted,
    CommandHeard,
    DeadlineReached,
    Event,
    Fault,
    Faulted,
    NoiseChanged,
    Recovered,
    VolumeLimited,
)
from voiceguide.core.routine.routine import Hold, Mode, Routine, Section, Side, Step, Stroke, Wait
from voiceguide.core.session.preferences import Preferences
from voiceguide.core.table import State
from voiceguide.core.timeline.progress import position_of
from voiceguide.core.wording import LOUD

SETTINGS = (
    *(Command.SLOWER, Command.FASTER, Command.SPEAK_SLOWER, Command.SPEAK_FASTER),
    *(Command.LOUDER, Command.QUIETER, Command.BREATHING_ON, Command.BREATHING_OFF),
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
    mode = draw(st.sampled_from([mode for mode in Mode if mode is not Mode.BREATHE]))
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
noises = st.booleans().map(NoiseChanged)
set_outside = st.one_of(
    st.builds(Adjusted, st.none() | st.floats(0.5, 2), st.none() | st.floats(-21, 9)),
    st.builds(VolumeLimited, st.none() | st.floats(-21, 9)),
)
happenings = st.lists(
    st.tuples(delays, st.one_of(commands, commands, leading, leading, faults, noises, set_outside)),
    max_size=25,
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
            line.utterance_id and not line.was_cut and line.utterance_id not in self.told
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
            elif isinstance(effect, Say) and effect.text == LOUD:
                assert not self._going_on, "a stroke is going on"
                self._follows = None
        tempo_said = isinstance(event, CommandHeard) and event.command in (
            Command.SLOWER,
            Command.FASTER,
        )
        if tempo_said or isinstance(event, Adjusted):
            self._check_retuned()
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
        stroke, pace = self.session._guide.step.stroke, self.session._guide.active
        if stroke and pace and pace.rides_on_breath:
            end = pace.end_seconds()
            assert end is not None and onset < end
            self._follows = None
            self._going_on.append((onset, end))
        elif stroke:
            self._follows = onset + stroke.seconds / status.tempo
            self._going_on.append((onset, self._follows))

    def _check_retuned(self) -> None:
        """A change just before an onset changes the stroke that begins with it."""
        pace, stroke = self.session._guide.active, self.session._guide.step.stroke
        if not (self._going_on and pace and stroke) or pace.rides_on_breath:
            return
        onset, end = self._going_on[-1]
        if onset > self.now and pace.end_seconds() != end:
            tempo = self.session.status().tempo
            assert pace.end_seconds() == pytest.approx(onset + stroke.seconds / tempo)
            self._follows = onset + stroke.seconds / tempo
            self._going_on[-1] = (onset, self._follows)
