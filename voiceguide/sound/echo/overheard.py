"""Tells the ears what of the guide can be heard in a block."""

from voiceguide.core.decision.guide_sound import Sounding, SpokenWord
from voiceguide.sound.echo.cleaner import Front
from voiceguide.sound.mixer import Mixer

ECHO_SECONDS = 0.25
"""What was played this long before the end of a block may be heard in it, by buffers and room."""
SPREAD_SECONDS = 0.15
"""The guide's words may be heard this much earlier or later than their times: the room rings, and
neither the voice's nor the recogniser's times are exact."""
UNKNOWN_DELAY_SECONDS = (0.0, 0.3)
"""The shortest and longest delay of its words, while the delay is not known."""


def sounding(mixer: Mixer, end_seconds: float, front: Front | None) -> Sounding:
    """What of the guide can be heard in a block.

    Args:
        end_seconds: when the block ends, on the output timeline.
        front: knows the echo; None where nothing is known of it.
    """
    rate = mixer.sample_rate_hz
    first = max(0, round((end_seconds - ECHO_SECONDS) * rate))
    level = mixer.playing_db(first, max(0, round(end_seconds * rate)))
    delay = front.delay_seconds if front else None
    soonest, latest = UNKNOWN_DELAY_SECONDS if delay is None else (delay, delay)
    words = tuple(
        SpokenWord(
            word.text,
            word.start_seconds + soonest - SPREAD_SECONDS,
            word.end_seconds + latest + SPREAD_SECONDS,
        )
        for word in mixer.words_until(mixer.position)
    )
    return Sounding(
        level_dbfs=level,
        softened_db=mixer.softened_db,
        words=words,
        cleared_db=front.cleared_db if front else 0.0,
        trusted=front is not None and front.trusted,
    )
