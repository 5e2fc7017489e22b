"""Measures the echo from the speaker to the microphone: how well one can talk over the guide."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voiceguide.core.errors import DeviceError
from voiceguide.core.rates import BLOCK_SAMPLES, EAR_RATE_HZ
from voiceguide.doctor.finding import Finding, Instruments, failed
from voiceguide.settings.sound import CancellerChoice
from voiceguide.settings.tables import Settings
from voiceguide.sound.clip import Clip, Samples
from voiceguide.sound.echo.cleaner import Front
from voiceguide.sound.echo.port import USUALLY_SOFTER_DB, SystemCanceller
from voiceguide.sound.level import dbfs
from voiceguide.sound.mixer import Mixer
from voiceguide.sound.resample import resample

SWEEP_SECONDS = 1.5
SWEEPS = 2
LOWEST_HZ, HIGHEST_HZ = 100.0, 7000.0
SWEEP_DBFS = -18.0
LEAD_SECONDS = 0.5
PASSES = 2
"""How often the canceller learns from the recording: in a session it has more to learn from."""
GOOD_DB, FAIR_DB = 15.0, 8.0
"""By how many dB the echo must be lowered for words to be understood well over it, or at all."""
MOST_CLIPPED = 0.002
"""The share of samples at full scale from which the microphone counts as overdriven."""
_FULL = 32_700


@dataclass(frozen=True, slots=True)
class EchoPath:
    """The path from the speaker to the microphone."""

    delay_seconds: float | None
    """Delay from playing to recording, to within a block; None if no echo was found."""
    coupling_db: float
    """Level in the microphone minus the level that was played."""
    lowered_db: float
    """By how many dB the canceller lowers the guide's speech, after it learnt from the sweeps."""


def sweep(sample_rate_hz: int) -> Samples:
    """A tone that rises from the lowest to the highest frequency, faded in and out."""
    time = np.arange(round(SWEEP_SECONDS * sample_rate_hz)) / sample_rate_hz
    rise = np.log(HIGHEST_HZ / LOWEST_HZ) / SWEEP_SECONDS
    tone = np.sin(2 * np.pi * LOWEST_HZ / rise * np.expm1(rise * time))
    edge = np.clip(np.minimum(time, SWEEP_SECONDS - time) / 0.02, 0.0, 1.0)
    level = np.sqrt(2) * 10 ** (SWEEP_DBFS / 20)
    return np.asarray(level * edge * tone, np.float32)


def measure(
    recorded: NDArray[np.int16], played: Clip, canceller: SystemCanceller | None = None
) -> EchoPath:
    """The echo path, from a recording at 16 kHz mono that began together with the clip.

    By how much the sound system's own canceller has lowered the echo can only be estimated.
    """
    sound = resample(played, EAR_RATE_HZ).samples
    mixer = Mixer(EAR_RATE_HZ)
    front = Front(mixer, BLOCK_SAMPLES, EAR_RATE_HZ, canceller)
    whole = len(recorded) // BLOCK_SAMPLES * BLOCK_SAMPLES
    cleaned = np.zeros(whole, np.int16)
    for _ in range(PASSES):
        mixer.play(sound, mixer.position, tag=None)
        for start in range(0, whole, BLOCK_SAMPLES):
            mixer.render(BLOCK_SAMPLES)
            block = recorded[start : start + BLOCK_SAMPLES]
            now = mixer.position / EAR_RATE_HZ
            cleaned[start : start + BLOCK_SAMPLES] = front.clean(block, now)
        delay = front.delay_seconds
        if delay is None:
            return EchoPath(None, float("-inf"), 0.0)
    assert delay is not None
    first = round((LEAD_SECONDS + SWEEPS * SWEEP_SECONDS + delay) * EAR_RATE_HZ)
    last = min(whole, round(played.seconds * EAR_RATE_HZ))
    raw, left = (dbfs(one[first:last]) for one in (recorded, cleaned))
    coupling = raw - dbfs(sound[first:last])
    lowered = -coupling - USUALLY_SOFTER_DB if canceller else raw - left
    return EchoPath(delay, coupling, max(0.0, lowered))


def check_echo(settings: Settings, instruments: Instruments, sentence: Clip) -> Finding:
    """Play two sweeps and a sentence, and say in one sentence what may be expected."""
    rate = sentence.sample_rate_hz
    lead = np.zeros(round(LEAD_SECONDS * rate), np.float32)
    clip = Clip(np.concatenate((lead, *[sweep(rate)] * SWEEPS, sentence.samples, lead)), rate)
    try:
        recorded = instruments.play_and_record(settings, clip)
    except (DeviceError, OSError) as error:
        return failed(
            "talking over", error, "see voiceguide devices for the names of what is there"
        )
    theirs = settings.sound.canceller is CancellerChoice.SYSTEM
    path = measure(recorded, clip, SystemCanceller() if theirs else None)
    if np.mean(np.abs(recorded.astype(np.int32)) >= _FULL) > MOST_CLIPPED:
        return Finding(
            "talking over",
            False,
            "the microphone is overdriven by the guide, so that nothing else is heard over it",
            "turn the microphone's gain down, or the speaker",
            DeviceError.exit_code,
        )
    if path.delay_seconds is None:
        detail = "works well: the microphone does not hear the guide (headphones?)"
        return Finding("talking over", True, detail)
    lowered = "and is lowered by" if not theirs else "lowered by the sound system by about"
    figures = (
        f"its echo comes back {1000 * path.delay_seconds:.0f} ms late with "
        f"{path.coupling_db:+.1f} dB, {lowered} {path.lowered_db:.0f} dB"
    )
    if path.lowered_db >= GOOD_DB:
        how = "will work well"
    elif path.lowered_db >= FAIR_DB:
        how = "will work if you speak up"
    else:
        how = "will work for stop, pause and next only; move speaker and microphone apart"
    return Finding("talking over", True, f"talking over the guide {how}: {figures}")
