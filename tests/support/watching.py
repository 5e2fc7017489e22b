"""Small routines, things that may happen, and a session whose every answer is looked at."""

from hypothesis import strategies as st
from simulation.strokes import StrokeLedger
from support.playing import Play

from voiceguide.core.commands import Command
from voiceguide.core.effects import Effect, Hush, KeepPlace, PlayCue, Say
from voiceguide.core.events import (
    Adjusted,
    CommandHeard,
    Event,
    Fault,
    Faulted,
    NoiseChanged,
    Recovered,
    RoutineLeftOut,
    TapClosed,
    VolumeLimited,
    WordMissed,
)
from voiceguide.core.routine.routine import Hold, Mode, Routine, Section, Side, Step, Stroke, Wait
from voiceguide.core.session.preferences import Preferences
from voiceguide.core.timeline.progress import position_of
from voiceguide.loop import Moment

SETTINGS = (
    *(Command.SLOWER, Command.FASTER, Command.SPEAK_SLOWER, Command.SPEAK_FASTER),
    *(Command.LOUDER, Command.QUIETER, Command.BREATHING_ON, Command.BREATHING_OFF),
)


# Small routines.

sentences = st.lists(
    st.sampled_from(["Look up.", "Let the shoulders sink.", "Breathe slowly, and rest."]),
    max_size=2,
).map(tuple)
sides = st.sampled_from(list(Side))
strokes = st.builds(
    Stroke,
    count=st.integers(1, 7),
    seconds=st.sampled_from([0.4, 0.5, 1.0, 2.5, 4.0]),
    side=sides,
    count_aloud=st.booleans(),
)
holds = st.builds(Hold, seconds=st.sampled_from([1.0, 3.0, 8.0]), side=sides)
waits = st.builds(
    Wait,
    about_seconds=st.sampled_from([2.0, 10.0, 19.0]),
    timer_seconds=st.sampled_from([None, None, 5.0, 20.0, 90.0]),
    by_tap=st.booleans(),
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
commands = st.sampled_from(sorted(Command)).map(
    lambda command: CommandHeard(command, "small", minutes=2)
)
leading = st.sampled_from([CommandHeard(Command.START), CommandHeard(Command.NEXT)])
faults = st.sampled_from(list(Fault)).flatmap(
    lambda fault: st.sampled_from([Faulted(fault), Recovered(fault)])
)
noises = st.one_of(st.booleans().map(NoiseChanged), st.just(RoutineLeftOut()))
set_outside = st.one_of(
    st.builds(Adjusted, st.none() | st.floats(0.5, 2), st.none() | st.floats(-21, 9)),
    st.builds(VolumeLimited, st.none() | st.floats(-21, 9)),
    st.just(TapClosed()),
    st.just(WordMissed()),
)
happenings = st.lists(
    st.tuples(delays, st.one_of(commands, commands, leading, leading, faults, noises, set_outside)),
    max_size=25,
)


class WatchedPlay(Play):
    """A session in which every answer is looked at."""

    def __init__(self, routine: Routine, preferences: Preferences | None = None) -> None:
        self._strokes = StrokeLedger()
        self._newest_id = 0
        super().__init__({"small": routine}, "small", preferences=preferences)
        self.tell(CommandHeard(Command.START))

    @property
    def routine(self) -> Routine:
        return self.library["small"]

    def tell(self, event: Event) -> None:
        before = self.session.state
        seen = len(self.effects)
        super().tell(event)
        effects = tuple(effect for _, effect in self.effects[seen:])
        self._check_form(effects)
        self._check_way_on()
        moment = Moment(self.now, event, effects, self.session.snapshot())
        self._strokes.take(moment, before, self.session)

    def _check_form(self, effects: tuple[Effect, ...]) -> None:
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
