"""Writes the record of a rehearsal: everything that happens in it, on one time axis."""

from collections.abc import Callable
from dataclasses import replace

from voiceguide.core.commands import Command
from voiceguide.core.decision.heard import Heard
from voiceguide.core.effects import (
    FADE_SECONDS,
    Hush,
    KeepPlace,
    KeepPreferences,
    PlayCue,
    Say,
    SetSpeechRate,
    SetVolume,
)
from voiceguide.core.events import CommandHeard
from voiceguide.core.table import State
from voiceguide.loop import Moment
from voiceguide.rehearsal.entries import (
    ORDER,
    Cued,
    Decided,
    Entered,
    Entry,
    Noted,
    Obeyed,
    Outcome,
    Placed,
    Said,
    Softened,
    Tuned,
    Uttered,
)
from voiceguide.rehearsal.person import SpokenLine

NEAR_SECONDS = 0.6
"""A sound this soon after the person spoke still counts as theirs, for the room reverberates."""

ONE_STRETCH_SECONDS = 0.1
"""Blocks with softer narration that are no further apart than this are noted as one stretch."""


class Scribe:
    """Collects what happens while a rehearsal runs; ``entries`` returns the record.

    Args:
        find_sound: gives start and end (s) of an utterance by its id, once it is placed.
    """

    def __init__(self, find_sound: Callable[[int], tuple[float, float] | None]) -> None:
        self._find_sound = find_sound
        self._sounds: list[Said | Cued] = []
        self._others: list[Obeyed | Entered | Placed | Tuned | Noted] = []
        self._uttered: list[Uttered] = []
        self._heard: list[Heard] = []
        self._softened: list[Softened] = []
        self._state: State | None = None
        self._step: tuple[str, str] | None = None

    def watch(self, moment: Moment) -> tuple[list[Said], bool]:
        """Take in a moment of the session; return (new sentences, whether one was broken off)."""
        now = moment.at_seconds
        new: list[Said] = []
        hushed = False
        if isinstance(moment.event, CommandHeard) and moment.was_obeyed:
            self._others.append(Obeyed(now, moment.event.command, moment.event.routine_id))
        for effect in moment.effects:
            match effect:
                case Hush():
                    hushed = True
                    self._hush(now)
                case Say(utterance_id, text, _):
                    if sound := self._find_sound(utterance_id):
                        said = Said(*sound, text)
                        self._sounds.append(said)
                        new.append(said)
                case PlayCue(cue, at_seconds, seconds):
                    self._sounds.append(Cued(max(at_seconds, now), cue, seconds))
                case KeepPlace(place):
                    if (step := (place.section_id, place.step_id)) != self._step:
                        self._step = step
                        self._others.append(Placed(now, *step))
                case KeepPreferences(tempo, rate, gain, breath):
                    breaths = f", breath × {breath:.2f}" if breath != 1 else ""
                    text = f"strokes × {tempo:.2f}{breaths}, {rate} words a minute, {gain:+.0f} dB"
                    self._others.append(Tuned(now, text))
                case SetSpeechRate() | SetVolume():
                    pass  # the preferences that are kept at the same time tell it
        if moment.state is not self._state:
            self._state = moment.state
            self._others.append(Entered(now, moment.state))
        return new, hushed

    def utter(self, utterance: SpokenLine, command: Command | None, was_live: bool) -> None:
        """Note what the person says."""
        self._uttered.append(Uttered(utterance, command, was_live, Outcome.MISSED))

    def hear(self, heard: Heard) -> None:
        """Note what the ears decided."""
        self._heard.append(heard)

    def soften(self, now: float) -> None:
        """Note that narration is softer now."""
        last = self._softened[-1] if self._softened else None
        if last and now - last.end_seconds <= ONE_STRETCH_SECONDS:
            self._softened[-1] = replace(last, end_seconds=now)
        else:
            self._softened.append(Softened(now, now))

    def note(self, at_seconds: float, text: str) -> None:
        """Note something else."""
        self._others.append(Noted(at_seconds, text))

    def entries(self, length_seconds: float) -> tuple[Entry, ...]:
        """The record of a rehearsal of this length, in the order of time.

        A sound that goes on at its end is cut off there; one that would begin later is left out.
        """
        sounds = [self._until(sound, length_seconds) for sound in self._sounds]
        sounded = [sound for sound in sounds if sound.at_seconds <= length_seconds]
        entries: list[Entry] = [*sounded, *self._others, *self._softened]
        owners = [self._owner(heard) for heard in self._heard]
        for uttered in self._uttered:
            commands = [
                heard.phrase.command
                for heard, owner in zip(self._heard, owners, strict=True)
                if heard.phrase and owner is uttered
            ]
            entries.append(replace(uttered, outcome=_outcome(uttered, commands)))
        for heard, owner in zip(self._heard, owners, strict=True):
            entries.append(Decided(heard, "person" if owner else self._other_cause(heard)))
        return tuple(sorted(entries, key=lambda e: (e.at_seconds, ORDER.index(type(e)))))

    def _hush(self, now: float) -> None:
        sounded = [sound for sound in self._sounds if sound.at_seconds <= now]
        self._sounds = [self._until(sound, now, FADE_SECONDS) for sound in sounded]

    @staticmethod
    def _until(sound: Said | Cued, now: float, fade_seconds: float = 0.0) -> Said | Cued:
        """The part of a sound that was heard by now, with its fading out."""
        if sound.at_seconds > now:
            return sound
        if isinstance(sound, Said) and now < sound.end_seconds and not sound.was_cut:
            share = (now - sound.at_seconds) / (sound.end_seconds - sound.at_seconds)
            return replace(
                sound,
                end_seconds=min(sound.end_seconds, now + fade_seconds),
                was_cut=True,
                heard=_begun(sound.text, share),
            )
        if isinstance(sound, Cued) and sound.seconds:
            end = min(sound.at_seconds + sound.seconds, now + fade_seconds)
            return replace(sound, seconds=end - sound.at_seconds)
        return sound

    def _owner(self, heard: Heard) -> Uttered | None:
        """What the person said that was heard here: of several things, the one it overlaps most."""
        near = [
            uttered
            for uttered in self._uttered
            if heard.end_seconds >= uttered.utterance.start_seconds
            and heard.start_seconds <= uttered.utterance.end_seconds + NEAR_SECONDS
        ]
        return max(near, key=lambda uttered: _overlap(heard, uttered.utterance), default=None)

    def _other_cause(self, heard: Heard) -> str:
        for sound in self._sounds:
            end = sound.end_seconds if isinstance(sound, Said) else sound.at_seconds + 0.2
            if sound.at_seconds < heard.end_seconds and heard.start_seconds <= end + NEAR_SECONDS:
                return "guide"
        return "noise"


def _begun(text: str, share: float) -> str:
    """The words of a sentence that have begun after this share of its length, 0–1."""
    words, letters = text.split(), 0
    for count, word in enumerate(words):
        if letters >= share * len(text):
            return " ".join(words[:count])
        letters += len(word) + 1
    return " ".join(words)


def _overlap(heard: Heard, utterance: SpokenLine) -> float:
    """How many seconds they overlap; if they do not, minus the time between them."""
    return min(heard.end_seconds, utterance.end_seconds) - max(
        heard.start_seconds, utterance.start_seconds
    )


def _outcome(uttered: Uttered, commands: list[Command]) -> Outcome:
    """The outcome of something said, from the commands that it was taken for."""
    if uttered.command is None:
        if commands and uttered.utterance.line.words:
            return Outcome.MISTAKEN
        return Outcome.OBEYED if commands else Outcome.IGNORED
    if uttered.command in commands:
        return Outcome.OBEYED
    if commands:
        return Outcome.WRONG
    return Outcome.MISSED if uttered.was_live else Outcome.NOT_LIVE
