"""Puts a rehearsal together: the real voice, ears and session in the simulated room."""

import errno
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from voiceguide.core import wording
from voiceguide.core.rates import BLOCK_SAMPLES, EAR_RATE_HZ
from voiceguide.core.routine.routine import Profile, Routine, When
from voiceguide.core.routine.selection import select
from voiceguide.core.session.preferences import Manner, Memory, Preferences
from voiceguide.core.session.sayings import session_sayings
from voiceguide.core.session.session import Session
from voiceguide.edge.ears.ears import open_ears
from voiceguide.edge.files.background_file import load_background
from voiceguide.edge.files.phrase_file import load_phrase_file, load_phrasebook
from voiceguide.edge.files.pronounced import for_mouth
from voiceguide.edge.files.sound_file import read_sound
from voiceguide.edge.models.model_store import resolve_model
from voiceguide.edge.system.whole_file import cannot_write, cannot_write_sound, whole_file
from voiceguide.edge.voice.choice import local_voice
from voiceguide.edge.voice.voice import Voice
from voiceguide.live.caretaker import answering_to
from voiceguide.rehearsal.acoustics import ROOMS, active_level_db
from voiceguide.rehearsal.air import TAP, Air, noise_loop
from voiceguide.rehearsal.entries import Entry
from voiceguide.rehearsal.person import Person
from voiceguide.rehearsal.screenplay import DEFAULT_PERSON, Line, Screenplay, parse_screenplay
from voiceguide.rehearsal.stage import Stage
from voiceguide.rehearsal.summary import Summary, summarise
from voiceguide.rehearsal.wire import Devices
from voiceguide.sound.clip import Clip, Samples
from voiceguide.sound.cues import load_cues
from voiceguide.sound.resample import resample
from voiceguide.sound.voice_port import speak

PERSON_VOICE = "gmw/en-us+m3"
"""The person's voice, another one than the guide's: of eight tried, the one understood best."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What is rehearsed, by which person, and in which room."""

    routine_id: str | None
    """The routine; None if the guide asks which."""
    library: Mapping[str, Routine]
    """Every routine that can be chosen, by id."""
    profile: Profile = field(default_factory=Profile)
    screenplay: Screenplay | None = None
    """What the person says; None for the default person."""
    room: str = "bathroom"
    noise: str = "none"
    """The noise: ``tap``, ``none``, or the path of a sound file."""
    snr_db: float = 15.0
    """Level of the person's voice over the noise, at the microphone."""
    echo_db: float = -6.0
    """Level of the guide's voice over the person's, at the microphone."""
    devices: Devices = field(default_factory=Devices)
    """What speaker and microphone do to the echo."""
    seed: int = 0
    model: str | None = None
    voice: str | None = None
    person_voice: str = PERSON_VOICE
    limit_seconds: float = 180.0
    cues: str | None = None
    """A set of cues or a folder; None for the usual ones."""
    background: str | None = None
    """The background: ``drone``, or the path of a sound file; None for silence."""
    manner: Manner = field(default_factory=Manner)
    memory: Memory = field(default_factory=Memory)
    """What is remembered of the person from earlier days."""
    wake: tuple[str, ...] = ()
    """What calls a guide that sleeps (`Manner.sleep_seconds`)."""
    cancel_echo: bool = True
    """Whether the guide's own voice is taken out before the ears hear."""
    masks: bool = True
    """Whether the decision knows what the guide says, and how well its echo is known."""
    ducks: bool = True
    """Whether narration becomes softer while somebody speaks over it."""


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """The result of a rehearsal."""

    entries: tuple[Entry, ...]
    summary: Summary
    ended: bool
    """Whether the session ended by itself."""
    speed: float
    """How many times faster than real time it ran, with loading the model included."""


def default_screenplay() -> Screenplay:
    """The default person, who answers every question and tries a few commands."""
    return parse_screenplay(DEFAULT_PERSON, "default person", Path())


def rehearse(
    scene: Scene, *, wav: Path | None = None, progress: Callable[[float], None] | None = None
) -> Rehearsal:
    """Run a rehearsal to its end.

    Args:
        wav: the file for what the microphone records: 16 kHz mono, WAV or FLAC by its name.
        progress: is told the time of the room now and then.

    Raises:
        SettingsError: ``wav`` cannot be written.
        DeviceError: the noise or a clip of the screenplay cannot be read.
        ModelError: the model cannot be used.
        SpeechError: a voice cannot speak.
    """
    began = time.perf_counter()
    screenplay = scene.screenplay or default_screenplay()
    library = {
        name: select(routine, scene.profile.at_any_hour) for name, routine in scene.library.items()
    }
    book = load_phrasebook().with_library(library)
    book = answering_to(book, scene.wake)
    manner = replace(scene.manner, when=scene.profile.when or When.MORNING)
    with ExitStack() as stack:
        voice, _ = local_voice(
            scene.voice,
            session_sayings(library, book),
            for_mouth(library.values(), load_phrase_file()),
        )
        stack.callback(voice.close)
        person_voice = Voice(voice_name=scene.person_voice)
        stack.callback(person_voice.close)
        ears = open_ears(resolve_model(scene.model), book.decoys, phrases=book.phrases)
        listener = _writer(wav, stack) if wav else None
        clips = {
            line.clip: read_sound(line.clip, EAR_RATE_HZ)
            for line in screenplay.lines
            if line.clip is not None
        }

        def find_clip(line: Line, words_per_minute: int) -> Clip:
            if line.clip is not None:
                return clips[line.clip]
            return person_voice.render(line.words, words_per_minute)

        reference = speak(voice, wording.WHICH, Preferences().words_per_minute)
        stage = Stage(
            Session(library, book, scene.memory, routine_id=scene.routine_id, manner=manner),
            book,
            voice=voice,
            cues=load_cues(scene.cues),
            ears=ears,
            air=Air(
                ROOMS[scene.room],
                block_samples=BLOCK_SAMPLES,
                echo_db=scene.echo_db,
                narration_db=active_level_db(resample(reference, EAR_RATE_HZ).samples),
                noise=_noise(scene),
                seed=scene.seed,
                devices=scene.devices,
            ),
            person=Person(screenplay, book, scene.seed),
            find_clip=find_clip,
            cancels=scene.cancel_echo,
            masks=scene.masks,
            ducks=scene.ducks,
            noise=ears,
            seed=scene.seed,
            limit_seconds=scene.limit_seconds,
            background=load_background(scene.background, EAR_RATE_HZ),
            listener=listener,
            progress=progress,
        )
        outcome = stage.run()
    speed = outcome.length_seconds / max(time.perf_counter() - began, 1e-9)
    summary = summarise(outcome.entries, outcome.length_seconds)
    return Rehearsal(outcome.entries, summary, outcome.ended, speed)


def _noise(scene: Scene) -> Samples | None:
    if scene.noise == "none":
        return None
    path = TAP if scene.noise == "tap" else Path(scene.noise)
    return noise_loop(read_sound(path, EAR_RATE_HZ), scene.snr_db)


def _writer(path: Path, stack: ExitStack) -> Callable[[NDArray[np.int16]], None]:
    part = stack.enter_context(whole_file(path))
    try:
        file = soundfile.SoundFile(part, "w", EAR_RATE_HZ, 1, subtype="PCM_16")
    except (OSError, TypeError, ValueError, soundfile.SoundFileError) as error:
        raise cannot_write_sound(path) from error
    stack.callback(file.close)

    def write(samples: NDArray[np.int16]) -> None:
        try:
            file.write(samples)
        except (soundfile.SoundFileError, AssertionError) as error:
            # The library says only that it failed.
            raise cannot_write(path, OSError(errno.ENOSPC, "")) from error

    return write
