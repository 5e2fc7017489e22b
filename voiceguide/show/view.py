"""What can be seen of a live session: one `View` that the terminal and the page both draw.

A `View` is told every moment of the session on the loop's thread, and what the ears decided on
theirs; `View.snapshot` is everything there is to show, so whoever comes late misses nothing.
No talk is ever in it: of what was heard only commands that were obeyed, and, while debugging,
why a command was not.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from voiceguide.core.commands import Command, Phrasebook
from voiceguide.core.decision.heard import Heard
from voiceguide.core.effects import Hush, Say
from voiceguide.core.events import CommandHeard, SpeechEnded, SpeechFailed
from voiceguide.core.routine.breath import Breath, Way
from voiceguide.core.routine.routine import Picture, Routine, Side
from voiceguide.core.session.outlook import Outlook
from voiceguide.core.session.session import Session
from voiceguide.core.table import State
from voiceguide.core.timeline.progress import following
from voiceguide.core.wording import words_to_say
from voiceguide.loop import Moment
from voiceguide.show.drawing.tracing import Line, step_lines

WORDS = 7
"""Words shown at a time; "help" tells the others."""


class Mood(StrEnum):
    """How the guide looks."""

    AWAKE = "awake"
    WAITING = "waiting"
    PAUSED = "paused"
    ASLEEP = "asleep"
    FAULT = "fault"


_MOODS = {
    State.TELLING: Mood.AWAKE,
    State.PACING: Mood.AWAKE,
    State.PAUSED: Mood.PAUSED,
    State.STOPPING: Mood.ASLEEP,
    State.IDLE: Mood.ASLEEP,
    State.ASLEEP: Mood.ASLEEP,
    State.ENDED: Mood.ASLEEP,
}


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a breath."""

    way: Way
    share: float
    """Of the whole breath, 0–1."""
    begins_full: float
    """How full the lungs are as it begins, 0–1."""
    ends_full: float


@dataclass(frozen=True, slots=True)
class Counted:
    """A stroke, a breath or a hold under way or about to begin."""

    number: int
    """1-based on its side; 0 before the first."""
    count: int
    """Repetitions on this side; 1 for a hold that no breath paces."""
    side: Side
    onset_seconds: float | None
    period_seconds: float
    is_hold: bool


@dataclass(frozen=True, slots=True)
class Told:
    """Something that was heard, and when on the session's time axis."""

    text: str
    at_seconds: float
    why: str = ""
    """Why it was not obeyed; empty when it was."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything there is to show at one moment."""

    now_seconds: float
    state: State
    mood: Mood
    routine: str = ""
    zones: tuple[str, ...] = ()
    zone_index: int | None = None
    region: str = ""
    step: str = ""
    next: str = ""
    """What comes after this step: its name, or that of the following zone."""
    caption: str = ""
    """The sentence that is spoken, or was spoken last."""
    lines: tuple[Line, ...] = ()
    picture: Picture | None = None
    """The routine's own, in place of the face."""
    hands: str = ""
    path: str = ""
    counted: Counted | None = None
    breath: tuple[Part, ...] = ()
    timer_end_seconds: float | None = None
    words: tuple[str, ...] = ()
    heard: Told | None = None
    rejected: Told | None = None
    is_loud: bool = False
    tempo: float = 1.0
    seconds_left: float = 0.0
    progress: float = 0.0
    """Of the whole routine, 0–1."""
    faults: tuple[str, ...] = ()


class View:
    """Follows a session.

    Args:
        names: of the routines that can be chosen, in their order.
        with_rejected: whether commands that were not obeyed are shown with their reason.
    """

    def __init__(
        self,
        session: Session,
        book: Phrasebook,
        names: tuple[str, ...],
        now: Callable[[], float],
        with_rejected: bool = False,
    ) -> None:
        self._session = session
        self._book = book
        self._names = names
        self._now = now
        self._with_rejected = with_rejected
        self._saying: dict[int, str] = {}
        self._caption = ""
        self._heard: Told | None = None
        self._rejected: Told | None = None

    def watch(self, moment: Moment) -> None:
        """Take in one moment of the session."""
        match moment.event:
            case CommandHeard(command, routine_id):
                words = self._said(command, routine_id)
                self._heard, self._rejected = Told(words, moment.at_seconds), None
            case SpeechEnded(utterance_id) | SpeechFailed(utterance_id):
                self._saying.pop(utterance_id, None)
            case _:
                pass
        for effect in moment.effects:
            match effect:
                case Say(utterance_id, text):
                    self._saying[utterance_id] = text
                case Hush():
                    self._saying.clear()
        if self._saying:
            self._caption = next(iter(self._saying.values()))

    def hear(self, heard: Heard) -> None:
        """Take in what the ears decided; any thread may call."""
        words = heard.text
        if self._with_rejected and not heard.accepted and self._book.find(words):
            # Only what sounded like a command; other talk is nobody's business.
            self._rejected = Told(words, heard.decided_seconds, heard.why.value)

    def snapshot(self) -> Snapshot:
        """Everything there is to show now; only on the loop's thread."""
        session, now = self._session, self._now()
        status, look = session.status(), session.outlook()
        state = session.state
        mood = Mood.FAULT if look.faults else _MOODS.get(state, Mood.WAITING)
        shown = Snapshot(
            now_seconds=now,
            state=state,
            mood=mood,
            caption=self._caption,
            words=self._words(state),
            heard=self._heard,
            rejected=self._rejected,
            is_loud=status.is_loud,
            tempo=status.tempo,
            faults=tuple(fault.value for fault in look.faults),
        )
        return _with_place(shown, look) if look.routine else shown

    def _words(self, state: State) -> tuple[str, ...]:
        if state in (State.CHOOSING, State.IDLE):
            return self._names
        return tuple(words_to_say(state, self._session.commands(), self._book)[:WORDS])

    def _said(self, command: Command, routine_id: str | None) -> str:
        phrases = self._book.of(command)
        named = next((each.text for each in phrases if each.routine_id == routine_id), "")
        return named or command.value.replace("_", " ")


def _with_place(shown: Snapshot, look: Outlook) -> Snapshot:
    routine = look.routine
    assert routine
    underway = shown.state in (State.TELLING, State.PACING, State.WAITING, State.PAUSED)
    named = routine.name[:1].upper() + routine.name[1:]
    zones = tuple(section.name for section in routine.sections)
    total = look.seconds_total
    done = 1 - look.seconds_left / total if total else 0.0
    shown = replace(
        shown,
        routine=named,
        zones=zones,
        seconds_left=look.seconds_left,
        progress=min(1.0, max(0.0, done)),
    )
    if not underway:
        return shown
    section, step = look.position.section(routine), look.position.step(routine)
    work = step.stroke or step.hold
    own = look.breath.seconds if look.breath else work.seconds if work else 0.0
    counted = None
    if look.side:
        counted = Counted(
            number=look.number,
            count=look.count,
            side=look.side,
            onset_seconds=look.onset_seconds,
            period_seconds=look.period_seconds or own,
            is_hold=step.hold is not None and look.breath is None,
        )
    return replace(
        shown,
        zone_index=look.position.section_index,
        region=section.region,
        step=step.name,
        next=_next(routine, look),
        lines=step_lines(step, section.region, look.side, routine.picture),
        picture=routine.picture,
        hands=step.stroke.hands if step.stroke else "",
        path=work.path if work else "",
        counted=counted,
        breath=_parts(look.breath) if look.breath else (),
        timer_end_seconds=look.timer_end_seconds,
    )


def _parts(breath: Breath) -> tuple[Part, ...]:
    """A breath as shares; holds stand where the air was left, in or out."""
    lengths = {way: sum(p.seconds for p in breath.phases if p.way is way) for way in Way}
    parts, full = [], 0.0
    for phase in breath.phases:
        step = 0.0 if phase.way is Way.HOLD else phase.seconds / lengths[phase.way]
        after = min(1.0, max(0.0, full + (step if phase.way is Way.IN else -step)))
        parts.append(Part(phase.way, phase.seconds / breath.seconds, full, after))
        full = after
    return tuple(parts)


def _next(routine: Routine, look: Outlook) -> str:
    after = following(routine, look.position)
    if after is None:
        return ""
    return after.section(routine).name if after.opens_section else after.step(routine).name
