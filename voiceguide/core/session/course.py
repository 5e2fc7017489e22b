"""Where a session stands: its state, routine and position, and the places that are remembered."""

from collections.abc import Mapping

from voiceguide.core.effects import ForgetPlace, KeepPlace, Place
from voiceguide.core.routine.known import as_known
from voiceguide.core.routine.routine import Mode, Routine, Section, Step, When
from voiceguide.core.routine.variants import at_hour, depends_on_hour
from voiceguide.core.session.preferences import Guided, Manner, Memory
from voiceguide.core.session.turn import Turn
from voiceguide.core.table import State
from voiceguide.core.timeline.progress import (
    Position,
    following,
    following_section,
    place_of,
    position_of,
    preceding,
)

GRACE_SECONDS = 1.0
"""A "next" within this time after the guide moved on by itself was meant for the step before, for
nobody wants to leave a step that they have barely heard."""


class Course:
    """The way through a routine, and the moves from place to place.

    Args:
        library: the routines that can be chosen, by id.
        memory: what is remembered of earlier sessions.
        named: the routine that the person asked for before the session began.
        manner: how the person wants this session.
    """

    state: State
    """Set by the machine."""

    def __init__(
        self,
        turn: Turn,
        library: Mapping[str, Routine],
        memory: Memory,
        named: str | None,
        manner: Manner,
    ) -> None:
        self._turn = turn
        self.library = library
        self.memory = memory
        self.wanted = named
        """The routine that the person wants to choose."""
        self.routine: Routine | None = None
        self.position = Position()
        self._named = named
        """The routine that the person asked for, by voice or on the command line."""
        self.person = ""
        """The id of the person who is guided; empty if they have not said who they are."""
        self._usual_when = manner.when
        self._tells_all = manner.everything
        self.clock: When | None = None
        """The time of day by the clock."""
        self._said: When | None = None
        """The time of day that the person named, along with the routine or as an answer."""
        self._everything = manner.everything
        self._led_on_at: float | None = None
        """When the guide last moved on by itself; None after a word has moved something."""

    @property
    def current(self) -> Routine:
        """The chosen routine; ask only where there is one."""
        assert self.routine is not None
        return self.routine

    @property
    def section(self) -> Section:
        """The present section."""
        return self.position.section(self.current)

    @property
    def step(self) -> Step:
        """The present step."""
        return self.position.step(self.current)

    # What is told of a routine.

    @property
    def when(self) -> When | None:
        """The time of day that routines are told for; None where nobody knows it."""
        return self._said or self._usual_when or self.clock

    def as_told(self, routine_id: str, when: When | None) -> Routine:
        """A routine of the library as this person hears it at a time of day."""
        whole = self.library[routine_id]
        routine = at_hour(whole, when)
        if not any(routine.steps()):
            routine = whole
        if self._everything:
            return routine
        return as_known(routine, self.memory.acquaintance(routine_id))

    @property
    def knows_a_routine(self) -> bool:
        """Whether the person knows a routine that they can choose, and is told less of it."""
        known = dict(self.memory.known)
        return not self._everything and any(
            acquaintance.is_known for key, acquaintance in known.items() if key in self.library
        )

    def want(self, routine_id: str, when: When | None) -> None:
        """Note that the person asks for this routine, perhaps for a time of day."""
        self.wanted = routine_id
        self._said = when

    def tell_everything(self) -> None:
        """Tell the present step, and all that follow, as to a person who hears it first."""
        self._everything = True
        self.routine = self.as_told(self.current.id, self.when)
        self.restart_step()

    # What is remembered.

    def kept_position(self, routine_id: str | None, when: When | None = None) -> Position | None:
        """Where a routine was left; None where that was its very beginning.

        Args:
            when: the time of day to tell it for; the present one where this is left out.
        """
        place = self.memory.place(routine_id) if routine_id else None
        routine = None
        if place and routine_id and routine_id in self.library:
            routine = self.as_told(routine_id, when or self.when)
        position = position_of(routine, place) if routine and place else None
        if position is None or (position.section_index, position.step_index) == (0, 0):
            return None
        return position

    @property
    def offered(self) -> Position:
        """Where the chosen routine goes on if the person wants that.

        The step is told and done from its start: the strokes that were done are too long ago.
        """
        kept = self.kept_position(self.current.id) or Position()
        return Position(kept.section_index, kept.step_index)

    def keep(self, position: Position | None = None) -> None:
        """Remember this position, or the present one."""
        self.keep_place(place_of(self.current, position or self.position))

    def keep_place(self, place: Place) -> None:
        """Remember this place."""
        self.memory = self.memory.keeping(place)
        self._turn.do(KeepPlace(place, self.person))

    def forget_place(self) -> None:
        """Forget the place: the next start of this routine is at its beginning."""
        self.memory = self.memory.forgetting(self.current.id)
        self._turn.do(ForgetPlace(self.current.id, self.person))

    # Guards: pure, they may run twice.

    def just_led_on(self) -> bool:
        at = self._led_on_at
        return at is not None and self._turn.now - at <= GRACE_SECONDS

    def wanted_is_there(self) -> bool:
        return self.wanted in self.library and not self.hour_matters()

    def wanted_has_place(self) -> bool:
        return self.kept_position(self.wanted) is not None

    def hour_matters(self) -> bool:
        wanted = self.library.get(self.wanted) if self.wanted else None
        return wanted is not None and self.when is None and depends_on_hour(wanted)

    def evening_has_place(self) -> bool:
        return self.kept_position(self.wanted, When.EVENING) is not None

    def morning_has_place(self) -> bool:
        return self.kept_position(self.wanted, When.MORNING) is not None

    def routine_was_named(self) -> bool:
        return self._named is not None

    def has_next(self) -> bool:
        return following(self.current, self.position) is not None

    def has_next_zone(self) -> bool:
        return following_section(self.current, self.position) is not None

    def step_is_paced(self) -> bool:
        return self.step.mode in (Mode.STROKE, Mode.HOLD, Mode.BREATHE)

    def step_waits(self) -> bool:
        return self.step.mode is Mode.WAIT

    # Moves: run before the state is left.

    def take(self, when: When | None) -> None:
        """Take the wanted routine, as it is at this time of day."""
        assert self.wanted
        if when is not self.when:
            self._said = when
        self.routine = self.as_told(self.wanted, when)
        self.position = Position()
        if self._turn.command:
            self._named = self.wanted

    def go_to_place(self) -> None:
        self.position = self.offered

    def begin(self) -> None:
        self.position = Position()

    def advance(self) -> None:
        self.position = following(self.current, self.position) or self.position
        self._led_on_at = None if self._turn.command else self._turn.now

    def stay(self) -> None:
        """Stay at this step: the word was meant for the step before."""
        self._led_on_at = None

    def retreat(self) -> None:
        self.position = preceding(self.current, self.position)

    def restart_step(self) -> None:
        self.position = Position(self.position.section_index, self.position.step_index)

    def restart_zone(self) -> None:
        self.position = Position(self.position.section_index)

    def skip_to_zone(self) -> None:
        self.position = following_section(self.current, self.position) or self.position

    def become(self, person: Guided) -> None:
        """Guide this person from now on."""
        self.person, self.library, self.memory = person.id, person.library, person.memory
        self._usual_when, self._tells_all = person.when, person.everything
        self._everything = self._tells_all

    def forget(self) -> None:
        """Forget what was chosen in the last session."""
        self.routine = self._named = self.wanted = self._led_on_at = self._said = None
        self._everything = self._tells_all
        self.position = Position()
