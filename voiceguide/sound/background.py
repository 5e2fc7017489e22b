"""A quiet background behind everything: a recording in a loop, or voiceguide's own drone.

It fades in, sinks under the guide's sentences and fades out. It follows the timeline in bins of
10 ms, so that blocks of any size give the same samples.
"""

from collections.abc import Callable

import numpy as np

from voiceguide.core.rates import HOP_SECONDS
from voiceguide.sound.clip import Samples

LEVEL_DBFS = -42.0
"""RMS of the background while nobody speaks: 16 dB or so below the guide's sentences."""
UNDER_SPEECH_DB = -10.0
FALL_SECONDS = 0.25
"""It begins to sink this long before a sentence, and takes about as long to do so."""
RISE_SECONDS = 1.2
END_SECONDS = 1.5
CROSSFADE_SECONDS = 2.0
"""For how long the end of a recording is faded into its beginning; at most a quarter of it."""
DRONE_SECONDS = 24.0
DRONE_HZ = ((110.0, 1.0), (164.75, 0.6), (220.25, 0.45), (329.5, 0.25), (440.0, 0.12))
"""The partials A, E, A, E, A with their levels; each beats with a copy a fraction of a hertz
away."""
BEAT_HZ = 1 / 12


class Background:
    """A background that the mixer adds to its output.

    Args:
        loop: mono samples at the mixer's rate whose end fits their beginning.
    """

    def __init__(self, loop: Samples, sample_rate_hz: int) -> None:
        level = float(np.sqrt(np.mean(np.square(loop, dtype=np.float64)))) if len(loop) else 0.0
        if not np.isfinite(level) or level <= 0:
            raise ValueError("a background must not be silent")
        self._loop = (loop * (10 ** (LEVEL_DBFS / 20) / level)).astype(np.float32)
        self._bin = max(1, round(HOP_SECONDS * sample_rate_hz))
        self._ahead = round(FALL_SECONDS * sample_rate_hz)
        self._low = 10 ** (UNDER_SPEECH_DB / 20)
        self._gain = 0.0
        self._next = 0.0
        """These two are the gain at the beginning and at the end of the present bin."""
        self._ending = False

    @property
    def is_leaving(self) -> bool:
        """Whether it is fading out."""
        return self._ending and not self.is_over

    @property
    def is_over(self) -> bool:
        """Whether it has faded out."""
        return self._ending and self._gain <= 0 and self._next <= 0

    def go_on(self, wanted: bool) -> None:
        """Fade in, or fade out within a second and a half."""
        self._ending = not wanted

    def add(self, out: Samples, start: int, is_spoken: Callable[[int, int], bool]) -> None:
        """Add it to ``out``, which begins at position ``start``.

        Args:
            is_spoken: tells whether a sentence sounds between two positions.
        """
        done = 0
        while done < len(out):
            at = start + done
            into = at % self._bin
            if into == 0:
                self._gain = self._next
                self._next = self._following(is_spoken(at, at + self._bin + self._ahead))
            count = min(self._bin - into, len(out) - done)
            along = (into + np.arange(count, dtype=np.float32)) / self._bin
            gains = self._gain + (self._next - self._gain) * along
            samples = np.take(self._loop, np.arange(at, at + count), mode="wrap")
            out[done : done + count] += samples * gains
            done += count

    def _following(self, spoken: bool) -> float:
        target = 0.0 if self._ending else self._low if spoken else 1.0
        if target < self._gain:
            seconds = END_SECONDS if self._ending else FALL_SECONDS
            return max(target, self._gain - HOP_SECONDS / seconds)
        return min(target, self._gain + HOP_SECONDS / RISE_SECONDS)


def drone(sample_rate_hz: int) -> Samples:
    """A quiet chord that slowly swells and sinks, as a loop: it holds whole periods of every
    partial.
    """
    times = np.arange(round(DRONE_SECONDS * sample_rate_hz)) / sample_rate_hz
    sound = np.zeros(len(times))
    for number, (hz, level) in enumerate(DRONE_HZ):
        for copy, aside in enumerate((0.0, BEAT_HZ * (1 + number % 2))):
            turns = round((hz + aside) * DRONE_SECONDS) / DRONE_SECONDS
            sound += level * np.sin(2 * np.pi * (turns * times + 0.37 * number + 0.5 * copy))
    return np.asarray(sound / np.abs(sound).max(), dtype=np.float32)


def seamless(samples: Samples, sample_rate_hz: int) -> Samples:
    """A recording as a loop: its end is faded into its beginning at equal power."""
    fade = min(round(CROSSFADE_SECONDS * sample_rate_hz), len(samples) // 4)
    turn = np.linspace(0.0, np.pi / 2, fade, dtype=np.float32)
    loop = np.array(samples[: len(samples) - fade], dtype=np.float32)
    loop[:fade] = loop[:fade] * np.sin(turn) + samples[len(samples) - fade :] * np.cos(turn)
    return loop
