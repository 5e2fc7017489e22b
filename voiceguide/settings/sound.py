"""The settings of what is heard: the guide's voice, microphone and speaker, its ears, and other
machines that hear or speak for it."""

from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from voiceguide.core.timeline.ranges import GAIN_RANGE_DB, RATE_RANGE
from voiceguide.settings.keys import Key, Kind


class CancellerChoice(StrEnum):
    """What takes the guide's own voice out of the microphone's sound."""

    OWN = "own"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class VoiceSettings:
    """How the guide speaks."""

    name: Annotated[
        str,
        Key(
            Kind.TEXT,
            "The guide's voice: `auto` (a pack of rendered sentences that can say the whole "
            "session, or else the speech engine), `engine`, a pack's voice or file, a voice of the "
            "engine by name, or a Piper voice by name or file.",
        ),
    ] = "auto"
    words_per_minute: Annotated[
        int,
        Key(
            Kind.WHOLE,
            "Speech rate at first; changes by “speak slower” and “speak faster” are remembered.",
            unit="words a minute",
            span=RATE_RANGE,
        ),
    ] = 150


@dataclass(frozen=True, slots=True)
class SoundSettings:
    """Microphone and speaker."""

    gain_db: Annotated[
        float,
        Key(
            Kind.NUMBER,
            "Volume at first; changes by “louder” and “quieter” are remembered.",
            unit="dB",
            span=GAIN_RANGE_DB,
        ),
    ] = 0.0
    cues: Annotated[
        str | None,
        Key(
            Kind.NAME_OR_PATH,
            "The set of short sounds: `bowl`, `wood`, `soft`, or a folder of your own.",
            unset="wood for the rhythm, bells for answers",
        ),
    ] = None
    background: Annotated[
        str | None,
        Key(
            Kind.NAME_OR_PATH,
            "A quiet sound behind a session: `drone`, or a sound file in a loop.",
            unset="nothing",
        ),
    ] = None
    night_gain_db: Annotated[
        float | None,
        Key(
            Kind.NUMBER,
            "The highest volume at night, whatever anybody says.",
            unset="the same as by day",
            unit="dB",
            span=GAIN_RANGE_DB,
        ),
    ] = None
    night_from: Annotated[time, Key(Kind.CLOCK, "When the night begins.")] = time(22)
    night_to: Annotated[time, Key(Kind.CLOCK, "When the night ends.")] = time(7)
    input_device: Annotated[
        str | None, Key(Kind.TEXT, "The microphone, by its name.", unset="the system's default")
    ] = None
    input_channel: Annotated[
        int | None,
        Key(
            Kind.WHOLE,
            "The channel of the microphone to listen to, counted from 1.",
            unset="the best one",
            span=(1, 64),
        ),
    ] = None
    output_device: Annotated[
        str | None, Key(Kind.TEXT, "The speaker, by its name.", unset="the system's default")
    ] = None
    canceller: Annotated[
        CancellerChoice,
        Key(
            Kind.CHOICE,
            "What takes the guide's voice out of the microphone's sound: the guide itself, or the "
            "echo-cancelled microphone of PulseAudio or PipeWire.",
            choices=CancellerChoice,
        ),
    ] = CancellerChoice.OWN


@dataclass(frozen=True, slots=True)
class EarsSettings:
    """What understands the spoken commands."""

    model: Annotated[
        str | None,
        Key(
            Kind.NAME_OR_PATH, "The recogniser's model.", unset="the one that ships with voiceguide"
        ),
    ] = None
    language: Annotated[str, Key(Kind.TEXT, "The language of the commands.")] = "en"
    phrases: Annotated[
        Path | None,
        Key(
            Kind.FILE,
            "A phrase file of your own.",
            unset="the phrases that ship for the language",
        ),
    ] = None
    tap: Annotated[
        bool,
        Key(
            Kind.SWITCH,
            "Whether a step that says rinse goes on when the guide hears the tap being closed.",
        ),
    ] = True


@dataclass(frozen=True, slots=True)
class WyomingSettings:
    """Other machines that hear or speak, if you want any (docs/speaker.md)."""

    ears_server: Annotated[
        str | None,
        Key(
            Kind.ADDRESS,
            "A Wyoming server that decides what was said; the sound of every utterance near the "
            "microphone is sent there. There may be several, separated by commas: if one fails or "
            "is overloaded, the next is asked.",
            unset="no sound leaves this machine",
        ),
    ] = None
    voice_server: Annotated[
        str | None,
        Key(
            Kind.ADDRESS,
            "A Wyoming server that speaks instead; every sentence of the guide is sent there. "
            "There may be several, as for the ears.",
            unset="no sentence leaves this machine",
        ),
    ] = None
