"""Hears a recording while the guide narrates: the guide's echo is mixed in, and taken out again."""

from collections.abc import Sequence

import numpy as np

from voiceguide.core.commands import Phrase
from voiceguide.core.decision.heard import Heard
from voiceguide.core.decision.thresholds import Thresholds
from voiceguide.core.rates import BLOCK_SAMPLES, EAR_RATE_HZ
from voiceguide.edge.ears.ears import Ears
from voiceguide.edge.ears.hearing import TAIL_SECONDS, earlier
from voiceguide.edge.ears.recogniser import Recogniser
from voiceguide.rehearsal.acoustics import BATHROOM, active_level_db, convolve, speaker_response
from voiceguide.sound.clip import Clip, Samples
from voiceguide.sound.echo.cleaner import Front
from voiceguide.sound.echo.overheard import sounding
from voiceguide.sound.level import INT16_FULL_SCALE
from voiceguide.sound.mixer import Mixer
from voiceguide.sound.quiet import quiet_like
from voiceguide.sound.resample import resample

LEAD_SECONDS = 15.0
"""How long the guide narrates before the recording begins, to get to know its echo."""
GAP_SECONDS = 0.4
HIGHEST = 0.9
"""The loudest sample that may be reached, so that the microphone is not overdriven."""
DELAY_SAMPLES = 640
"""Delay of the loudspeaker in samples: 40 ms."""


def hear_narrated(
    recogniser: Recogniser,
    phrases: tuple[Phrase, ...],
    samples: Samples,
    narration: Sequence[Clip],
    echo_db: float,
    decoys: Sequence[str] = (),
    thresholds: Thresholds | None = None,
) -> tuple[Heard, ...]:
    """What new ears hear in a recording at 16 kHz during narration.

    Args:
        narration: sentences, repeated until the recording is over.
        echo_db: active level of their echo over that of the recording.

    Returns:
        What was heard; times count from the first sample of the recording.
    """
    lead = round(LEAD_SECONDS * EAR_RATE_HZ)
    tail = round(TAIL_SECONDS * EAR_RATE_HZ)
    count = -(-(lead + len(samples) + tail) // BLOCK_SAMPLES) * BLOCK_SAMPLES
    quiet = quiet_like(samples, count - len(samples))
    mixer = Mixer(EAR_RATE_HZ)
    told = _narrate(mixer, narration, count)
    sound = np.concatenate((quiet[:lead], samples, quiet[lead:]))
    echo = convolve(np.pad(told, (DELAY_SAMPLES, 0)), speaker_response(BATHROOM))[:count]
    level_db = active_level_db(samples)
    if np.isfinite(level_db):
        echo *= np.float32(10 ** ((level_db + echo_db - active_level_db(echo)) / 20))
        sound = sound + echo
    sound *= np.float32(min(1.0, HIGHEST / max(float(np.abs(sound).max()), HIGHEST)))
    recorded = (np.clip(sound, -1.0, 1.0) * (INT16_FULL_SCALE - 1)).round().astype(np.int16)
    ears, front = Ears(recogniser, decoys, thresholds), Front(mixer, BLOCK_SAMPLES, EAR_RATE_HZ)
    ears.listen_for(phrases)
    heard: list[Heard] = []
    for start in range(0, count, BLOCK_SAMPLES):
        mixer.render(BLOCK_SAMPLES)
        now = mixer.position / EAR_RATE_HZ
        cleaned = front.clean(recorded[start : start + BLOCK_SAMPLES], now)
        heard += ears.hear(cleaned, now, sounding(mixer, now, front))
    heard += ears.flush()
    length = len(samples) / EAR_RATE_HZ
    return tuple(
        earlier(one, LEAD_SECONDS, length) for one in heard if one.end_seconds >= LEAD_SECONDS
    )


def _narrate(mixer: Mixer, narration: Sequence[Clip], count: int) -> Samples:
    """Place sentences on the mixer until `count` samples are filled; return these samples."""
    told = np.zeros(count, np.float32)
    at, number = 0, 0
    clips = [resample(clip, EAR_RATE_HZ) for clip in narration]
    while at < count and clips:
        clip = clips[number % len(clips)]
        mixer.play(clip.samples, at, tag=None, words=clip.words)
        part = clip.samples[: count - at]
        told[at : at + len(part)] += part
        at += len(clip.samples) + round(GAP_SECONDS * EAR_RATE_HZ)
        number += 1
    return told
