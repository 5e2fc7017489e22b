"""The ears over a whole recording, as `voiceguide hear` and the bench use them."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from voiceguide.core.commands import Phrase
from voiceguide.core.decision.heard import Heard
from voiceguide.core.decision.thresholds import Thresholds
from voiceguide.core.rates import BLOCK_SAMPLES, EAR_RATE_HZ
from voiceguide.edge.ears.ears import Ears
from voiceguide.edge.ears.recogniser import Recogniser
from voiceguide.sound.clip import Samples
from voiceguide.sound.quiet import quiet_like

LEAD_SECONDS = 1.0
"""Quiet put before a recording, in which the meter learns the noise as in a live room."""
TAIL_SECONDS = 1.5
"""Quiet put after it, so that silence follows a word at the very end."""


def hear_recording(
    recogniser: Recogniser,
    phrases: tuple[Phrase, ...],
    samples: Samples,
    decoys: Sequence[str] = (),
    thresholds: Thresholds | None = None,
) -> tuple[Heard, ...]:
    """What fresh ears hear in a recording; times count from its first sample.

    More of the recording's own quiet is put around it. So a word may begin at the first sample and
    end at the last one, and a decision may fall after the recording's end.

    Args:
        phrases: those that are live.
        samples: 16 kHz mono, shape (n,), within ±1.
    """
    ears = Ears(recogniser, decoys, thresholds)
    ears.listen_for(phrases)
    return hear_with(ears, samples)


def hear_with(ears: Ears, samples: Samples) -> tuple[Heard, ...]:
    """The same with ears that were told what to listen for, and have heard nothing yet."""
    lead = round(LEAD_SECONDS * EAR_RATE_HZ)
    quiet = quiet_like(samples, lead + round(TAIL_SECONDS * EAR_RATE_HZ))
    sound = np.concatenate((quiet[:lead], samples, quiet[lead:]))
    blocks = (np.clip(sound, -1.0, 1.0) * 32767).round().astype(np.int16)
    heard: list[Heard] = []
    for start in range(0, len(blocks), BLOCK_SAMPLES):
        block = blocks[start : start + BLOCK_SAMPLES]
        heard += ears.hear(block, (start + len(block)) / EAR_RATE_HZ)
    heard += ears.flush()
    return tuple(earlier(one, LEAD_SECONDS, len(samples) / EAR_RATE_HZ) for one in heard)


def earlier(heard: Heard, seconds: float, length_seconds: float) -> Heard:
    """What was heard, so many seconds earlier. Its words are kept within the recording; its
    decision may fall later.
    """
    start = min(max(heard.start_seconds - seconds, 0.0), length_seconds)
    end = min(max(heard.end_seconds - seconds, start), length_seconds)
    return replace(
        heard,
        start_seconds=start,
        end_seconds=end,
        decided_seconds=max(heard.decided_seconds - seconds, end),
    )
