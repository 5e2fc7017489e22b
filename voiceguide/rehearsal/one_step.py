"""Renders one step of a routine as a session paces it: no room, no ears, no waiting."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from voiceguide.core.commands import Command, Phrasebook
from voiceguide.core.effects import Cue, Effect, PlayCue, Say
from voiceguide.core.errors import SpeechError
from voiceguide.core.events import CommandHeard, DeadlineReached, Event, SpeechFailed, Started
from voiceguide.core.rates import VOICE_RATE_HZ
from voiceguide.core.routine.routine import Conditions, Routine, Section, Step
from voiceguide.core.session.preferences import Manner, Preferences
from voiceguide.core.session.session import Session
from voiceguide.core.table import RUNNING, State
from voiceguide.loop import Moment
from voiceguide.performer import NoKeeper, Performer
from voiceguide.rehearsal.entries import Entry
from voiceguide.rehearsal.scribe import Scribe
from voiceguide.rehearsal.stage import Placements
from voiceguide.sound.clip import Clip
from voiceguide.sound.mixer import Mixer
from voiceguide.sound.voice_port import VoicePort, Waiting

_LEAST_SECONDS = 0.001


@dataclass(frozen=True, slots=True)
class PlayedStep:
    """The sound of a step."""

    sound: Clip
    entries: tuple[Entry, ...]
    """Every sentence and every cue, with its time."""
    waits: bool
    """Whether it ends where a session would wait for a word."""


def only_step(routine: Routine, section: Section, step: Step) -> Routine:
    """A routine with this step alone, told as in its place: the zone is announced if it is the
    first step of its zone.
    """
    opens = step == section.steps[0]
    alone = replace(
        section,
        steps=(replace(step, conditions=Conditions()),),
        announce=section.announce if opens else (),
        conditions=Conditions(),
    )
    return replace(
        routine, sections=(alone,), beforehand=(), safety=(), supply=(), within_seconds=None
    )


def play_step(
    routine: Routine,
    book: Phrasebook,
    voice: VoicePort,
    cues: Mapping[Cue, Clip],
    *,
    manner: Manner | None = None,
    preferences: Preferences | None = None,
) -> PlayedStep:
    """Render the only step of a routine (`only_step`).

    Raises:
        SpeechError: the voice cannot say it.
    """
    book = book.with_library({routine.id: routine})
    session = Session(
        {routine.id: routine}, book, None, preferences, routine.id, manner or Manner()
    )
    return _Player(session, voice, cues).run()


class _Player:
    """Leads a session to its step, and renders that until the session would leave it."""

    def __init__(self, session: Session, voice: VoicePort, cues: Mapping[Cue, Clip]) -> None:
        self._session = session
        self._placements = Placements(VOICE_RATE_HZ)
        self._mixer = Mixer(VOICE_RATE_HZ, self._placements.take)
        self._scribe = Scribe(self._placements.seconds_of)
        self._following: deque[Event] = deque()
        self._performer = Performer(
            self._mixer, Waiting(voice), cues, NoKeeper(), self._following.append
        )

    def run(self) -> PlayedStep:
        """Render the step to its end."""
        for effect in self._session.handle(Started(), 0.0):
            if not isinstance(effect, Say | PlayCue):  # the greeting is no part of the step
                self._performer.perform(effect)
        self._handle(CommandHeard(Command.START))
        parts = []
        while not self._is_over:
            parts.append(self._mixer.render(self._samples_to_next()))
            self._advance()
        while self._mixer.busy:  # a bell that rings out
            parts.append(self._mixer.render(VOICE_RATE_HZ // 20))
        sound = Clip(np.concatenate(parts), VOICE_RATE_HZ)
        waits = self._session.state is State.WAITING
        return PlayedStep(sound, self._scribe.entries(sound.seconds), waits)

    @property
    def _now(self) -> float:
        return self._mixer.position / VOICE_RATE_HZ

    @property
    def _is_over(self) -> bool:
        """Whether the session has left the step, or has said everything and waits for a word."""
        if self._session.state not in RUNNING:
            return True
        step = self._session.snapshot().step
        waits = step is not None and step.wait is not None and step.wait.timer_seconds is None
        return self._session.state is State.WAITING and waits and not self._mixer.busy

    def _samples_to_next(self) -> int:
        times = (self._session.next_deadline(), self._performer.next_end_seconds())
        due = [time for time in times if time is not None]
        seconds = max(_LEAST_SECONDS, min(due) - self._now) if due else _LEAST_SECONDS
        return int(np.ceil(seconds * VOICE_RATE_HZ - 1e-6))

    def _advance(self) -> None:
        for ended in self._performer.ended():
            self._handle(ended)
        while not self._is_over:
            deadline = self._session.next_deadline()
            if deadline is None or deadline > self._now:
                return
            self._handle(DeadlineReached())

    def _handle(self, event: Event) -> None:
        self._following.append(event)
        while self._following and not self._has_left:
            event, now = self._following.popleft(), self._now
            if isinstance(event, SpeechFailed):
                raise SpeechError("the voice cannot say this step; see: voiceguide doctor")
            effects = self._session.handle(event, now)
            wanted = tuple(filter(self._is_wanted, effects))
            for effect in wanted:
                self._performer.perform(effect)
            self._scribe.watch(Moment(now, event, wanted, self._session.snapshot()))

    @property
    def _has_left(self) -> bool:
        return self._session.state not in RUNNING and self._mixer.position > 0

    def _is_wanted(self, effect: Effect) -> bool:
        """Whether an effect belongs to the step; not the earcon of "go", nor what comes later."""
        if isinstance(effect, PlayCue):
            return effect.cue is not Cue.HEARD
        return self._session.state in RUNNING or not isinstance(effect, Say)
