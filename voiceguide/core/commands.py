"""What a person can ask for, and the phrases of a language that ask for it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from voiceguide.core.routine.routine import Routine, When
from voiceguide.core.routine.variants import depends_on_hour
from voiceguide.core.spoken import as_spoken, words


class Command(StrEnum):
    """A spoken command; the value is its name in files, logs and JSON."""

    START = "start"
    NEXT = "next"
    BACK = "back"
    REPEAT = "repeat"
    REPEAT_ZONE = "repeat_zone"
    SLOWER = "slower"
    FASTER = "faster"
    SPEAK_SLOWER = "speak_slower"
    SPEAK_FASTER = "speak_faster"
    PAUSE = "pause"
    RESUME = "resume"
    SKIP_ZONE = "skip_zone"
    START_OVER = "start_over"
    STOP = "stop"
    BREATHING_ON = "breathing_on"
    BREATHING_OFF = "breathing_off"
    EVERYTHING = "everything"
    """Whoever knows a routine hears less of it; this brings all of it back."""
    UNDO = "undo"
    LOUDER = "louder"
    QUIETER = "quieter"
    HELP = "help"
    WHY = "why"
    WHERE = "where"
    HOW_LONG = "how_long"
    WHATS_NEXT = "whats_next"
    HOW_MANY = "how_many"
    HOW_MUCH = "how_much"
    SUPPLIES = "supplies"
    WHICH_SIDE = "which_side"
    WHAT = "what"
    """What the guide said last, once more and more slowly."""
    DONE = "done"
    """Like "next", of somebody who does something and is waited for."""
    OKAY = "okay"
    """What leads on where the guide waits, and can mean nothing else there."""
    NOT_YET = "not_yet"
    THANKS = "thanks"
    TIMER = "timer"
    """A timer of one's own, beside the steps; the phrase carries its minutes."""
    TIMER_OFF = "timer_off"
    LATER = "later"
    """To a reminder: not now, but ask once again."""
    NOT_TODAY = "not_today"
    """To a reminder: no more of it today."""
    YES = "yes"
    NO = "no"
    CHOOSE = "choose"
    """A routine by its name; the phrase carries the routine's id."""
    WAKE = "wake"
    """The guide is called; its phrases come from the settings."""
    PERSON = "person"
    """Who is there; the phrase carries the person's id, and comes from the settings."""


FROM_ELSEWHERE = frozenset({Command.CHOOSE, Command.WAKE, Command.PERSON})
"""Commands whose phrases stand in no phrase file."""
INTRODUCED = ("it is", "it's", "this is", "i'm")
"""What somebody says before their name: "it is" begins softly, and is missed most easily."""

Meaning = tuple[Command, str | None, When | None, int | None, str | None]
"""A command, the routine it names, the time of day, the minutes and the person, if any."""

TIMER_MINUTES = range(1, 21)
"""How long a timer of one's own may be."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that, said alone, ask for one command."""

    text: str
    """Lower-case words separated by single spaces, as the recogniser writes them."""
    command: Command
    routine_id: str | None = None
    """The routine that is chosen; only with ``Command.CHOOSE``."""
    when: When | None = None
    """The time of day it is chosen for, where that was said along with its name."""
    minutes: int | None = None
    """Of ``TIMER_MINUTES``; only with ``Command.TIMER``."""
    person: str | None = None
    """Who says so, by their id; with ``Command.PERSON``, and with a call of one's own."""
    is_awaited: bool = False
    """Whether the guide has just asked for it, so that a lower score is enough."""

    @property
    def meaning(self) -> Meaning:
        """What obeying it would do, however it is worded; several phrases may mean the same."""
        return self.command, self.routine_id, self.when, self.minutes, self.person


@dataclass(frozen=True, slots=True)
class Phrasebook:
    """Every phrase of a language, the first of a command being the one that help teaches."""

    language: str
    phrases: tuple[Phrase, ...]
    decoys: tuple[str, ...] = ()
    """Words offered to the recogniser so that it need not bend them into a command."""

    def live(
        self, commands: Iterable[Command], awaited: Iterable[Command] = ()
    ) -> tuple[Phrase, ...]:
        """The phrases of these commands, in the book's order.

        Args:
            awaited: commands that the guide has just asked for.
        """
        wanted, asked = frozenset(commands), frozenset(awaited)
        return tuple(
            replace(phrase, is_awaited=True) if phrase.command in asked else phrase
            for phrase in self.phrases
            if phrase.command in wanted
        )

    def of(self, command: Command) -> tuple[Phrase, ...]:
        """The phrases of one command, the shortest way to say it first."""
        return tuple(phrase for phrase in self.phrases if phrase.command is command)

    def find(self, text: str) -> Phrase | None:
        """The phrase of exactly these words, or None; numbers may be digits."""
        said = (" ".join(words(text)), " ".join(words(as_spoken(text))))
        wanted = (" ".join(text.lower().split()), *said)
        return next((phrase for phrase in self.phrases if phrase.text in wanted), None)

    def with_routines(self, names: Mapping[str, tuple[str, ...]]) -> "Phrasebook":
        """This book plus the spoken names of routines (``{routine id: (name, …)}``)."""
        added = tuple(
            Phrase(" ".join(words(name)), Command.CHOOSE, routine_id)
            for routine_id, spoken in names.items()
            for name in spoken
        )
        return Phrasebook(self.language, self.phrases + added, self.decoys)

    def with_library(self, library: Mapping[str, Routine]) -> "Phrasebook":
        """This book plus every name of these routines; a time of day may be said along with one
        that differs by it ("serum ritual, morning").
        """
        named = self.with_routines({key: each.spoken_names for key, each in library.items()})
        timed = tuple(
            Phrase(f"{phrase.text} {when.value}", phrase.command, phrase.routine_id, when)
            for phrase in named.phrases[len(self.phrases) :]
            for when in When
            if depends_on_hour(library[phrase.routine_id or ""])
        )
        return Phrasebook(self.language, named.phrases + timed, self.decoys)

    def with_wake(self, texts: Iterable[str]) -> "Phrasebook":
        """This book plus the phrases that call the guide."""
        added = tuple(Phrase(text, Command.WAKE) for text in texts)
        return Phrasebook(self.language, self.phrases + added, self.decoys)

    def with_persons(
        self, names: Mapping[str, str], calls: Mapping[str, tuple[str, ...]] | None = None
    ) -> "Phrasebook":
        """This book plus what tells who is there: "it is Anna", and to a guide that sleeps "hey
        guide, it is Anna" for each call in this book, or a call of the person's own.

        Args:
            names: as they are said, by id.
            calls: calls of persons' own, by id.
        """
        introduced = [
            (f"{how} {' '.join(words(name))}", person)
            for person, name in names.items()
            for how in INTRODUCED
        ]
        called = [
            (f"{call.text} {text}", person)
            for text, person in introduced
            for call in self.of(Command.WAKE)
        ]
        called += [(call, person) for person, own in (calls or {}).items() for call in own]
        added = (
            *(Phrase(text, Command.PERSON, person=person) for text, person in introduced),
            *(Phrase(text, Command.WAKE, person=person) for text, person in called),
        )
        # A word that is offered by itself as well is written alone too easily.
        own = {word for phrase in added for word in phrase.text.split()}
        decoys = tuple(word for word in self.decoys if word not in own)
        return Phrasebook(self.language, self.phrases + added, decoys)
