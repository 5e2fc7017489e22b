"""The checks of voice, ears and devices: each alone, then all together through the air."""

import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from voiceguide.core.commands import Command, Phrase, Phrasebook
from voiceguide.core.errors import DeviceError, VoiceguideError
from voiceguide.core.rates import BLOCK_SAMPLES, EAR_RATE_HZ
from voiceguide.core.routine.routine import Routine
from voiceguide.doctor.finding import Finding, Instruments, failed
from voiceguide.edge.ears.hearing import hear_recording
from voiceguide.edge.ears.recogniser import Recogniser
from voiceguide.edge.files.phrase_file import load_phrase_file
from voiceguide.edge.files.pronounced import for_ears
from voiceguide.edge.files.sound_file import read_sound
from voiceguide.edge.models.model_store import resolve_model
from voiceguide.edge.system.children import scratch_folder
from voiceguide.settings.tables import Settings
from voiceguide.sound.clip import Clip
from voiceguide.sound.level import INT16_FULL_SCALE, dbfs
from voiceguide.sound.resample import resample
from voiceguide.sound.soundness import ends_at_4_khz, what_is_wrong
from voiceguide.sound.voice_port import speak

SENTENCE = "This is your guide. Now I say one word, and listen for it."
WORD = "next"
PAUSE_SECONDS = 1.0
"""Quiet between the sentence and the word, for a command must stand alone."""
LEAD_SECONDS = 1.0
"""How long the noise of the room is recorded before anything is played."""
LEAST_LEVEL_DB = 6.0
"""By how many dB the speaker must stand out of the noise to count as heard."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """The sentence and the word that the voice rendered."""

    sentence: Clip
    word: Clip


def check_voice(settings: Settings, instruments: Instruments) -> tuple[Finding, Spoken | None]:
    """(Whether the voice speaks and how fast it renders, what it rendered); None if it does not."""
    try:
        # With an empty cache, so that rendering is timed, not reading.
        with ExitStack() as stack:
            folder = stack.enter_context(scratch_folder())
            voice = instruments.open_voice(settings.voice.name, Path(folder))
            stack.callback(voice.close)
            rate = settings.voice.words_per_minute
            word = speak(voice, WORD, rate)
            began = time.perf_counter()
            sentence = speak(voice, SENTENCE, rate)
            took_seconds = time.perf_counter() - began
    except (VoiceguideError, OSError) as error:
        advice = "run scripts/run once to set up what is missing, or choose another voice.name"
        return failed("voice", error, advice), None
    if not np.any(sentence.samples):
        return Finding(
            "voice", False, "the voice renders silence", "choose another voice.name", 5
        ), None
    detail = (
        f"{_named(settings.voice.name)} rendered {sentence.seconds:.1f} s "
        f"of speech in {1000 * took_seconds:.0f} ms"
    )
    return Finding("voice", True, detail), Spoken(sentence, word)


def _named(voice: str) -> str:
    return "the default voice" if voice == "auto" else voice


def check_model(
    settings: Settings, routines: Mapping[str, Routine]
) -> tuple[Finding, Recogniser | None, Phrasebook | None]:
    """Whether the recogniser's model loads, and knows every word that can be said."""
    try:
        spoken = load_phrase_file(settings.ears.language, settings.ears.phrases)
        book = spoken.book.with_library(routines)
        folder = resolve_model(settings.ears.model)
        began = time.perf_counter()
        recogniser = Recogniser(folder, for_ears(routines.values(), spoken))
        took_seconds = time.perf_counter() - began
        recogniser.check(book.phrases)
    except (VoiceguideError, OSError) as error:
        return (
            failed("model", error, "choose another ears.model: voiceguide models list"),
            None,
            None,
        )
    megabytes = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6
    detail = (
        f"{folder.name}, {megabytes:.1f} MB, tried and loaded in {took_seconds:.2f} s, "
        f"knows all {len(book.phrases)} phrases"
    )
    return Finding("model", True, detail), recogniser, book


def check_hearing(recogniser: Recogniser, book: Phrasebook, word: Clip) -> Finding:
    """Whether the ears understand the voice without a room in between."""
    import soundfile

    advice = "choose another ears.model: voiceguide models list"
    try:
        with scratch_folder() as folder:
            path = Path(folder) / "word.wav"
            soundfile.write(path, word.samples, word.sample_rate_hz, subtype="PCM_16")
            samples = read_sound(path, EAR_RATE_HZ).samples
        heard = hear_recording(recogniser, live_phrases(book), samples, book.decoys)
    except (VoiceguideError, OSError) as error:
        return failed("hearing", error, advice)
    if any(one.phrase and one.phrase.text == WORD for one in heard):
        return Finding("hearing", True, f"“{WORD}”, spoken into a file, was understood")
    texts = " / ".join(one.text for one in heard) or "nothing"
    detail = f"“{WORD}”, spoken into a file, was not understood; heard: {texts}"
    return Finding("hearing", False, detail, advice, 4)


def check_devices(
    settings: Settings, instruments: Instruments, *, needed: bool
) -> tuple[Finding, bool]:
    """(Which microphone and speaker a session would use, whether both are there)."""
    instead = "without them words are typed and sentences shown"
    try:
        microphone, speaker = instruments.find_devices(settings)
    except DeviceError as error:
        if needed:
            return failed("devices", error, f"see voiceguide devices; {instead}"), False
        return Finding("devices", True, f"not needed now; {error}"), False
    complete = microphone is not None and speaker is not None
    detail = f"microphone: {microphone or 'none'}; speaker: {speaker or 'none'}"
    if complete or not needed:
        return Finding("devices", True, detail), complete
    advice = f"plug one in, then: voiceguide devices; {instead}"
    return Finding("devices", False, detail, advice, DeviceError.exit_code), False


def check_sound(
    settings: Settings,
    instruments: Instruments,
    spoken: Spoken,
    recogniser: Recogniser | None,
    book: Phrasebook | None,
    *,
    headphones: bool = False,
) -> Finding:
    """Play a sentence and a command, record them, and check that they come back and are heard.

    Args:
        headphones: whether the microphone cannot hear the speaker, and need only be on.
    """
    rate = spoken.sentence.sample_rate_hz
    lead, pause = (np.zeros(round(s * rate), np.float32) for s in (LEAD_SECONDS, PAUSE_SECONDS))
    parts = (lead, spoken.sentence.samples, pause, spoken.word.samples, pause)
    clip = Clip(np.concatenate(parts), rate)
    try:
        recorded = instruments.play_and_record(settings, clip)
    except (DeviceError, OSError) as error:
        return failed("sound", error, "see voiceguide devices for the names of what is there")
    noise_db, level_db = levels(recorded)
    figures = f"noise {noise_db:.0f} dBFS, the guide {level_db:.0f} dBFS"
    wrong = what_is_wrong(recorded)
    if wrong:
        return Finding("sound", False, *wrong, DeviceError.exit_code)
    if headphones:
        return Finding("sound", True, f"the microphone is on: noise {noise_db:.0f} dBFS")
    if instruments.channels():
        figures = f"{figures}, {instruments.channels()}"
    if level_db - noise_db < LEAST_LEVEL_DB:
        return Finding(
            "sound",
            False,
            f"the microphone does not hear the speaker: {figures}",
            "turn the speaker up and the room quiet; with headphones: voiceguide doctor "
            "--headphones",
            DeviceError.exit_code,
        )
    if recogniser is None or book is None:
        return Finding("sound", True, figures)
    heard = hear_recording(
        recogniser,
        live_phrases(book),
        recorded.astype(np.float32) / np.float32(INT16_FULL_SCALE),
        book.decoys,
    )
    obeyed = [one.phrase.text for one in heard if one.phrase]
    detail = f"{figures}, heard: {', '.join(obeyed) or 'no command'}"
    advice = ""
    if ends_at_4_khz(recorded, resample(clip, EAR_RATE_HZ).samples, EAR_RATE_HZ):
        detail += "; the microphone's sound ends at 4 kHz, as over Bluetooth hands-free"
        advice = "words are understood less well so: choose another microphone (input_device)"
    if WORD in obeyed:
        return Finding("sound", True, detail, advice)
    advice = advice or (
        "turn the speaker up, bring the microphone nearer and the room quiet, and try again"
    )
    return Finding(
        "sound", False, f"“{WORD}”, played here, was not understood: {detail}", advice,
        DeviceError.exit_code,
    )  # fmt: skip


def levels(recorded: NDArray[np.int16]) -> tuple[float, float]:
    """(Noise floor, level of the loud parts) in dBFS: 10th and 90th percentile of 50 ms blocks."""

    windows = recorded[: len(recorded) // BLOCK_SAMPLES * BLOCK_SAMPLES]
    if not len(windows):
        return dbfs(recorded), dbfs(recorded)
    each = [max(-96.0, dbfs(window)) for window in windows.reshape(-1, BLOCK_SAMPLES)]
    low, high = np.percentile(each, (10, 90))
    return float(low), float(high)


def live_phrases(book: Phrasebook) -> tuple[Phrase, ...]:
    """Everything that can be said while a step is told."""
    return book.live(command for command in Command if command is not Command.CHOOSE)
