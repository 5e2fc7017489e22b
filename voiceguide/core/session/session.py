"""A session: told what happened and what time it is, answers with what to do.

The transitions machine decides what a trigger means in a state; this class hands each event to the
part that it is for, and obeys commands.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import assert_never

from voiceguide.core.commands import TIMER_MINUTES, Command, Phrase, Phrasebook
from voiceguide.core.effects import Cue, Effect, KeepTimer, PlayCue
from voiceguide.core.errors import RoutineError
from voiceguide.core.events import (
    Adjusted,
    CommandHeard,
    DayBegan,
    DeadlineReached,
    Event,
    Faulted,
    HourTold,
    Interrupted,
    NoiseChanged,
    ProgrammeChosen,
    Recovered,
    RoutineLeftOut,
    SpeechEnded,
    SpeechFailed,
    Started,
    TapClosed,
    TimeToRemind,
    VolumeLimited,
    WordMissed,
)
from voiceguide.core.live_commands import awaited_commands, live_commands
from voiceguide.core.routine.known import Acquaintance
from voiceguide.core.routine.programme import Programme, Standing, followed
from voiceguide.core.routine.routine import Routine
from voiceguide.core.session.drive import Drive
from voiceguide.core.session.guide import Guide
from voiceguide.core.session.length import as_wanted
from voiceguide.core.session.notices import Notices
from voiceguide.core.session.preferences import GUEST, Guided, Manner, Memory, Preferences
from voiceguide.core.session.snapshot import Snapshot, snapshot_of
from voiceguide.core.session.undo import leads_back
from voiceguide.core.table import State


class Session:
    """One person's way through a routine.

    Args:
        library: the routines that can be chosen, already selected for the person. A routine of
            which nothing is left for them cannot be chosen.
        book: the phrases of the language, routine names included.
        memory: what is remembered of earlier sessions.
        preferences: tempo, speech rate and volume as they were set last.
        routine_id: the routine that was asked for; None to ask aloud.
        manner: how the person wants this session.
        person: the id of the person who is guided until somebody says who they are.
        others: everybody else who may say that they are there.
        programmes: the programmes that can be followed, by id.

    Raises:
        RoutineError: nothing is left to do for somebody in the routine asked for, or in any.
    """

    def __init__(
        self,
        library: Mapping[str, Routine],
        book: Phrasebook,
        memory: Memory | None = None,
        preferences: Preferences | None = None,
        routine_id: str | None = None,
        manner: Manner | None = None,
        person: str = "",
        others: Iterable[Guided] = (),
        programmes: Mapping[str, Programme] | None = None,
    ) -> None:
        manner = manner or Manner()
        first = Guided(
            person,
            library,
            memory or Memory(),
            preferences or Preferences(),
            manner.when,
            manner.everything,
        )
        there = [_as_wanted(each, manner) for each in (first, *others)]
        if routine_id and routine_id not in there[0].library:
            raise _nothing_left(routine_id)
        self._guide = Guide(there[0], there[1:], book, routine_id, manner, programmes or {})
        self._drive = Drive(self._guide)
        self._notices = Notices(self._guide, self._drive)

    @property
    def state(self) -> State:
        """The present state."""
        return self._guide.state

    @property
    def routine(self) -> Routine | None:
        """The routine that is under way, or the last one that was chosen."""
        return self._guide.course.routine

    @property
    def person(self) -> str:
        """The id of the person who is guided; any thread may ask."""
        return self._guide.course.person

    @property
    def may_choose_programme(self) -> bool:
        """See `Persons.may_choose_programme`; any thread may ask."""
        return self._guide.persons.may_choose_programme()

    @property
    def has_ended(self) -> bool:
        """Whether there is nothing left to do."""
        return self.state is State.ENDED

    def commands(self) -> frozenset[Command]:
        """The commands that are listened for now."""
        return self._guide.dials.commands(self.state)

    def phrases(self, book: Phrasebook) -> tuple[Phrase, ...]:
        """The phrases of a book that are listened for now."""
        return book.live(self.commands(), awaited_commands(self.state))

    def next_deadline(self) -> float | None:
        """When ``DeadlineReached`` must be handled; None while only an event can change anything.

        While an aside is being said, no deadline is due.
        """
        guide = self._guide
        return None if guide.mouth.in_aside else guide.alarms.next_seconds()

    def remember(
        self, streak: int, known: tuple[tuple[str, Acquaintance], ...], person: str = ""
    ) -> None:
        """Take in what the history says on a new day (`Memory.streak`, `Memory.known`)."""
        self._guide.persons.remember(person, streak=streak, known=known)

    def follow(self, standing: Standing | None, person: str = "") -> None:
        """Take in that a person chose or left a programme outside this session."""
        persons = self._guide.persons
        persons.remember(person, standing=followed(standing, persons.named_programme(person)))

    @property
    def is_loud(self) -> bool:
        """Whether the noise is too loud to hear a word in."""
        return self._guide.loudness.is_loud

    def snapshot(self) -> Snapshot:
        """How everything stood at the last event."""
        return snapshot_of(self._guide)

    def handle(self, event: Event, now: float) -> tuple[Effect, ...]:
        """Answer an event at ``now`` seconds; return what to do, in order."""
        guide, drive = self._guide, self._drive
        guide.turn.begin(now, opens=isinstance(event, Started))
        if self.has_ended:
            return ()
        match event:
            case Started():
                self._start()
            case CommandHeard():
                self._obey(event)
            case SpeechEnded(utterance_id, at_seconds):
                drive.ended(utterance_id, at_seconds)
            case SpeechFailed(utterance_id):
                drive.ended(utterance_id, now)
            case DeadlineReached():
                drive.alarmed()
            case Faulted(fault):
                self._notices.faulted(fault)
            case Recovered(fault):
                self._notices.recovered(fault)
            case RoutineLeftOut():
                self._notices.left_out()
            case NoiseChanged(is_loud):
                guide.loudness.became(is_loud)
            case WordMissed():
                guide.missed.another()
            case TapClosed():
                guide.rinse.closed()
            case Adjusted(tempo, gain_db):
                guide.tuning.adjust(tempo, gain_db)
            case VolumeLimited(limit_db):
                guide.dials.limit(limit_db)
            case HourTold(when):
                guide.course.clock = when
            case DayBegan(day):
                guide.days.date = day
            case TimeToRemind(person):
                self._remind(person)
            case ProgrammeChosen(programme_id):
                if self.may_choose_programme:
                    guide.days.follow(programme_id)
            case Interrupted():
                drive.fire("interrupt")
            case _:
                assert_never(event)
        if not self.has_ended:
            drive.tap_closed()
            guide.asides.return_to_notice()
            guide.interludes.tell()
        effects = guide.turn.take_effects()
        if guide.course.person == GUEST:  # a guest's timer is not kept either
            effects = tuple(each for each in effects if not isinstance(each, KeepTimer))
        return effects

    def _start(self) -> None:
        guide, drive = self._guide, self._drive
        guide.dials.open()
        if guide.sleep.stays() and not guide.course.routine_was_named():
            guide.persons.take_interrupted(guide.sleep.patience_seconds)
        guide.own_timer.take_up(guide.persons.timer_left())
        latest, day = guide.course.memory.latest, guide.days.day
        if guide.course.routine_was_named():
            drive.fire(Command.CHOOSE)
        elif (
            latest
            and guide.course.kept_position(latest.routine_id)
            and guide.sleep.was_interrupted(day.routine_id if day else None)
        ):
            drive.fire("rejoin")
        elif guide.sleep.stays():
            drive.fire("drowsy")
        elif guide.days.has_day():
            drive.fire("today")
        else:
            guide.ask_which()

    def _remind(self, person: str) -> None:
        """Remind a person, unless they are here already or have done their day."""
        guide = self._guide
        if self.state is not State.ASLEEP or not guide.persons.there_is(person):
            return
        guide.persons.take(person)
        if guide.days.is_done:
            guide.persons.forget()
        else:
            self._drive.fire("remind")

    def _obey(self, heard: CommandHeard) -> None:
        guide, command, routine_id = self._guide, heard.command, heard.routine_id
        self._drive.catch_up()
        if command not in live_commands(self.state):
            return
        if command is Command.CHOOSE:
            if routine_id is None or routine_id not in guide.course.library:
                return
            guide.course.want(routine_id, heard.when)
        if command is Command.TIMER:
            if heard.minutes is None or heard.minutes not in TIMER_MINUTES:
                return
            guide.own_timer.wanted_minutes = heard.minutes
        if heard.person is not None and not guide.persons.there_is(heard.person):
            return
        if command is Command.PERSON and heard.person is None:
            return
        guide.turn.command = command
        guide.sleep.heard()
        guide.dials.speak_up()
        before = guide.marks.mark() if leads_back(command, self.state) else None
        undoing = command is Command.UNDO and not guide.marks.nothing_to_undo()
        if self.state is State.STOPPING and command is Command.RESUME:
            guide.marks.drop_move()
        entries = guide.entries
        if heard.person is not None:
            guide.persons.take(heard.person)
        self._drive.fire(command)
        if guide.entries > entries:
            guide.course.stay()
            if before:
                guide.marks.push(before)
        cue = Cue.UNDONE if undoing else Cue.HEARD
        guide.turn.do(PlayCue(cue, guide.turn.now))


def _as_wanted(person: Guided, manner: Manner) -> Guided:
    """A person with the routines that have something left for them, at the length they want."""
    choices = {
        key: as_wanted(routine, manner)
        for key, routine in person.library.items()
        if any(routine.steps())
    }
    if not choices:
        raise _nothing_left(f"any routine for {person.id}" if person.id else "any routine")
    memory = person.memory
    standing = followed(memory.standing, person.programme)
    return replace(person, library=choices, memory=replace(memory, standing=standing))


def _nothing_left(where: str) -> RoutineError:
    return RoutineError(
        f"nothing is left to do in {where};"
        " avoid fewer zones, or choose another time of day or routine."
    )
