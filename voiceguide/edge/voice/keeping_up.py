"""Finds out by a few sentences whether this machine renders a voice as fast as it speaks."""

import time
from collections.abc import Callable, Iterable
from typing import Protocol, runtime_checkable

from voiceguide.sound.clip import Clip

TRIED = 3
"""How many sentences are rendered. The first is not counted, for it waits for the engine's
start."""
MOST = 0.9
"""From so many seconds of rendering for a second of speech on, waits are heard between sentences:
there are strokes and pauses to render in, but ears and mixer need the processor as well."""


@runtime_checkable
class Renderer(Protocol):
    """A voice that renders what it has not rendered before."""

    @property
    def is_piper(self) -> bool:
        """Whether it is a Piper voice, which a small machine may be too slow for."""

    def render(self, text: str, words_per_minute: int) -> Clip:
        """The sentence as sound; raises SpeechError."""

    def is_ready(self, text: str, words_per_minute: int) -> bool:
        """Whether it is rendered already."""


def slowness(
    voice: object,
    texts: Iterable[str],
    words_per_minute: int,
    clock: Callable[[], float] = time.monotonic,
) -> str:
    """Tell that a voice is too slow for this machine, and what helps; empty where it keeps up, or
    where little is left to render. Sentences are rendered to find out.

    Args:
        texts: all that the session can say, what is needed soonest first.
        clock: seconds.

    Raises:
        SpeechError: a sentence cannot be spoken.
    """
    if not (isinstance(voice, Renderer) and voice.is_piper):
        return ""
    missing = [text for text in texts if not voice.is_ready(text, words_per_minute)]
    factors = []
    for text in missing[:TRIED]:
        began = clock()
        clip = voice.render(text, words_per_minute)
        factors.append((clock() - began) / max(clip.seconds, 0.1))
    # The quickest counts: whatever else the machine did meanwhile is not the voice's fault.
    factor = min(factors[1:], default=0.0)
    if factor < MOST:
        return ""
    # With all that renders packs, which few starts need.
    from voiceguide.edge.voice.rendering import estimated_minutes

    minutes = estimated_minutes(missing[TRIED:]) * 150 / words_per_minute * factor
    return (
        f"this machine takes {factor:.1f} s to render a second of this voice, so there will be "
        "waits between sentences; render them beforehand with: voiceguide voices render ROUTINE "
        f"--voice NAME (here in about {_minutes(minutes)}, sooner on a PC, with --out), or "
        "take the voice engine"
    )


def _minutes(minutes: float) -> str:
    whole = max(1, round(minutes))
    return f"{whole} minutes" if whole > 1 else "a minute"
