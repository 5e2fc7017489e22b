"""What the guide played, as the ears and the echo canceller need it."""

from typing import cast

import numpy as np
import soxr

from voiceguide.core.sounding import Sounding
from voiceguide.sound.clip import Samples
from voiceguide.sound.mixer import Mixer

ECHO_SECONDS = 0.25
"""What was played this long before a block's end may be heard in it: output buffer and room."""
PAD_SECONDS = 0.01
"""Sound around the wanted stretch, so that the resampling filter sees no edge of it; whole
samples at 44.1 and at 48 kHz."""


def played(mixer: Mixer, end_seconds: float, count: int, sample_rate_hz: int) -> Samples:
    """The ``count`` samples played until ``end_seconds`` of the output timeline.

    Each block is resampled by itself with a filter of linear phase, so blocks that follow one
    another are aligned to the same sub-sample; silence comes back without any work.
    """
    seconds = count / sample_rate_hz
    start = round((end_seconds - seconds - PAD_SECONDS) * mixer.sample_rate_hz)
    stop = start + round((seconds + 2 * PAD_SECONDS) * mixer.sample_rate_hz)
    sound = mixer.played(start, stop)
    if not sound.any():
        return np.zeros(count, np.float32)
    pad = round(PAD_SECONDS * sample_rate_hz)
    at_rate = cast(Samples, soxr.resample(sound, mixer.sample_rate_hz, sample_rate_hz, "HQ"))
    return at_rate[pad : pad + count]


def sounding(mixer: Mixer, end_seconds: float) -> Sounding:
    """What of the guide can be heard in a block that ends at this time of the output timeline."""
    rate = mixer.sample_rate_hz
    first = max(0, round((end_seconds - ECHO_SECONDS) * rate))
    level = mixer.playing_db(first, max(0, round(end_seconds * rate)))
    return Sounding(level, mixer.softened_db)
