"""What can be seen of a live session: one `View` that the terminal and the page both draw.

A `View` is told every moment of the session on the loop's thread, and what the ears decided on
theirs. `View.shown` is everything there is to show, so a page that is opened late misses nothing.
It never holds talk: of what was heard only commands that were obeyed and, for debugging, why a
command was not.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from voiceguide.core.commands import INTRODUCED, Command, Phrasebook
from voiceguide.core.decision.heard import Heard
from voiceguide.core.effects import Hush, Say
from voiceguide.core.events import CommandHeard, SpeechEnded, SpeechFailed
from voiceguide.core.help import words_to_say
from voiceguide.core.routine.breath import Breath, Way
from voiceguide.core.routine.routine import Picture
from voiceguide.core.session.preferences import GUEST
from voiceguide.core.session.session import Session
from voiceguide.core.session.snapshot import Snapshot
from voiceguide.core.table import State
from voiceguide.loop import Moment
from voiceguide.show.drawing.tracing import DrawnLine, step_lines

WORDS = 7
"""How many words are shown at a time; "help" tells the others."""


@dataclass(frozen=True, slots=True)
class Part:
    """One phase of a breath."""

    way: Way
    share: float
    """Its share of the whole breath, 0–1."""
    begins_full: float
    """How full the lungs are as it begins, 0–1."""
    ends_full: float


@dataclass(frozen=True, slots=True)
class HeardWords:
    """Words that were heard, and when on the session's time axis."""

    text: str
    at_seconds: float
    why: str = ""
    """Why they were not obeyed; empty if they were."""


PROGRAMME, NO_PROGRAMME = "programme", "none"
"""What a page sends, with an id or "none" after it, to have the person follow a programme."""


@dataclass(frozen=True, slots=True)
class Shown:
    """How the session stands, with what only a screen shows."""

    session: Snapshot
    now_seconds: float
    caption: str = ""
    """The sentence that is being said, or was said last."""
    is_speaking: bool = False
    """Whether it is still being said."""
    lines: tuple[DrawnLine, ...] = ()
    """The strokes of the step as lines on the face, or on the routine's own picture."""
    breath: tuple[Part, ...] = ()
    words: tuple[str, ...] = ()
    """What can be said, the likeliest first."""
    persons: tuple[tuple[str, str], ...] = ()
    """For each person, what they say to tell who they are, and how that is written; empty while it
    cannot be said."""
    programmes: tuple[tuple[str, str], ...] = ()
    """For each programme, what to send to follow or leave it (``programme four-weeks``), and how
    that is written; empty while the person may not."""
    heard: HeardWords | None = None
    rejected: HeardWords | None = None

    @property
    def title(self) -> str:
        """The name of the routine; empty before one is chosen."""
        name = self.session.routine.name if self.session.routine else ""
        return name[:1].upper() + name[1:]

    @property
    def zones(self) -> tuple[str, ...]:
        """The names of the routine's sections."""
        routine = self.session.routine
        return tuple(section.name for section in routine.sections) if routine else ()

    @property
    def region(self) -> str:
        """The region that is lit in the picture."""
        return self.session.section.region if self.session.section else ""

    @property
    def picture(self) -> Picture | None:
        """The routine's own, in place of the face."""
        routine = self.session.routine
        return routine.picture if routine and self.session.is_underway else None

    @property
    def step(self) -> str:
        """The name of the step; empty unless a routine is under way."""
        return self.session.step.name if self.session.step else ""

    @property
    def next(self) -> str:
        """The name of what comes next: a step, or the next zone."""
        return self.session.next_name if self.session.is_underway else ""


class View:
    """Follows a session.

    Args:
        names: of the routines that can be chosen, in order.
        with_rejected: whether to show commands that were not obeyed, with the reason.
        programmes: names of the programmes that can be chosen, by id.
    """

    def __init__(
        self,
        session: Session,
        book: Phrasebook,
        names: tuple[str, ...],
        now: Callable[[], float],
        with_rejected: bool = False,
        programmes: Mapping[str, str] | None = None,
    ) -> None:
        self._session = session
        self._book = book
        self._names = names
        self._now = now
        self._with_rejected = with_rejected
        self._programmes = programmes or {}
        self._saying: dict[int, str] = {}
        self._caption = ""
        self._heard: HeardWords | None = None
        self._rejected: HeardWords | None = None

    def watch(self, moment: Moment) -> None:
        """Take in one moment of the session."""
        match moment.event:
            case CommandHeard() as heard if moment.was_obeyed:
                words = self._said(heard)
                self._heard, self._rejected = HeardWords(words, moment.at_seconds), None
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
            # Only what sounded like a command; other talk is private.
            self._rejected = HeardWords(words, heard.decided_seconds, heard.why.value)

    def shown(self) -> Shown:
        """Everything there is to show now; only on the loop's thread."""
        stands = self._session.snapshot()
        return Shown(
            session=stands,
            now_seconds=self._now(),
            caption=self._caption,
            is_speaking=bool(self._saying),
            lines=_lines(stands),
            breath=_parts(stands.breath) if stands.breath and stands.is_underway else (),
            words=self._words(stands.state),
            persons=self._persons(),
            programmes=self._choices_of_programmes(stands),
            heard=self._heard,
            rejected=self._rejected,
        )

    def _words(self, state: State) -> tuple[str, ...]:
        if state in (State.CHOOSING, State.IDLE):
            return self._names
        return tuple(words_to_say(state, self._session.commands(), self._book)[:WORDS])

    def _persons(self) -> tuple[tuple[str, str], ...]:
        if Command.PERSON not in self._session.commands():
            return ()
        texts: dict[str | None, str] = {}
        for phrase in self._book.of(Command.PERSON):
            texts.setdefault(phrase.person, phrase.text)
        return tuple((text, _written(text, person)) for person, text in texts.items())

    def _choices_of_programmes(self, stands: Snapshot) -> tuple[tuple[str, str], ...]:
        is_asked = stands.state in (State.CHOOSING, State.IDLE)
        if not (is_asked and self._session.may_choose_programme):
            return ()
        if stands.programme:
            return ((f"{PROGRAMME} {NO_PROGRAMME}", f"Leave: {stands.programme.name}"),)
        there = self._programmes.items()
        return tuple((f"{PROGRAMME} {key}", f"Follow: {name}") for key, name in there)

    def _said(self, heard: CommandHeard) -> str:
        asked = (heard.routine_id, heard.minutes, heard.person)
        phrases = self._book.of(heard.command)
        named = (
            each.text for each in phrases if (each.routine_id, each.minutes, each.person) == asked
        )
        return next(named, heard.word)


def _written(text: str, person: str | None) -> str:
    """What a person says to tell who they are, with the name written as a name."""
    how = f"{INTRODUCED[0]} "
    name = text.removeprefix(how)
    return f"{how.capitalize()}{name if person == GUEST else name.title()}"


def _lines(stands: Snapshot) -> tuple[DrawnLine, ...]:
    section, step, routine = stands.section, stands.step, stands.routine
    if not (section and step and routine):
        return ()
    side = stands.counted.side if stands.counted else None
    return step_lines(step, section.region, side, routine.picture)


def _parts(breath: Breath) -> tuple[Part, ...]:
    """A breath as phases with their shares; in a hold the lungs stay as full as they were."""
    lengths = {way: sum(p.seconds for p in breath.phases if p.way is way) for way in Way}
    parts, full = [], 0.0
    for phase in breath.phases:
        step = 0.0 if phase.way is Way.HOLD else phase.seconds / lengths[phase.way]
        after = min(1.0, max(0.0, full + (step if phase.way is Way.IN else -step)))
        parts.append(Part(phase.way, phase.seconds / breath.seconds, full, after))
        full = after
    return tuple(parts)
